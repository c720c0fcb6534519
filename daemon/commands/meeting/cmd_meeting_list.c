/* meeting.agenda: what the rules put before the next joint meeting, and why.
 * meeting.list: the meetings that one may see, newest first. */
#include "daemon/commands/access.h"
#include "daemon/commands/meeting/meeting.h"
#include "daemon/commands/page.h"
#include "daemon/commands/result.h"

/* -- agenda ------------------------------------------------------------------
 */

/* The flag stands until the meeting, also when what set it is over: a clock
 * that was long overdue may have stopped by now. */
static void write_stuck(struct call *c, const struct rows *r, json_t *row)
{
    char why[WHY_SIZE];
    instant overdue = rows_int_or(r, 6, INSTANT_NONE);
    struct stuck stuck = {.regulation = rows_int(r, 5),
                          .returns = rows_int(r, 3),
                          .round = rows_int(r, 4),
                          .overdue = overdue != INSTANT_NONE};
    row_number(row, rows_int(r, 0));
    row_text(row, rows_text(r, 1));
    row_text(row, ticket_state_name(
                      (enum ticket_state)rows_enum(r, 2, TICKET_STATE_COUNT)));
    meeting_why(c, &stuck, why);
    row_text(row, why[0] == '\0' ? "overdue" : why);
    row_int(row, stuck.returns);
    row_int(row, stuck.round);
    row_instant(row, overdue);
}

enum err cmd_meeting_agenda(struct call *c)
{
    struct page page;
    enum err err = page_begin(c, 1, 0, &page);
    if (err != OK) {
        return err;
    }
    struct cell binds[] = {access_bind(c), cell_int("", page.mark[0]),
                           cell_int("", page.limit + 1), cell_int("", c->at)};
    struct rows rows;
    err = rows_begin(c->store, STMT_MEETING_AGENDA, binds, 4, &rows);
    if (err != OK) {
        return err;
    }
    c->result = json_object();
    json_t *table =
        table_new("number title state why returns round overdue_since");
    json_object_set_new(c->result, "agenda", table);
    int64_t mark = 0;
    for (int64_t i = 0; rows_next(&rows); i++) {
        if (i == page.limit) {
            page_next(c->result, &mark, 1);
            break;
        }
        mark = rows_int(&rows, 0);
        write_stuck(c, &rows, table_row(table));
    }
    return rows_end(&rows);
}

/* -- list --------------------------------------------------------------------
 */

static void fill_meeting(const struct rows *r, json_t *row)
{
    row_int(row, rows_int(r, 0));
    row_text(row, rows_text(r, 1));
    row_instant(row, rows_int(r, 2));
    row_text(row, rows_text(r, 3));
    row_text(row, rows_text(r, 4));
    row_int(row, rows_int(r, 5));
    row_int(row, rows_int(r, 6));
    row_instant(row, rows_int_or(r, 7, INSTANT_NONE));
}

enum err cmd_meeting_list(struct call *c)
{
    struct cell bind = access_bind(c);
    struct list list = {
        .columns = "meeting title at place office items undecided closed",
        .statement = STMT_MEETING_LIST,
        .binds = &bind,
        .n_binds = 1,
        .newest_first = true,
        .fill = fill_meeting,
    };
    return page_list(c, "meetings", &list);
}
