/* Tickets of the small county (lib/world.h) whose dues move when the rules do:
 * what the tests of a notice and of a regulation have in common. Every due was
 * counted by hand; the days are written beside it. */
#ifndef BIHUAN_TESTS_CHANGE_H
#define BIHUAN_TESTS_CHANGE_H

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "lib/world.h"

/* 2027: Friday the 1st and Wednesday the 6th of January rest. Unpublished,
 * both work. */
#define NOTICE                                               \
    "{'year':2027,'papers':['p'],'days':["                   \
    "{'name':'元旦','date':'2027-01-01','isOffDay':true}," \
    "{'name':'休息','date':'2027-01-06','isOffDay':true}]}"

/* A ticket on Monday the 28th of December 2026, to unit a with 5 wd: 29, 30,
 * 31, 1, 4, so due on the 5th; under the notice 29, 30, 31, 4, 5, so on the
 * 6th. Accepted and answered at once: only finish and overall run on. */
static inline void send(struct world *w, const char *number, const char *more)
{
    world_do(w, "qy1", "ticket.file", "{'title':'x','category':'land'}");
    world_dof(w, "dp", "ticket.dispatch",
              "{'ticket':'%s','unit':'a','measure':'x'%s}", number, more);
    world_dof(w, "a1", "ticket.accept", "{'ticket':'%s'}", number);
    world_dof(w, "a1", "ticket.answer", "{'ticket':'%s','public':'x'}", number);
}

static inline void open_december(struct world *w)
{
    world_open(w, "2026-12-28T09:00:00+08:00");
    world_county(w);
}

/* The row of a table in which two columns have these values; -1: none. */
static inline int row_of(struct world *w, const char *table, const char *a,
                         const char *is_a, const char *b, const char *is_b)
{
    size_t n = json_array_size(world_rows(w, table));
    for (size_t i = 0; i < n; i++) {
        if (strcmp(world_cell(w, table, i, a), is_a) == 0 &&
            strcmp(world_cell(w, table, i, b), is_b) == 0) {
            return (int)i;
        }
    }
    return -1;
}

static inline void assert_change(struct world *w, const char *number,
                                 const char *clock, const char *old,
                                 const char *new)
{
    int row = row_of(w, "changes", "number", number, "clock", clock);
    if (row < 0) {
        fail_msg("%s %s does not change", number, clock);
    }
    size_t i = (size_t)row;
    assert_string_equal(world_cell(w, "changes", i, "old_due"), old);
    assert_string_equal(world_cell(w, "changes", i, "new_due"), new);
}

static inline void assert_due(struct world *w, const char *number,
                              const char *clock, const char *due)
{
    world_dof(w, "sup", "ticket.show", "{'ticket':'%s'}", number);
    size_t n = json_array_size(world_rows(w, "clocks"));
    while (n > 0 &&
           strcmp(world_cell(w, "clocks", n - 1, "clock"), clock) != 0) {
        n--;
    }
    assert_true(n > 0); /* the latest of that kind */
    assert_string_equal(world_cell(w, "clocks", n - 1, "due"), due);
}

#endif
