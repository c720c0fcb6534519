/* One ticket of the small county (lib/world.h), moved and looked at: what the
 * tests of the verbs have in common. */
#ifndef BIHUAN_TESTS_MOVES_H
#define BIHUAN_TESTS_MOVES_H

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "lib/world.h"

#define DAY(d) "2026-11-" d "T00:00:00+08:00"

static char number[TICKET_TEXT_SIZE];

static inline void file(struct world *w, const char *as, const char *more)
{
    world_dof(w, as, "ticket.file",
              "{'title':'贷款续贷','text':'请协调','category':'financing'%s}",
              more);
    snprintf(number, sizeof number, "%s", world_text(w, "number"));
}

/* Monday, 2 November 2026, nine o'clock; qy1 has filed 20261102-001. */
static inline void begin(struct world *w)
{
    world_open(w, "2026-11-02T09:00:00+08:00");
    world_county(w);
    file(w, "qy1", "");
}

static inline void move(struct world *w, const char *as, const char *method,
                        const char *more)
{
    world_dof(w, as, method, "{'ticket':'%s'%s}", number, more);
}

static inline enum err attempt(struct world *w, const char *as,
                               const char *method, const char *more)
{
    char params[1024];
    snprintf(params, sizeof params, "{'ticket':'%s'%s}", number, more);
    return world_try(w, as, method, params);
}

static inline void dispatch(struct world *w, const char *unit, const char *more)
{
    char params[512];
    snprintf(params, sizeof params, ",'unit':'%s','measure':'现场协调'%s", unit,
             more);
    move(w, "dp", "ticket.dispatch", params);
}

/* -- looking, as the supervisor ----------------------------------------------
 */

static inline void show(struct world *w)
{
    move(w, "sup", "ticket.show", "");
}

static inline void expect_state(struct world *w, const char *state)
{
    show(w);
    assert_string_equal(world_text(w, "state"), state);
}

/* The column of the latest clock of that kind and dispatch (0: the ticket's
 * own), after show(). */
static inline const char *clock_cell(struct world *w, const char *kind,
                                     int64_t dispatch, const char *column)
{
    for (size_t i = json_array_size(world_rows(w, "clocks")); i > 0; i--) {
        bool same =
            strcmp(world_cell(w, "clocks", i - 1, "clock"), kind) == 0 &&
            world_cell_int(w, "clocks", i - 1, "dispatch") == dispatch;
        if (same) {
            return world_cell(w, "clocks", i - 1, column);
        }
    }
    fail_msg("no clock %s of dispatch %d", kind, (int)dispatch);
    return "";
}

static inline int64_t clock_number(struct world *w, const char *kind)
{
    for (size_t i = json_array_size(world_rows(w, "clocks")); i > 0; i--) {
        if (strcmp(world_cell(w, "clocks", i - 1, "clock"), kind) == 0) {
            return world_cell_int(w, "clocks", i - 1, "n");
        }
    }
    fail_msg("no clock %s", kind);
    return 0;
}

static inline void expect_clock(struct world *w, const char *kind,
                                int64_t dispatch, const char *due,
                                const char *verdict)
{
    show(w);
    assert_string_equal(clock_cell(w, kind, dispatch, "due"), due);
    assert_string_equal(clock_cell(w, kind, dispatch, "verdict"), verdict);
}

/* How many notices that event has made for a unit or person, in all. */
static inline int64_t told(struct world *w, const char *code,
                           enum event_type event)
{
    char sql[256];
    snprintf(sql, sizeof sql,
             "SELECT count(*) FROM notice n WHERE n.event = %d AND n.target IN"
             " (SELECT id FROM register WHERE code = '%s')",
             (int)event, code);
    return world_count(w, sql);
}

/* The last line of the timeline, as that reader sees it. */
static inline const char *last(struct world *w, const char *as,
                               const char *column)
{
    move(w, as, "ticket.show", "");
    size_t n = json_array_size(world_rows(w, "timeline"));
    assert_true(n > 0);
    return world_cell(w, "timeline", n - 1, column);
}

/* Does the whole answer hold that text anywhere? */
static inline bool holds(const struct world *w, const char *text)
{
    char *bytes = json_dumps(w->result, JSON_COMPACT);
    assert_non_null(bytes);
    bool ret = strstr(bytes, text) != NULL;
    free(bytes);
    return ret;
}

#endif
