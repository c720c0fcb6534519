/* notice.list: what was told to whom, newest first, and whether it went out
 * where webhooks are registered. A person reads what was
 * told to them or to a unit in which they have a role; who sees all tickets
 * reads all. */
#include <string.h>

#include "daemon/commands/access.h"
#include "daemon/commands/page.h"
#include "daemon/commands/registry_put.h"
#include "daemon/commands/result.h"
#include "daemon/commands/words.h"

struct filter_by {
    register_id target; /* 0: any */
    ticket_id ticket;   /* 0: any */
};

static enum err read_filter(struct call *c, struct filter_by *f)
{
    struct entry entry;
    const struct value *ticket = arg(c, "ticket");
    *f = (struct filter_by){0};
    if (arg(c, "to")->given) {
        enum err err = registry_any(c->store, arg_text(c, "to"), &entry);
        if (err != OK) {
            return err == ERR_NOT_FOUND ? refuse(c, err, "to", "", "") : err;
        }
        f->target = entry.id;
    }
    if (!ticket->given) {
        return OK;
    }
    f->ticket = ticket->number;
    enum err err = f->ticket != 0
                       ? OK
                       : ticket_find_ref(c->store, ticket->text, &f->ticket);
    bool sees = false;
    if (err == OK) {
        err = access_sees(c, f->ticket, &sees);
    }
    if (err == ERR_NOT_FOUND || (err == OK && !sees)) {
        return refuse(c, ERR_NOT_FOUND, "ticket", "", "");
    }
    return err;
}

static void write_row(json_t *table, const struct rows *r)
{
    json_t *row = table_row(table);
    row_int(row, rows_int(r, 0));
    row_instant(row, rows_int(r, 1));
    row_text(row, rows_text(r, 2));
    row_number(row, rows_int(r, 3));
    row_text(row, event_name((enum event_type)rows_int(r, 4)));
    row_text(row, rows_null(r, 5) ? NULL : word_does(rows_int(r, 5)));
    row_text(row, rows_text(r, 6));
    row_text(row, rows_null(r, 7) ? NULL : rows_text(r, 7));
}

static enum statement statement_for(const struct call *c,
                                    const struct filter_by *f)
{
    if (f->ticket != 0) {
        return STMT_NOTICES_OF_TICKET;
    }
    if (f->target != 0) {
        return STMT_NOTICES_TO;
    }
    return access_all(&c->actor) ? STMT_NOTICES_ALL : STMT_NOTICES_OWN;
}

enum err cmd_notice_list(struct call *c)
{
    struct page page;
    struct filter_by f;
    enum err err = page_begin(c, 1, INT64_MAX, &page);
    if (err == OK) {
        err = read_filter(c, &f);
    }
    if (err != OK) {
        return err;
    }
    struct cell binds[] = {access_bind(c), cell_int("", f.target),
                           cell_int("", f.ticket), cell_int("", page.mark[0]),
                           cell_int("", page.limit + 1)};
    struct rows rows;
    err = rows_begin(c->store, statement_for(c, &f), binds, 5, &rows);
    if (err != OK) {
        return err;
    }
    c->result = json_object();
    json_t *table = table_new("id at to ticket event does title sent");
    json_object_set_new(c->result, "notices", table);
    int64_t mark = 0;
    for (int64_t i = 0; rows_next(&rows); i++) {
        if (i == page.limit) {
            page_next(c->result, &mark, 1);
            break;
        }
        mark = rows_int(&rows, 0);
        write_row(table, &rows);
    }
    return rows_end(&rows);
}
