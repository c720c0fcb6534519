/* Two worlds that are to look the same to those who watch: non-interference.
 * What both do is done in both, what one alone does is what must not show; of
 * each reply to somebody who watches the bytes are compared, refusals too.
 *
 * In parameters `@3` is the third common ticket (`@0` one that only the second
 * world has; in the first the same words name nothing), `#4` the journal number
 * after the fourth common move, `&2` the second common meeting, and `<x|y>` is
 * x in the first world and y in the second; so is `^x|y^` if they are to
 * `differ`.
 *
 * Left out of the comparison, and nothing else (docs/access.md): the numbers of
 * common tickets, whose serials tell how many are filed a day; journal numbers
 * (seq, known, head, record), ids of notices and numbers of meetings, which
 * tell how much goes on in the county. */
#ifndef BIHUAN_TESTS_TWINS_H
#define BIHUAN_TESTS_TWINS_H

#include "lib/world.h"

enum {
    TWINS_TICKETS_MAX = 200,
    TWINS_MOVES_MAX = 4000,
    TWINS_MEETINGS_MAX = 100,
    TWINS_PARAMS = 2048
};

struct twins {
    struct world w[2];
    char tickets[TWINS_TICKETS_MAX][2][16];
    int n_tickets;
    char unseen[TWINS_TICKETS_MAX][16]; /* of the second world alone */
    int n_unseen;
    int64_t known[TWINS_MOVES_MAX][2];
    int n_known;
    int64_t meetings[TWINS_MEETINGS_MAX][2];
    int n_meetings;
    uint64_t random;
    bool differ;
    int at;       /* the common ticket that a course is about, 0: none */
    int compared; /* replies */
    int granted;  /* of them not refusals */
    int moved;    /* of the second world's own */
};

void twins_open(struct twins *t, uint64_t seed);
void twins_close(struct twins *t);

/* A number below n; the same walk for the same seed. */
int twins_below(struct twins *t, int n);

/* In both, and both must answer the same error or none. New tickets and
 * meetings get their numbers. */
enum err twins_both(struct twins *t, const char *as, const char *method,
                    const char *params);
/* In the second world alone. */
enum err twins_one(struct twins *t, const char *as, const char *method,
                   const char *params);
/* In both, and the replies must be the same; then the pages that follow. */
void twins_watch(struct twins *t, const char *as, const char *method,
                 const char *params);

/* The latest reply of a world without what is left out, as text that the caller
 * frees; a number that was `asked` for may stand in it. */
char *twins_reply(const struct twins *t, int world, const char *asked,
                  enum err err);

/* Both clocks forward. */
void twins_forward(struct twins *t, int64_t seconds);

#endif
