/* A ticket of the small county (lib/world.h) that is a whole, and its parts:
 * what the tests of both have in common. 2 November 2026 is a Monday; November
 * has no holidays. */
#ifndef BIHUAN_TESTS_WHOLE_H
#define BIHUAN_TESTS_WHOLE_H

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "lib/world.h"

#define WHOLE "20261102-001"
#define PART1 "20261102-002"
#define PART2 "20261102-003"
#define PART3 "20261102-004"

static inline void on(struct world *w, const char *as, const char *method,
                      const char *number, const char *more)
{
    world_dof(w, as, method, "{'ticket':'%s'%s}", number, more);
}

static inline enum err try_on(struct world *w, const char *as,
                              const char *method, const char *number,
                              const char *more)
{
    char params[1024];
    snprintf(params, sizeof params, "{'ticket':'%s'%s}", number, more);
    return world_try(w, as, method, params);
}

static inline void file(struct world *w, const char *as)
{
    world_do(w, as, "ticket.file",
             "{'title':'扩建厂房','text':'水电路','category':'financing'}");
}

static inline void begin(struct world *w)
{
    world_open(w, "2026-11-02T09:00:00+08:00");
    world_county(w);
    file(w, "qy1");
    assert_string_equal(world_text(w, "number"), WHOLE);
}

/* The whole in two parts: one sent to a, one not sent yet. */
static inline void begin_split(struct world *w)
{
    begin(w);
    on(w, "dp", "ticket.split", WHOLE,
       ",'title':'通水','text':'接入管网','unit':'a','measure':'勘察'"
       ",'limit':'3wd'");
    on(w, "dp", "ticket.split", WHOLE, ",'title':'通电'");
}

static inline void resolve(struct world *w, const char *number,
                           const char *unit)
{
    char who[8];
    snprintf(who, sizeof who, "%s2", unit);
    on(w, who, "ticket.accept", number, "");
    on(w, who, "ticket.resolve", number, ",'public':'已办'");
}

static inline void send(struct world *w, const char *number, const char *unit)
{
    char more[128];
    snprintf(more, sizeof more, ",'unit':'%s','measure':'办理'", unit);
    on(w, "dp", "ticket.dispatch", number, more);
}

static inline void finish(struct world *w)
{
    world_verify(w);
    world_close(w);
}

#endif
