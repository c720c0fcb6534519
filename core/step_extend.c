/* An extension (延期) as an object: asked for before the due, decided whenever,
 * counted from the old due (design section 4). The joint meeting may extend
 * without being asked, and is not bound by what a dispatcher may grant. */
#include "core/step.h"

#include <stddef.h>

#include "core/clock.h"

/* What the event asks or grants. */
static struct limit wish(const struct move *m)
{
    if (m->ev->type == EV_EXTEND_GRANT && !m->ev->has_limit) {
        return m->target->extension;
    }
    return m->ev->limit;
}

/* No longer than one extension may be, counted like it from the old due. */
static enum err check_bound(const struct move *m, struct due old,
                            struct due due)
{
    const struct regulation *reg = m->rules->regulation;
    if (m->ev->imported || m->ev->type == EV_MEET_EXTEND ||
        reg->bounds.extension_max.unit == LIMIT_NONE) {
        return OK;
    }
    struct due bound;
    enum err err = calendar_extend(m->rules->calendar, &reg->worktime, old,
                                   reg->bounds.extension_max, &bound);
    if (err != OK) {
        return err;
    }
    return due.at > bound.at ? ERR_OUT_OF_BOUNDS : OK;
}

static enum err new_due(const struct move *m, struct due old, struct due *ret)
{
    struct limit limit = wish(m);
    if (limit.unit == LIMIT_NONE) {
        return ERR_OUT_OF_BOUNDS; /* to no due at all: nobody may */
    }
    struct due due;
    enum err err = calendar_extend(
        m->rules->calendar, &m->rules->regulation->worktime, old, limit, &due);
    if (err != OK) {
        return err;
    }
    if (due.at <= old.at) {
        return ERR_OUT_OF_BOUNDS;
    }
    err = check_bound(m, old, due);
    if (err == OK) {
        *ret = due;
    }
    return err;
}

/* The unit asks: in time, not too often, one at a time. */
static enum err check_ask(const struct move *m, const struct clock *c)
{
    const struct dispatch *d = m->target;
    const struct bounds *bounds = &m->rules->regulation->bounds;
    if (due_late(c->due, m->ev->at)) {
        return ERR_TOO_LATE;
    }
    if (!m->ev->imported && d->extensions >= bounds->extensions) {
        return ERR_LIMIT;
    }
    return d->extension.unit == LIMIT_NONE ? OK : ERR_EXISTS;
}

enum err step_check_extension(const struct move *m)
{
    if (m->target == NULL) {
        return ERR_BLOCKED; /* a meeting: nobody leads whose due could move */
    }
    const struct clock *c = step_main_clock(&m->out->after, m->target);
    if (step_dispatch_rule(m, m->target) == NULL || c == NULL ||
        c->due.at == INSTANT_NONE) {
        return ERR_BAD_STATE;
    }
    enum err err = OK;
    if (m->ev->type == EV_EXTEND_ASK) {
        err = check_ask(m, c);
    } else if (m->ev->type == EV_MEET_EXTEND && due_late(c->due, m->ev->at)) {
        err = ERR_TOO_LATE;
    }
    struct due due;
    return err == OK ? new_due(m, c->due, &due) : err;
}

/* The overall promise waits for a lead that was given more time, unless it was
 * broken before. */
static void extend_overall(const struct move *m, struct due due)
{
    struct ticket *t = &m->out->after;
    const struct clock *found = ticket_clock(t, CLOCK_OVERALL, 0);
    if (found != NULL && found->due.at != INSTANT_NONE &&
        found->due.at < due.at && !due_late(found->due, m->ev->at)) {
        clock_extend(m->rules, &t->clocks[found - t->clocks], due, m->ev->at);
    }
}

enum err step_extend(const struct move *m)
{
    struct clock *c = step_main_clock(&m->out->after, m->target);
    struct due due;
    enum err err = new_due(m, c->due, &due);
    if (err != OK) {
        return err;
    }
    clock_extend(m->rules, c, due, m->ev->at);
    if (m->ev->type != EV_MEET_EXTEND) {
        m->target->extensions++; /* a meeting's is not of the unit's asking */
    }
    if (m->target->kind == DISPATCH_LEAD) {
        extend_overall(m, due);
    }
    return OK;
}
