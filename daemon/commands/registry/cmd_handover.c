/* person.handover (交接): all that waits for a person waits for another. The
 * register changes in the first record, each ticket in one of its own; after a
 * stride of tickets the answer says done:false and the client asks again. A
 * line of history hands over the tickets of the import, and all of them. */
#include "daemon/commands/access.h"
#include "daemon/commands/account/administrator.h"
#include "daemon/commands/registry/handover.h"
#include "daemon/commands/result.h"
#include "daemon/commands/rules/tally.h"
#include "daemon/commands/ticket/deadlines.h"

struct item {
    ticket_id ticket;
    int64_t n;    /* dispatch, or duty */
    int64_t more; /* its unit, or the number of the name's row */
};

/* At most as many as are left of the stride. */
static enum err items(struct call *c, const struct handover *h,
                      enum statement statement, struct item list[HANDOVER_MAX],
                      int *ret_n)
{
    struct cell binds[] = {cell_int("", h->from.id), cell_int("", h->left),
                           cell_int("", c->imported)};
    struct rows rows;
    int n = 0;
    enum err err = rows_begin(c->store, statement, binds, 3, &rows);
    if (err != OK) {
        return err;
    }
    while (n < HANDOVER_MAX && rows_next(&rows)) {
        list[n++] = (struct item){rows_int(&rows, 0), rows_int(&rows, 1),
                                  rows_int(&rows, 2)};
    }
    *ret_n = n;
    return rows_end(&rows);
}

/* -- names on tickets --------------------------------------------------------
 */

static enum err put_name(struct call *c, const struct handover *h,
                         const struct item *item)
{
    struct cell ended[] = {
        cell_int("ticket", item->ticket), cell_int("duty", item->n),
        cell_int("from_seq", item->more), cell_int("to_at", c->at),
        cell_int("to_seq", c->seq),
    };
    struct cell begun[] = {
        cell_int("ticket", item->ticket), cell_int("duty", item->n),
        cell_int("from_seq", c->seq),     cell_int("person", h->to.id),
        cell_int("from_at", c->at),
    };
    enum err err = store_put(c->store, TABLE_TICKET_PERSON, ended, 5);
    return err == OK ? store_put(c->store, TABLE_TICKET_PERSON, begun, 5) : err;
}

static enum err give_name(struct call *c, struct handover *h,
                          const struct item *item)
{
    struct work w;
    enum err err = deadlines_next_record(c, item->ticket, &w);
    if (err == OK && w.row.ticket.state == TICKET_ARCHIVED) {
        return OK; /* of history, its clocks ended it before */
    }
    if (err == OK) {
        w.event.type = EV_LEADERS;
        w.also[w.n_also++] = h->to.id;
        err = work_step(c, &w);
    }
    h->names++;
    return err == OK ? put_name(c, h, item) : err;
}

/* -- dispatches --------------------------------------------------------------
 */

static enum err works_in(struct call *c, const struct handover *h,
                         register_id unit)
{
    struct entry entry;
    bool works = false;
    uint32_t roles = ROLE_BIT(ROLE_HEAD) | ROLE_BIT(ROLE_HANDLER);
    enum err err = access_works_in(c->store, h->to.id, roles, unit, &works);
    if (err != OK || works) {
        return err;
    }
    err = registry_by_id(c->store, unit, &entry);
    return err == OK
               ? refuse(c, ERR_BLOCKED, "to",
                        "a head or handler of the same unit, or posts=true",
                        entry.code)
               : err;
}

/* Asked before anything is changed of a ticket. */
static enum err works_in_all(struct call *c, const struct handover *h)
{
    struct cell bind = cell_int("", h->from.id);
    struct rows rows;
    enum err err = rows_begin(c->store, STMT_ASSIGNED_UNITS, &bind, 1, &rows);
    if (err != OK) {
        return err;
    }
    while (err == OK && rows_next(&rows)) {
        err = works_in(c, h, rows_int(&rows, 0));
    }
    enum err end = rows_end(&rows);
    return err == OK ? end : err;
}

/* A ticket that went back to its dispatcher knows no assigning, and yet a
 * co-handler may be at work on it; nor does what is resolved, which a rework
 * brings back to the lead's handler. */
static enum err put_handler(struct call *c, struct work *w, int64_t n,
                            register_id to)
{
    w->after = w->row;
    for (int32_t i = 0; i < w->after.ticket.n_dispatches; i++) {
        struct dispatch *d = &w->after.ticket.dispatches[i];
        d->handler = d->n == n ? to : d->handler;
    }
    return ticket_save(c->store, &w->row, &w->after, c->at);
}

static enum err give_dispatch(struct call *c, struct handover *h,
                              const struct item *item)
{
    struct work w;
    enum err err = deadlines_next_record(c, item->ticket, &w);
    if (err == OK) {
        w.event.type = EV_ASSIGN;
        w.event.dispatch = (int32_t)item->n;
        w.event.person = h->to.id;
        err = work_step(c, &w);
    }
    if (err == ERR_BAD_STATE) {
        c->problem = (struct problem){.err = OK};
        err = put_handler(c, &w, item->n, h->to.id);
    }
    h->dispatches++;
    return err;
}

/* -- the stride --------------------------------------------------------------
 */

static enum err
give(struct call *c, struct handover *h, enum statement statement,
     enum err (*one)(struct call *, struct handover *, const struct item *))
{
    struct item list[HANDOVER_MAX];
    int n = 0;
    enum err err = items(c, h, statement, list, &n);
    for (int i = 0; err == OK && i < n; i++) {
        err = one(c, h, &list[i]);
    }
    h->left -= n;
    return err;
}

static enum err read_handover(struct call *c, struct handover *h)
{
    const struct value *posts = arg(c, "posts");
    *h = (struct handover){.posts = posts->given && posts->number != 0};
    enum err err = named_person(c, "code", &h->from);
    if (err == OK) {
        err = named_person(c, "to", &h->to);
    }
    if (err == OK && h->from.id == h->to.id) {
        err = refuse(c, ERR_BAD_PARAM, "to", "another person", h->to.code);
    }
    if (err == OK && h->posts) {
        err = administrator_none(c, "code", &h->from);
    }
    return err == OK ? administrator_none(c, "to", &h->to) : err;
}

static enum err write_result(struct call *c, const struct handover *h)
{
    bool done = h->left > 0;
    struct tally whole = {
        .from = h->from.id,
        .to = h->to.id,
        .n = {h->posts_moved, h->enterprises, h->names, h->dispatches}};
    enum err err = tally_whole(c, &whole, done);
    if (err != OK) {
        return err;
    }
    c->result = json_object();
    json_object_set_new(c->result, "done", json_boolean(done));
    json_object_set_new(c->result, "code", json_string(h->from.code));
    json_object_set_new(c->result, "to", json_string(h->to.code));
    json_object_set_new(c->result, "posts", json_integer(whole.n[0]));
    json_object_set_new(c->result, "enterprises", json_integer(whole.n[1]));
    json_object_set_new(c->result, "names", json_integer(whole.n[2]));
    json_object_set_new(c->result, "dispatches", json_integer(whole.n[3]));
    return OK;
}

static enum err stride(struct call *c, struct handover *h)
{
    h->left = HANDOVER_MAX;
    enum err err = handover_register(c, h);
    if (err == OK) {
        err = works_in_all(c, h);
    }
    if (err == OK) {
        err = give(c, h, STMT_NAMED_OPEN, give_name);
    }
    if (err == OK) {
        err = give(c, h, STMT_ASSIGNED_TO, give_dispatch);
    }
    return err == OK ? give(c, h, STMT_RESOLVED_BY, give_dispatch) : err;
}

enum err cmd_person_handover(struct call *c)
{
    struct handover h;
    enum err err = read_handover(c, &h);
    if (err != OK) {
        return err;
    }
    do {
        err = stride(c, &h);
    } while (err == OK && c->imported && h.left == 0);
    return err == OK ? write_result(c, &h) : err;
}
