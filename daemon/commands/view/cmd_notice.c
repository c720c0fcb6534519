/* notice.list: what was told to whom, newest first, and whether it went out
 * where webhooks are registered. A person reads what was told to them or to a
 * unit in which they have a role; who sees all tickets reads all. */
#include "daemon/commands/access.h"
#include "daemon/commands/page.h"
#include "daemon/commands/registry/registry_put.h"
#include "daemon/commands/result.h"
#include "daemon/commands/ticket/ticket_access.h"
#include "daemon/commands/view/notices.h"
#include "daemon/commands/view/streams.h"
#include "daemon/commands/words.h"

struct filter_by {
    register_id target; /* 0: any */
    ticket_id ticket;   /* 0: any */
};

static enum err read_filter(struct call *c, struct filter_by *f)
{
    struct entry entry;
    *f = (struct filter_by){0};
    if (arg(c, "to")->given) {
        enum err err = named_any(c, "to", &entry);
        if (err != OK) {
            return err;
        }
        f->target = entry.id;
    }
    return arg(c, "ticket")->given ? ticket_named(c, "ticket", &f->ticket) : OK;
}

static void write_row(const struct rows *r, json_t *row)
{
    row_int(row, rows_int(r, 1));
    row_instant(row, rows_int(r, 2));
    row_text(row, rows_text(r, 3));
    row_number(row, rows_int(r, 4));
    row_text(row, event_name((enum event_type)rows_enum(r, 5, EV_COUNT)));
    row_text(row, rows_null(r, 6) ? NULL : word_does(rows_int(r, 6)));
    row_text(row, rows_text(r, 7));
    row_text(row, rows_null(r, 8) ? NULL : rows_text(r, 8));
}

/* -- in order ----------------------------------------------------------------
 */

struct reading_on {
    struct call *c;
    struct filter_by f;
    struct page page;
    struct merge merge;
};

static enum err open_one(struct reading_on *r, enum statement statement,
                         register_id target)
{
    struct cell binds[] = {
        access_bind(r->c), cell_int("", target), cell_int("", r->f.ticket),
        cell_int("", r->page.mark[0]), cell_int("", r->page.limit + 1)};
    return merge_add_fixed(&r->merge, statement, binds, 5);
}

/* Of each of whom one is or for whom one works, newest first by an index: all
 * of them at once would be sorted for every page. */
static enum err open_own(struct reading_on *r)
{
    struct cell bind = cell_text("", r->c->actor.people);
    struct rows rows;
    enum err err = rows_begin(r->c->store, STMT_MINE_TARGETS, &bind, 1, &rows);
    if (err != OK) {
        return err;
    }
    while (err == OK && rows_next(&rows)) {
        err = open_one(r, STMT_NOTICES_TO, rows_int(&rows, 0));
    }
    enum err end = rows_end(&rows);
    return err == OK ? end : err;
}

static enum err open_all(struct reading_on *r)
{
    if (r->f.ticket != 0) {
        return open_one(r, STMT_NOTICES_OF_TICKET, r->f.target);
    }
    if (r->f.target != 0) {
        return open_one(r, STMT_NOTICES_TO, r->f.target);
    }
    return access_all(&r->c->actor) ? open_one(r, STMT_NOTICES_ALL, 0)
                                    : open_own(r);
}

static enum err write_page(struct reading_on *r, json_t *table)
{
    enum err err = OK;
    int64_t mark = 0;
    struct stream *first;
    for (int64_t i = 0; err == OK && (first = merge_first(&r->merge)) != NULL;
         i++) {
        if (i == r->page.limit) {
            page_next(r->c->result, &mark, 1);
            break;
        }
        mark = rows_int(&first->rows, 1);
        write_row(&first->rows, table_row(table));
        err = merge_next(&r->merge, first);
    }
    return err;
}

enum err cmd_notice_list(struct call *c)
{
    struct reading_on r = {.c = c, .merge = {.store = c->store}};
    enum err err = read_filter(c, &r.f);
    if (err == OK) {
        err = page_begin(c, 1, INT64_MAX, &r.page);
    }
    if (err != OK) {
        return err;
    }
    json_t *table = table_new("id at to ticket event does title sent");
    c->result = json_object();
    json_object_set_new(c->result, "notices", table);
    err = open_all(&r);
    if (err == OK) {
        err = write_page(&r, table);
    }
    merge_free(&r.merge);
    return err;
}

/* -- of others --------------------------------------------------------------
 */

/* By the list's own statement: the first of a page that begins there. */
enum err notice_found_by(struct store *s, const char *account, instant now,
                         const struct told *told, bool *ret)
{
    struct call c = {.store = s, .at = now, .recorded = now};
    struct rows rows;
    *ret = false;
    enum err err = access_actor(&c, account);
    if (err == OK) {
        err = access_role(&c, command_at(CMD_notice_list));
    }
    if (err == ERR_NOT_FOUND || err == ERR_FORBIDDEN || err == ERR_LIMIT) {
        return OK; /* the list is refused to them */
    }
    struct cell binds[] = {access_bind(&c), cell_int("", told->target),
                           cell_int("", 0), cell_int("", told->notice + 1),
                           cell_int("", 1)};
    if (err == OK) {
        err = rows_begin(s, STMT_NOTICES_TO, binds, 5, &rows);
    }
    if (err != OK) {
        return err;
    }
    *ret = rows_next(&rows) && rows_int(&rows, 1) == told->notice;
    return rows_end(&rows);
}
