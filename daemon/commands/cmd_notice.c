/* notice.list: what was told to whom, newest first, and whether it went out
 * where webhooks are registered. A person reads what was told to them or to a
 * unit in which they have a role; who sees all tickets reads all. */
#include "daemon/commands/access.h"
#include "daemon/commands/page.h"
#include "daemon/commands/registry_put.h"
#include "daemon/commands/result.h"
#include "daemon/commands/ticket_access.h"
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
    row_int(row, rows_int(r, 0));
    row_instant(row, rows_int(r, 1));
    row_text(row, rows_text(r, 2));
    row_number(row, rows_int(r, 3));
    row_text(row, event_name((enum event_type)rows_enum(r, 4, EV_COUNT)));
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
    struct filter_by f;
    enum err err = read_filter(c, &f);
    if (err != OK) {
        return err;
    }
    struct cell binds[] = {access_bind(c), cell_int("", f.target),
                           cell_int("", f.ticket)};
    struct list list = {
        .columns = "id at to ticket event does title sent",
        .statement = statement_for(c, &f),
        .binds = binds,
        .n_binds = 3,
        .newest_first = true,
        .fill = write_row,
    };
    return page_list(c, "notices", &list);
}
