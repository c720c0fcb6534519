/* audit.list: the audit record, newest first. Who may read it stands in the
 * row; it shows codes and no names, for who reads it need not know more. */
#include <string.h>

#include "daemon/commands/page.h"
#include "daemon/commands/result.h"
#include "daemon/store/audit.h"

enum {
    MARK = 2 /* numbers: the instant, and of equal ones the record */
};

static void row_event(json_t *row, int64_t n, const struct audit_event *e)
{
    row_int(row, n);
    row_instant(row, e->at);
    row_text(row, e->account);
    row_text(row, e->source);
    row_text(row, e->what);
    row_text(row, e->outcome);
    row_text(row, e->object);
    json_array_append_new(row,
                          e->seq == 0 ? json_null() : json_integer(e->seq));
    row_int(row, e->times);
}

/* By the index that leaves least to look through. Most of what was done went
 * well: that is not looked for by its outcome. */
static enum statement statement_of(const struct call *c)
{
    const char *outcome = arg_text(c, "outcome");
    if (arg(c, "account")->given) {
        return STMT_AUDIT_LIST_ACCOUNT;
    }
    if (outcome != NULL && strcmp(outcome, "ok") != 0) {
        return STMT_AUDIT_LIST_OUTCOME;
    }
    return arg(c, "what")->given ? STMT_AUDIT_LIST_WHAT : STMT_AUDIT_LIST;
}

/* A record that is not of its form is still shown to be there: verify says what
 * is wrong with it. */
static void add_row(json_t *table, const struct rows *rows)
{
    struct audit_event e;
    int64_t n = 0;
    const char *record = rows_text(rows, 2);
    if (!audit_read(record, strlen(record), &n, &e)) {
        e = (struct audit_event){
            .at = rows_int(rows, 1), .what = "?", .outcome = "?", .times = 1};
    }
    row_event(table_row(table), rows_int(rows, 0), &e);
}

static enum err fill(struct call *c, struct rows *rows, int64_t limit)
{
    int64_t mark[MARK] = {0};
    c->result = json_object();
    json_t *table =
        table_new("n at account source what outcome object seq times");
    json_object_set_new(c->result, "events", table);
    for (int64_t i = 0; rows_next(rows); i++) {
        if (i == limit) {
            page_next(c->result, mark, MARK);
            break;
        }
        mark[0] = rows_int(rows, 1);
        mark[1] = rows_int(rows, 0);
        add_row(table, rows);
    }
    return rows_end(rows);
}

enum err cmd_audit_list(struct call *c)
{
    struct page page;
    struct rows rows;
    const struct value *from = arg(c, "from");
    const struct value *until = arg(c, "until");
    enum err err = page_begin(c, MARK, INT64_MAX, &page);
    if (err != OK) {
        return err;
    }
    if (page.first && until->given) {
        page.mark[0] = until->at;
    }
    struct cell binds[] = {
        cell_text("", arg_text(c, "account")),
        cell_text("", arg_text(c, "what")),
        cell_text("", arg_text(c, "outcome")),
        cell_int("", from->given ? from->at : 0),
        cell_int("", page.mark[0]),
        cell_int("", page.mark[1]),
        cell_int("", page.limit + 1),
    };
    err = rows_begin(c->store, statement_of(c), binds, 7, &rows);
    return err == OK ? fill(c, &rows, page.limit) : err;
}
