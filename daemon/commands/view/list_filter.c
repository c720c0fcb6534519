/* From parameters to a WHERE clause: see list_filter.h. */
#include "daemon/commands/view/list_filter.h"

#include <assert.h>
#include <stdio.h>
#include <string.h>

#include "daemon/commands/access.h"
#include "daemon/commands/registry/registry_put.h"
#include "daemon/commands/ticket/ticket_access.h"
#include "daemon/commands/words.h"

static_assert(TICKET_SPECIAL == 64, "as in the filter");

void filter_add(struct filter *f, const char *sql)
{
    int len = snprintf(f->sql + f->len, sizeof f->sql - f->len, "%s", sql);
    f->len += (size_t)len;
    assert(f->len < sizeof f->sql);
}

/* Each "?" in the fragment becomes the number of its bind. */
static void add_cell(struct filter *f, const char *sql, struct cell cell)
{
    char number[16];
    assert(f->n < FILTER_BINDS_MAX);
    f->binds[f->n++] = cell;
    snprintf(number, sizeof number, "?%d", f->n);
    for (const char *mark; (mark = strchr(sql, '?')) != NULL; sql = mark + 1) {
        char before[FILTER_SQL_SIZE];
        snprintf(before, sizeof before, "%.*s", (int)(mark - sql), sql);
        filter_add(f, before);
        filter_add(f, number);
    }
    filter_add(f, sql);
}

void filter_bind(struct filter *f, const char *sql, int64_t number)
{
    add_cell(f, sql, cell_int("", number));
}

/* Who asks for an enterprise's tickets is not to find among them one whose
 * enterprise is hidden from them. */
static void asked_by(struct filter *f)
{
    filter_add(f, " AND NOT ");
    filter_add(f, access_hidden);
}

static enum err parties(struct call *c, struct filter *f)
{
    struct entry entry = {.id = 0};
    enum err err = OK;
    if (arg(c, "unit")->given) {
        err = named_unit(c, "unit", &entry);
        f->unit = err == OK ? entry.id : 0;
    }
    if (err == OK && arg(c, "enterprise")->given) {
        err = named_enterprise(c, "enterprise", &entry);
        if (err == OK) {
            filter_bind(f, " AND t.enterprise = ?", entry.id);
            f->enterprise = entry.id;
            asked_by(f);
        }
    }
    if (err == OK && arg(c, "chain")->given) {
        err = named_chain(c, "chain", &entry);
        if (err == OK) {
            filter_bind(f,
                        " AND +t.enterprise IN (SELECT subject FROM relation"
                        " WHERE object = ? AND kind = 0 AND to_seq IS NULL)",
                        entry.id);
            f->chain = entry.id;
            asked_by(f);
        }
    }
    return err;
}

/* The parts of a ticket that the reader sees too. */
static enum err whole(struct call *c, struct filter *f)
{
    if (!arg(c, "parent")->given) {
        return OK;
    }
    enum err err = ticket_named(c, "parent", &f->parent);
    if (err == OK) {
        filter_bind(f, " AND t.parent = ?", f->parent);
    }
    return err;
}

static enum err marks(struct call *c, struct filter *f)
{
    const struct value *special = arg(c, "special");
    struct entry leader = {.id = 0};
    enum err err = OK;
    if (special->given) {
        filter_bind(f, " AND ((t.flags & 64) <> 0) = ?", special->number);
    }
    if (arg(c, "leader")->given) {
        err = named_person(c, "leader", &leader);
    }
    if (err == OK && arg(c, "leader")->given) {
        filter_bind(f,
                    " AND EXISTS (SELECT 1 FROM ticket_person fp WHERE"
                    " fp.ticket = t.id AND +fp.person = ?"
                    " AND fp.to_seq IS NULL)",
                    leader.id);
        f->leader = leader.id;
    }
    return err == OK ? whole(c, f) : err;
}

/* A code that was mistyped must not pass for one that nobody has used. */
static enum err category(struct call *c, struct filter *f)
{
    const char *code = arg_text(c, "category");
    if (code == NULL) {
        return OK;
    }
    if (!words_known(c, "category", code)) {
        return refuse(c, ERR_BAD_PARAM, "category", "a code of a regulation",
                      code);
    }
    add_cell(f, " AND t.category = ?", cell_text("", code));
    return OK;
}

/* A number begins with its local day, so that a span of time is a span of the
 * numbers too. */
static void span(const struct call *c, struct filter *f)
{
    const struct value *since = arg(c, "since");
    const struct value *until = arg(c, "until");
    f->above = since->given ? ticket_id_day(since->at) : 0;
    f->below = INT64_MAX;
    if (since->given) {
        filter_bind(f, " AND t.id > ?", f->above);
        filter_bind(f, " AND t.filed_at >= ?", since->at);
    }
    if (until->given) {
        f->below = ticket_id_day(until->at) + TICKET_SERIALS;
        filter_bind(f, " AND t.id < ?", f->below);
        filter_bind(f, " AND t.filed_at <= ?", until->at);
    }
}

/* The scope is asked last: of most that do not fit it need not be. */
enum err filter_begin(struct call *c, int reserved, struct filter *ret)
{
    static const enum light lights[] = {LIGHT_GREEN, LIGHT_YELLOW, LIGHT_RED,
                                        LIGHT_GREY};
    *ret = (struct filter){.n = reserved, .light = -1};
    ret->binds[0] = access_bind(c);
    const struct value *light = arg(c, "light");
    if (light->given) {
        ret->light = (int)lights[light->number];
    }
    filter_add(ret, "1");
    const struct value *state = arg(c, "state");
    ret->state = state->given ? (int)state->number : -1;
    if (state->given) {
        filter_bind(ret, " AND t.state = ?", state->number);
    }
    span(c, ret);
    enum err err = category(c, ret);
    if (err == OK) {
        err = marks(c, ret);
    }
    if (err == OK) {
        err = parties(c, ret);
    }
    filter_add(ret, " AND ");
    filter_add(ret, access_where);
    return err;
}
