/* ticket.leaders: the three people whose name a ticket carries (领衔 领办 领责,
 * M6), each from when to when. */
#include "daemon/commands/access.h"
#include "daemon/commands/account/administrator.h"
#include "daemon/commands/registry/registry_put.h"
#include "daemon/commands/ticket/move.h"

static const char *const duties[DUTY_COUNT] = {"sponsor", "leader",
                                               "responsible"};

/* Who holds the duties now, and who is to. */
struct names {
    register_id now[DUTY_COUNT];
    int64_t from_seq[DUTY_COUNT]; /* the row of who holds it now */
    register_id then[DUTY_COUNT];
};

static enum err names_now(struct call *c, ticket_id id, struct names *ret)
{
    struct cell bind = cell_int("", id);
    struct rows rows;
    *ret = (struct names){.now = {0}};
    enum err err = rows_begin(c->store, STMT_TICKET_LEADERS, &bind, 1, &rows);
    if (err != OK) {
        return err;
    }
    while (rows_next(&rows)) {
        int64_t duty = rows_int(&rows, 0);
        ret->from_seq[duty] = rows_int(&rows, 1);
        ret->now[duty] = rows_int(&rows, 2);
        ret->then[duty] = ret->now[duty];
    }
    return rows_end(&rows);
}

/* Who works where the ticket complains of could not see it, but would be told
 * of it. */
static enum err unconcerned(struct call *c, const char *param,
                            const struct entry *person, register_id against)
{
    uint32_t workers = ROLE_BIT(ROLE_DISPATCHER) | ROLE_BIT(ROLE_HEAD) |
                       ROLE_BIT(ROLE_HANDLER) | ROLE_BIT(ROLE_LEADER);
    bool works = false;
    enum err err = OK;
    if (against != 0 && !c->imported) {
        err = access_works_in(c->store, person->id, workers, against, &works);
    }
    return err == OK && works
               ? refuse(c, ERR_FORBIDDEN, param,
                        "a person of another unit than the one complained of",
                        person->code)
               : err;
}

static enum err names_then(struct call *c, register_id against,
                           struct names *names)
{
    const struct value *end = arg(c, "end");
    enum err err = OK;
    bool any = end->given;
    for (int i = 0; err == OK && i < DUTY_COUNT; i++) {
        struct entry person;
        if (!arg(c, duties[i])->given) {
            continue;
        }
        any = true;
        err = named_person(c, duties[i], &person);
        if (err == OK) {
            err = unconcerned(c, duties[i], &person, against);
        }
        if (err == OK) {
            err = administrator_none(c, duties[i], &person);
        }
        names->then[i] = err == OK ? person.id : 0;
    }
    if (err != OK || !end->given) {
        return err == OK && !any
                   ? refuse(c, ERR_BAD_PARAM, "leader",
                            "whose name the ticket carries", "missing")
                   : err;
    }
    if (arg(c, duties[end->number])->given) {
        return refuse(c, ERR_BAD_PARAM, "end",
                      "a duty that is not given to somebody at once", "");
    }
    names->then[end->number] = 0;
    return OK;
}

static enum err put_end(struct call *c, ticket_id id, int duty,
                        int64_t from_seq)
{
    struct cell cells[] = {
        cell_int("ticket", id),         cell_int("duty", duty),
        cell_int("from_seq", from_seq), cell_int("to_at", c->at),
        cell_int("to_seq", c->seq),
    };
    return store_put(c->store, TABLE_TICKET_PERSON, cells, 5);
}

static enum err put_begin(struct call *c, ticket_id id, int duty,
                          register_id person)
{
    struct cell cells[] = {
        cell_int("ticket", id),       cell_int("duty", duty),
        cell_int("from_seq", c->seq), cell_int("person", person),
        cell_int("from_at", c->at),
    };
    return store_put(c->store, TABLE_TICKET_PERSON, cells, 5);
}

static enum err put_names(struct call *c, ticket_id id,
                          const struct names *names)
{
    enum err err = OK;
    for (int i = 0; err == OK && i < DUTY_COUNT; i++) {
        if (names->then[i] == names->now[i]) {
            continue;
        }
        if (names->now[i] != 0) {
            err = put_end(c, id, i, names->from_seq[i]);
        }
        if (err == OK && names->then[i] != 0) {
            err = put_begin(c, id, i, names->then[i]);
        }
    }
    return err;
}

/* Who is named now is told; so is whose name is taken off. */
static void tell(struct work *w, const struct names *names)
{
    for (int i = 0; i < DUTY_COUNT; i++) {
        if (names->then[i] == names->now[i]) {
            continue;
        }
        if (names->then[i] != 0) {
            w->also[w->n_also++] = names->then[i];
        }
        if (names->now[i] != 0) {
            w->also[w->n_also++] = names->now[i];
        }
    }
}

enum err cmd_ticket_leaders(struct call *c)
{
    struct work w;
    struct names names;
    enum err err = move_dispatcher(c, &w, EV_LEADERS, true);
    if (err == OK) {
        err = names_now(c, w.row.ticket.id, &names);
    }
    if (err == OK) {
        err = names_then(c, w.row.ticket.against, &names);
    }
    if (err == OK) {
        tell(&w, &names);
        err = move_finish(c, &w, NULL, 0);
    }
    return err == OK ? put_names(c, w.row.ticket.id, &names) : err;
}
