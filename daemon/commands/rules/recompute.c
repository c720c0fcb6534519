/* Open tickets under other rules: see recompute.h. */
#include "daemon/commands/rules/recompute.h"

#include <assert.h>

#include "core/clock.h"
#include "daemon/commands/result.h"
#include "daemon/commands/rules/rulebook.h"

static_assert(CLOCKS_MAX <= 64, "a bit for each clock of a ticket");
static_assert(TICKET_ARCHIVED == 5 && TICKET_WITHDRAWN == 7 &&
                  TICKET_MERGED == 8,
              "as in STMT_TICKETS_TO_RECKON");

void reckoning_done(struct reckoning *r)
{
    replay_done(&r->past);
}

/* -- one clock ---------------------------------------------------------------
 */

static bool same_due(struct due a, struct due b)
{
    return a.at == b.at && a.by_day == b.by_day;
}

static bool same_limit(struct limit a, struct limit b)
{
    return a.unit == b.unit && a.n == b.n &&
           (a.unit != LIMIT_UNTIL || a.until == b.until);
}

static enum err plain_due(const struct rules *rules, const struct clock *c,
                          struct limit limit, struct due *ret)
{
    return calendar_due(rules->calendar, &rules->regulation->worktime, c->start,
                        limit, ret);
}

/* Most clocks were never moved: their first version says all, and the history
 * need not be read. */
static enum err is_plain(const struct reckoning *r, const struct work *w, int i,
                         bool *ret)
{
    const struct clock *c = &w->row.ticket.clocks[i];
    struct due due = {0};
    *ret = w->row.versions[i].v == 1 && c->run == CLOCK_RUNNING;
    enum err err = *ret ? plain_due(&r->old, c, c->limit, &due) : OK;
    *ret = *ret && same_due(due, c->due);
    return err;
}

/* What clock i comes to under the new rules with that limit. *ret_known: its
 * history comes to what it is due at, or *ret is what it is due at. */
static enum err due_of(struct reckoning *r, const struct work *w, int i,
                       struct limit limit, struct due *ret, bool *ret_known)
{
    const struct clock *c = &w->row.ticket.clocks[i];
    enum err err = is_plain(r, w, i, ret_known);
    if (err != OK || *ret_known) {
        return err == OK ? plain_due(&r->new, c, limit, ret) : err;
    }
    if (r->past.n == 0) {
        err = replay_load(w->store, w->row.ticket.id, &r->past);
    }
    struct due before = {0};
    if (err == OK) {
        err = replay_due(&r->past, &r->old, c->n, &before);
    }
    if (err == OK) {
        replay_limit(&r->past, c->n, limit);
        err = replay_due(&r->past, &r->new, c->n, ret);
        *ret_known = same_due(before, c->due) || same_due(*ret, c->due);
    }
    return err;
}

/* Gives it another due; what has fired stays so. */
static void set_due(const struct rules *rules, struct clock *c, struct due due)
{
    struct clock fresh = *c;
    clock_start(rules, &fresh, due);
    c->due = due;
    c->yellow = fresh.yellow;
    if (c->run == CLOCK_RUNNING) {
        clock_schedule(rules, c);
    }
}

/* -- another regulation -----------------------------------------------------
 */

static bool same_step(const struct step *a, const struct step *b)
{
    return a->when == b->when && a->does == b->does &&
           (a->when != STEP_FRACTION || a->num * b->den == b->num * a->den) &&
           (a->when != STEP_AFTER_RED || same_limit(a->after, b->after));
}

/* The steps of the new regulation that have fired as steps of the old one. */
static uint32_t fired_there(const struct reckoning *r, const struct clock *c)
{
    const struct regulation *old = r->old.regulation;
    const struct regulation *new = r->new.regulation;
    uint32_t fired = 0;
    for (int32_t i = 0; i < old->n_steps; i++) {
        for (int32_t j = 0; (c->fired >> i & 1U) != 0 && j < new->n_steps;
             j++) {
            if (same_step(&old->steps[i], &new->steps[j])) {
                fired |= UINT32_C(1) << j;
            }
        }
    }
    return fired;
}

static const struct dispatch *co_of(const struct ticket *t,
                                    const struct clock *c)
{
    const struct dispatch *d = ticket_dispatch(t, c->dispatch);
    return d != NULL && d->kind == DISPATCH_CO && c->kind == CLOCK_FINISH
               ? d
               : NULL;
}

static struct limit cell(const struct regulation *reg, const struct ticket *t,
                         const struct clock *c, int32_t category,
                         int32_t urgency)
{
    return co_of(t, c) != NULL ? reg->co[category][urgency]
                               : reg->limits[c->kind][category][urgency];
}

/* Is its limit what the regulation that it is pinned to says? */
static bool by_regulation(const struct reckoning *r, const struct ticket *t,
                          const struct clock *c)
{
    return same_limit(c->limit,
                      cell(r->old.regulation, t, c, t->category, t->urgency));
}

/* The limit that a clock has under the new regulation. */
static struct limit new_limit(const struct reckoning *r, const struct work *w,
                              const struct clock *c)
{
    const struct regulation *new = r->new.regulation;
    if (r->old.regulation == new || !by_regulation(r, &w->row.ticket, c)) {
        return c->limit;
    }
    return cell(new, &w->row.ticket, c,
                regulation_category(new, w->row.category),
                regulation_urgency(new, w->row.urgency));
}

/* Its steps have other numbers, so that those that fire from now on are of
 * another turn. */
static void move_clock(const struct reckoning *r, struct clock *c,
                       struct due due)
{
    uint32_t fired = fired_there(r, c);
    bool turns = c->fired != 0;
    c->fired = fired;
    if (turns) {
        clock_extend(&r->new, c, due, r->at);
    } else {
        set_due(&r->new, c, due);
    }
}

/* -- one ticket --------------------------------------------------------------
 */

/* What of a clock the new rules decide. */
static bool same_clock(const struct clock *a, const struct clock *b)
{
    return same_due(a->due, b->due) &&
           a->due.provisional == b->due.provisional && a->yellow == b->yellow &&
           a->next == b->next && a->next_step == b->next_step &&
           a->fired == b->fired && same_limit(a->limit, b->limit);
}

/* Nothing to reckon: no due and none to come, or an own limit, which another
 * regulation lets be. */
static bool stays(const struct reckoning *r, const struct work *w,
                  const struct clock *c, struct limit limit)
{
    if (!same_limit(limit, c->limit)) {
        return false;
    }
    bool moves = r->old.regulation != r->new.regulation;
    return c->due.at == INSTANT_NONE ||
           (moves && !by_regulation(r, &w->row.ticket, c));
}

/* What clock i then is due at, and by which limit. */
static enum err find_due(struct reckoning *r, const struct work *w, int i,
                         struct limit *ret_limit, struct due *ret_due)
{
    const struct clock *c = &w->row.ticket.clocks[i];
    struct limit limit = new_limit(r, w, c);
    bool known = true;
    *ret_limit = limit;
    *ret_due = c->due;
    if (stays(r, w, c, limit)) {
        return OK;
    }
    enum err err = due_of(r, w, i, limit, ret_due, &known);
    if (err == OK && !known) {
        r->kept |= UINT64_C(1) << i;
        *ret_limit = c->limit;
        *ret_due = c->due;
    }
    return err;
}

static enum err reckon_clock(struct reckoning *r, struct work *w, int i)
{
    struct clock *c = &w->after.ticket.clocks[i];
    const struct due was = c->due;
    struct due due;
    enum err err = find_due(r, w, i, &c->limit, &due);
    if (err != OK) {
        return err;
    }
    bool other = !same_due(due, was) || due.provisional != was.provisional;
    if (r->old.regulation != r->new.regulation) {
        move_clock(r, c, due);
    } else if (other) {
        set_due(&r->new, c, due);
    }
    if (other) {
        r->changed |= UINT64_C(1) << i;
    }
    return OK;
}

const char *reckon_missing(const struct work *w, const struct regulation *reg)
{
    if (regulation_category(reg, w->row.category) < 0) {
        return "category";
    }
    if (regulation_urgency(reg, w->row.urgency) < 0) {
        return "urgency";
    }
    return regulation_channel(reg, w->row.channel) < 0 ? "channel" : NULL;
}

enum err reckon(struct reckoning *r, struct work *w, bool *ret_any)
{
    r->changed = r->kept = 0;
    r->past.n = 0;
    w->after = w->row;
    bool any = false;
    enum err err = OK;
    for (int i = 0; err == OK && i < w->after.ticket.n_clocks; i++) {
        err = reckon_clock(r, w, i);
    }
    if (err == OK && w->row.held) {
        work_hold(&w->after.ticket);
    }
    for (int i = 0; i < w->after.ticket.n_clocks; i++) {
        any = any ||
              !same_clock(&w->row.ticket.clocks[i], &w->after.ticket.clocks[i]);
    }
    *ret_any = any;
    return err;
}

static int64_t count_bits(uint64_t bits)
{
    int64_t n = 0;
    for (; bits != 0; bits &= bits - 1) {
        n++;
    }
    return n;
}

void reckon_tally(const struct reckoning *r, const struct work *w,
                  struct reckoned *tally)
{
    enum light old = ticket_light(&w->row.ticket, r->at);
    enum light new = ticket_light(&w->after.ticket, r->at);
    tally->clocks += count_bits(r->changed);
    tally->kept += count_bits(r->kept);
    if (old == new) {
        return;
    }
    if (tally->changed++ < LIGHTS_LISTED_MAX && tally->lights != NULL) {
        json_t *row = table_row(tally->lights);
        row_number(row, w->row.ticket.id);
        row_text(row, light_name(old));
        row_text(row, light_name(new));
    }
}

enum err reckon_save(struct work *w, instant at)
{
    return ticket_save(w->store, &w->row, &w->after,
                       w->row.held ? w->row.ticket.last : at);
}

/* -- a stride ----------------------------------------------------------------
 */

static enum err one_ticket(struct call *c, struct recompute *r,
                           struct reckoning *reckoning, ticket_id id)
{
    struct work w;
    enum err err = work_load(c->store, r->new_book, id, &w);
    if (err != OK) {
        return err;
    }
    reckoning->new = w.rules;
    reckoning->old =
        (struct rules){w.rules.regulation,
                       rulebook_calendar(r->old_book, w.row.ticket.dispatcher)};
    bool any = false;
    err = reckon(reckoning, &w, &any);
    if (err == OK) {
        reckon_tally(reckoning, &w, &r->tally);
    }
    return err == OK && any ? reckon_save(&w, c->at) : err;
}

static enum err next_tickets(struct call *c, const struct recompute *r,
                             ticket_id *ids, int *ret_n)
{
    struct cell binds[] = {cell_int("", r->from), cell_int("", r->to),
                           cell_int("", r->last), cell_int("", r->organisation),
                           cell_int("", STRIDE_TICKETS)};
    struct rows rows;
    int n = 0;
    enum err err =
        rows_begin(c->store, STMT_TICKETS_TO_RECKON, binds, 5, &rows);
    if (err != OK) {
        return err;
    }
    while (n < STRIDE_TICKETS && rows_next(&rows)) {
        ids[n++] = rows_int(&rows, 0);
    }
    *ret_n = n;
    return rows_end(&rows);
}

enum err recompute_stride(struct call *c, struct recompute *r)
{
    ticket_id ids[STRIDE_TICKETS];
    struct reckoning reckoning = {.at = c->at};
    int n = 0;
    enum err err = next_tickets(c, r, ids, &n);
    for (int i = 0; err == OK && i < n; i++) {
        err = one_ticket(c, r, &reckoning, ids[i]);
        r->last = ids[i];
    }
    reckoning_done(&reckoning);
    r->done = n < STRIDE_TICKETS;
    return err;
}
