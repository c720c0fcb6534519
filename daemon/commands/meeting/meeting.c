/* What the commands of meetings have in common: see meeting.h. */
#include "daemon/commands/meeting/meeting.h"

#include <stdio.h>

#include "daemon/commands/access.h"
#include "daemon/commands/rules/rulebook.h"

enum err meeting_number(struct call *c, int64_t *ret)
{
    const struct value *value = arg(c, "meeting");
    *ret = value->number;
    if (value->number != 0) {
        return OK;
    }
    struct cell bind = cell_text("", value->text);
    struct rows rows;
    enum err err = rows_begin(c->store, STMT_MEETING_BY_REF, &bind, 1, &rows);
    if (err != OK) {
        return err;
    }
    *ret = rows_next(&rows) ? rows_int(&rows, 0) : 0;
    return rows_end(&rows);
}

/* Of history its office of that time is asked, below: not who sees it today. */
static enum err find(struct call *c, struct meeting *ret)
{
    struct cell binds[] = {c->imported ? cell_int("", 0) : access_bind(c),
                           cell_int("", 0)};
    struct rows rows;
    enum err err = meeting_number(c, &binds[1].number);
    if (err == OK) {
        err = rows_begin(c->store, STMT_MEETING_FIND, binds, 2, &rows);
    }
    if (err != OK) {
        return err;
    }
    bool there = rows_next(&rows);
    *ret = (struct meeting){.id = binds[1].number};
    if (there) {
        ret->office = rows_int(&rows, 0);
        ret->closed = rows_int_or(&rows, 1, INSTANT_NONE);
        ret->called = rows_int(&rows, 2);
        ret->imported = rows_int(&rows, 3) != 0;
    }
    err = rows_end(&rows);
    return err != OK || there ? err
                              : refuse(c, ERR_NOT_FOUND, "meeting", "", "");
}

static enum err in_history(struct call *c, const struct meeting *m)
{
    char at[INSTANT_TEXT_SIZE];
    if (!m->imported) {
        return refuse(c, ERR_FORBIDDEN, "meeting", "a meeting made by import",
                      "this meeting is a live one");
    }
    return c->at >= m->called ? OK
                              : refuse(c, ERR_OUT_OF_ORDER, "at",
                                       "not before what it changes came to be",
                                       instant_format(m->called, at));
}

enum err meeting_begin(struct call *c, struct meeting *ret)
{
    char at[INSTANT_TEXT_SIZE];
    enum err err = find(c, ret);
    if (err == OK && c->imported) {
        err = in_history(c, ret);
    }
    if (err != OK) {
        return err;
    }
    if (!access_post(&c->actor, ROLE_BIT(ROLE_DISPATCHER), ret->office)) {
        return refuse(c, ERR_FORBIDDEN, "",
                      "a dispatcher of the unit that calls the meeting", "");
    }
    return ret->closed == INSTANT_NONE
               ? OK
               : refuse(c, ERR_BAD_STATE, "meeting", "a meeting that goes on",
                        instant_format(ret->closed, at));
}

enum err meeting_units(struct call *c, int64_t id, register_id *ret, int *ret_n)
{
    struct cell bind = cell_int("", id);
    struct rows rows;
    int n = 0;
    enum err err = rows_begin(c->store, STMT_MEETING_UNITS, &bind, 1, &rows);
    if (err != OK) {
        return err;
    }
    while (n < MEETING_UNITS_MAX && rows_next(&rows)) {
        ret[n++] = rows_int(&rows, 0);
    }
    *ret_n = n;
    return rows_end(&rows);
}

enum err meeting_invite(struct call *c, int64_t id, register_id unit, int n)
{
    if (n >= MEETING_UNITS_MAX) {
        return refuse(c, ERR_LIMIT, "meeting", "at most 32 invited units", "");
    }
    struct cell cells[] = {
        cell_int("meeting", id),
        cell_int("unit", unit),
        cell_int("from_seq", c->seq),
    };
    return store_put(c->store, TABLE_MEETING_UNIT, cells, 3);
}

const char *meeting_why(const struct call *c, const struct stuck *s,
                        char out[WHY_SIZE])
{
    const struct regulation *reg = rulebook_regulation(c->book, s->regulation);
    bool returns = reg != NULL && s->returns >= reg->bounds.returns_meeting;
    bool rounds = reg != NULL && s->round >= reg->bounds.rounds_meeting;
    snprintf(out, WHY_SIZE, "%s%s%s%s%s", returns ? "returns" : "",
             returns && rounds ? "," : "", rounds ? "rounds" : "",
             (returns || rounds) && s->overdue ? "," : "",
             s->overdue ? "overdue" : "");
    return out;
}
