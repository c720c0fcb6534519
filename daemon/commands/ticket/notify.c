/* From who is to be told (enum tell) to rows of notices: a unit by its id, the
 * handler to whom a dispatch is assigned beside it, guides, supervisors and who
 * is named on the ticket as people. Nobody is told twice of one move. */
#include "daemon/commands/ticket/apply.h"
#include "daemon/store/outbox.h"
#include "daemon/store/registry.h"

/* Every open dispatch with its handler, and the people of the statements. */
enum {
    TARGETS_MAX = 2 * DISPATCHES_MAX + 64
};

struct targets {
    int n;
    register_id ids[TARGETS_MAX];
};

static void add(struct targets *targets, register_id id)
{
    for (int i = 0; i < targets->n; i++) {
        if (targets->ids[i] == id) {
            return;
        }
    }
    if (id != 0 && targets->n < TARGETS_MAX) {
        targets->ids[targets->n++] = id;
    }
}

static enum err add_rows(struct store *s, enum statement statement,
                         register_id of, struct targets *targets)
{
    struct cell bind = cell_int("", of);
    struct rows rows;
    enum err err = rows_begin(s, statement, &bind, of != 0 ? 1 : 0, &rows);
    while (err == OK && rows_next(&rows)) {
        add(targets, rows_int(&rows, 0));
    }
    return err == OK ? rows_end(&rows) : err;
}

static void add_dispatch(const struct dispatch *d, struct targets *targets)
{
    if (d != NULL) {
        add(targets, d->unit);
        add(targets, d->handler);
    }
}

static void add_units(const struct ticket *t, struct targets *targets)
{
    for (int32_t i = 0; i < t->n_dispatches; i++) {
        if (dispatch_at_work(&t->dispatches[i])) {
            add_dispatch(&t->dispatches[i], targets);
        }
    }
}

/* Those whom the register and the ticket name. */
static enum err add_people(const struct work *w, struct targets *targets)
{
    const struct ticket *t = &w->outcome.after;
    uint32_t tell = w->outcome.tell;
    enum err err = OK;
    if ((tell & TELL_GUIDE) != 0) {
        err = add_rows(w->store, STMT_GUIDES, t->enterprise, targets);
    }
    if (err == OK && (tell & TELL_SUPERVISOR) != 0) {
        err = add_rows(w->store, STMT_NAMED_PEOPLE, t->id, targets);
    }
    if (err == OK && (tell & TELL_SUPERVISOR) != 0) {
        err = add_rows(w->store, STMT_SUPERVISORS, 0, targets);
    }
    return err;
}

static enum err collect(const struct work *w, struct targets *targets)
{
    const struct ticket *t = &w->outcome.after;
    uint32_t tell = w->outcome.tell;
    if ((tell & TELL_ENTERPRISE) != 0) {
        add(targets, t->enterprise);
    }
    if ((tell & TELL_DISPATCHER) != 0) {
        add(targets, t->dispatcher);
    }
    if ((tell & TELL_UNIT) != 0) {
        add_dispatch(ticket_dispatch(t, w->outcome.dispatch), targets);
    }
    if ((tell & TELL_LEAD) != 0) {
        add_dispatch(ticket_lead(t), targets);
    }
    if ((tell & TELL_UNITS) != 0) {
        add_units(&w->row.ticket, targets);
    }
    for (int i = 0; i < w->n_also; i++) {
        add(targets, w->also[i]);
    }
    return add_people(w, targets);
}

enum err notify_one(const struct work *w, ticket_id ticket, register_id target,
                    int64_t seq)
{
    bool escalates = w->event.type == EV_ESCALATE;
    struct delivery delivery = {.notice =
                                    store_next_id(w->store, TABLE_NOTICE)};
    struct cell cells[] = {
        cell_int("id", delivery.notice),
        cell_int("ticket", ticket),
        cell_int("target", target),
        cell_int("event", w->event.type),
        escalates ? cell_int("does", w->outcome.does) : cell_null("does"),
        w->event.clock != 0 ? cell_int("clock", w->event.clock)
                            : cell_null("clock"),
        cell_int("at", w->event.at),
        cell_int("seq", seq),
    };
    enum err err = store_put(w->store, TABLE_NOTICE, cells,
                             (int)(sizeof cells / sizeof cells[0]));
    return err == OK ? outbox_post(w->store, &delivery, target, w->event.at)
                     : err;
}

enum err notify_outcome(const struct work *w, int64_t seq)
{
    struct targets targets = {.n = 0};
    if (w->outcome.tell == 0 && w->n_also == 0) {
        return OK;
    }
    enum err err = collect(w, &targets);
    for (int i = 0; err == OK && i < targets.n; i++) {
        err = notify_one(w, w->outcome.after.id, targets.ids[i], seq);
    }
    return err;
}
