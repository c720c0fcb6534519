/* How often is too often: a bucket a name, which fills at a steady pace and
 * holds a burst. A table of fixed size: of more names than it holds, those not
 * seen for longest begin anew with a full bucket. */
#ifndef BIHUAN_DAEMON_GATE_RATES_H
#define BIHUAN_DAEMON_GATE_RATES_H

#include <stdbool.h>
#include <stdint.h>

enum {
    RATES_WAYS = 8,
    RATES_SETS = 512,
    RATES_UNIT = 60000 /* one request; a minute has so many milliseconds */
};

struct rates_slot {
    uint64_t name; /* 0: free */
    uint64_t at;   /* ms: when `left` was right */
    int64_t left;  /* units */
};

struct rates {
    int64_t pace;  /* units a millisecond, which is requests a minute */
    int64_t burst; /* units */
    struct rates_slot slots[RATES_SETS][RATES_WAYS];
};

void rates_init(struct rates *r, int64_t per_minute, int64_t burst);
/* Takes one. False: there is none; *ret_wait_s (from 1) till there is. */
bool rates_take(struct rates *r, uint64_t name, uint64_t now,
                int64_t *ret_wait_s);
/* Gives one back. */
void rates_return(struct rates *r, uint64_t name, uint64_t now);

/* A name that nobody can make to be another's; never 0. */
uint64_t rates_name(const char *text);

#endif
