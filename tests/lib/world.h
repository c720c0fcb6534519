/* The daemon's commands without its sockets and threads: a store in memory, a
 * clock that the test sets, commands as method and parameters in JSON. Writes
 * run one a transaction on the writer, reads on a reader's snapshot, as the
 * engine does it. */
#ifndef BIHUAN_TESTS_WORLD_H
#define BIHUAN_TESTS_WORLD_H

#include <jansson.h>

#include "daemon/commands/call.h"
#include "daemon/gate/policy.h"

struct world {
    struct store *writer;
    struct store *reader;
    struct rulebook *book;
    instant now;
    json_t *result; /* of the last command, owned */
    int64_t seq;    /* of the last write */
    struct problem problem;
    char path[64];           /* of the store in memory */
    struct uploads *uploads; /* NULL before world_files() */
    char data[64];           /* the folder that they are in */
    struct policy policy;    /* the defaults, with cheap hashes */
    const char *source;      /* where requests come from, NULL: inside */
};

/* A seeded store at that instant ("2026-11-02T09:00:00+08:00"). */
void world_open(struct world *w, const char *now);
void world_close(struct world *w);

/* Makes a data folder for files, which goes with the world. */
void world_files(struct world *w);

/* Runs a command: `as` NULL is the operator; single quotes in `params` stand
 * for double ones. Fails the test when the parameters do not pass the table's
 * check, unless want_check is what that check answers. */
enum err world_try(struct world *w, const char *as, const char *method,
                   const char *params);
/* The same of who shows a token (NULL: none), as a request from outside. */
enum err world_try_token(struct world *w, const char *token, const char *method,
                         const char *params);
/* world_try(), and it must succeed. */
void world_do(struct world *w, const char *as, const char *method,
              const char *params);
/* world_do() with a format. */
void world_dof(struct world *w, const char *as, const char *method,
               const char *format, ...);

/* Sets the clock and fires what is due by then, as the timer would. */
void world_at(struct world *w, const char *now);
/* Sets the clock and fires nothing: downtime. */
void world_sleep(struct world *w, const char *now);
int world_fire(struct world *w);

/* Of the last result: a member's text ("" if null), number, a table's cell. */
const char *world_text(const struct world *w, const char *member);
int64_t world_int(const struct world *w, const char *member);
json_t *world_rows(const struct world *w, const char *table);
const char *world_cell(const struct world *w, const char *table, size_t row,
                       const char *column);
int64_t world_cell_int(const struct world *w, const char *table, size_t row,
                       const char *column);
/* One number from the writer, by a query. */
int64_t world_count(struct world *w, const char *sql);

/* The journal's chain and its fold are what the tables hold. */
void world_verify(struct world *w);

/* A small county: chain "boat" with committee "boatdw" (dispatcher dp) and
 * enterprises E1 (contact qy1, guide zdy) and, of no chain, E2 (contact qy2),
 * office "zhb" (dispatcher zd) and "dcs" (supervisor sup), departments a, b, c
 * (heads a1, b1, c1; handlers a2, b2, c2). */
#define E1 "91330921MA2B000014"
#define E2 "91330921MA2B000022"
void world_county(struct world *w);

#endif
