/* The stores that the contract suite runs over. A second kind of store joins by
 * one more row in makers[]. */
#ifndef BIHUAN_TESTS_STORE_MAKER_H
#define BIHUAN_TESTS_STORE_MAKER_H

#include <setjmp.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "daemon/store/store.h"

struct store_maker {
    const char *name;
    bool durable;                          /* is there after the last close */
    void (*place)(char *out, size_t size); /* a fresh path for store_open() */
    void (*clear)(const char *path);
};

extern const struct store_maker makers[];
extern const int n_makers;

/* What one test has: a new store, open for writing. */
struct world {
    const struct store_maker *maker;
    char path[512];
    struct store *s;
    instant now;
};

int world_setup(void **state); /* *state: the maker, by initial_state */
int world_teardown(void **state);

/* Runs the tests once over each maker. */
int run_over_makers(const char *suite, const struct CMUnitTest *tests,
                    size_t n);

/* -- short words for what tests do ------------------------------------------
 */
/* Opens a record at w->now by "tester". */
int64_t open_record(struct world *w, const char *method, ticket_id ticket);
int64_t close_record(struct world *w);
void begin(struct world *w);
void commit(struct world *w);
/* A ticket with one lead dispatch and two clocks, saved in the open record. */
struct ticket_row new_ticket(struct world *w, const char *ref);
/* begin, record, ticket, commit. */
struct ticket_row file_ticket(struct world *w, const char *ref);
/* Two records more: its dispatch is accepted; it is resolved, and late. */
void accept_and_resolve(struct world *w, struct ticket_row *row);
int64_t count(struct store *s, const char *sql);
/* Runs SQL behind the store's back on a connection of its own (files only). */
void tamper(struct world *w, const char *sql);

#endif
