/* ticket.list: newest first, or the oldest overdue first. Both read several
 * cursors as one, each in order by an index: the first where a reader's tickets
 * are (list_walk.h), the second each unit's open finish clocks by their due
 * (list_overdue.h). So fifty rows cost fifty rows, whatever others have. */
#include <stdio.h>

#include "core/clock.h"
#include "daemon/commands/access.h"
#include "daemon/commands/page.h"
#include "daemon/commands/result.h"
#include "daemon/commands/rules/rulebook.h"
#include "daemon/commands/ticket/apply.h"
#include "daemon/commands/view/list_filter.h"
#include "daemon/commands/view/list_overdue.h"
#include "daemon/commands/view/list_walk.h"
#include "daemon/commands/view/show.h"
#include "daemon/commands/words.h"
#include "daemon/store/registry.h"

/* What is found need not be shown: a light is no column, and not all that is on
 * a reader's side is theirs. After so many the page ends, however short, with a
 * mark to go on from: no read lasts long. */
enum {
    LOOKED_AT_MAX = 20000
};

static const char columns[] =
    "number title enterprise category state light clock unit due filed special "
    "response_min lead_wd";

/* -- one row -----------------------------------------------------------------
 */

/* Only what lights and the main clock need. */
static enum err open_clocks(struct call *c, struct ticket *t)
{
    struct cell bind = cell_int("", t->id);
    struct rows r;
    enum err err = rows_begin(c->store, STMT_LIST_CLOCKS, &bind, 1, &r);
    if (err != OK) {
        return err;
    }
    while (t->n_clocks < CLOCKS_MAX && rows_next(&r)) {
        t->clocks[t->n_clocks++] = (struct clock){
            .n = (int32_t)rows_int(&r, 0),
            .kind = (enum clock_kind)rows_enum(&r, 1, CLOCK_KIND_COUNT),
            .dispatch = (int32_t)rows_int(&r, 2),
            .due = {.at = rows_instant(&r, 3), .by_day = rows_int(&r, 4) != 0},
            .yellow = rows_instant(&r, 5),
            .run = (enum clock_run)rows_enum(&r, 6, CLOCK_STOPPED + 1),
        };
    }
    return rows_end(&r);
}

/* The lead's name, and its dispatch for ticket_lead(). */
static enum err lead_unit(struct call *c, struct ticket *t, char *name,
                          size_t size)
{
    struct cell bind = cell_int("", t->id);
    struct rows r;
    enum err err = rows_begin(c->store, STMT_LIST_LEAD, &bind, 1, &r);
    name[0] = '\0';
    if (err != OK) {
        return err;
    }
    if (rows_next(&r)) {
        t->dispatches[0] = (struct dispatch){
            .n = (int32_t)rows_int(&r, 0),
            .kind = DISPATCH_LEAD,
            .state =
                (enum dispatch_state)rows_enum(&r, 1, DISPATCH_STATE_COUNT),
            .round = (int32_t)rows_int(&r, 2),
        };
        t->n_dispatches = 1;
        if (ticket_lead(t) != NULL) {
            snprintf(name, size, "%s", rows_text(&r, 3));
        }
    }
    return rows_end(&r);
}

struct listing {
    struct call *c;
    struct page page;
    json_t *table;
    bool overdue;      /* in the order of their dues, else newest first */
    int light;         /* only this one, -1: any */
    struct spot shown; /* latest that was, or had another light */
    struct ticket t;
};

/* The clock that the light is of: the main one, unless another one's is worse;
 * of several such the first to fall due. */
static const struct clock *lit_clock(const struct ticket *t, instant at)
{
    enum light light = ticket_light(t, at);
    const struct clock *found = work_main_clock(t);
    if (found != NULL && clock_light(found, at) == light) {
        return found;
    }
    for (int32_t i = 0; i < t->n_clocks; i++) {
        const struct clock *c = &t->clocks[i];
        if (clock_light(c, at) == light &&
            (found == NULL || clock_light(found, at) != light ||
             c->due.at < found->due.at)) {
            found = c;
        }
    }
    return found;
}

/* M12: minutes to the first response, working days to the end or so far. */
static void row_spans(const struct listing *l, const struct rows *facts,
                      json_t *row)
{
    instant filed = rows_instant(facts, 5);
    instant responded = rows_instant(facts, 7);
    struct ticket ended = {
        .state = (enum ticket_state)rows_enum(facts, 0, TICKET_STATE_COUNT),
        .resolved = rows_instant(facts, 8),
    };
    instant end = span_end(&ended, l->c->at);
    const struct calendar *cal =
        rulebook_calendar(l->c->book, rows_int(facts, 9));
    json_array_append_new(
        row, json_boolean((rows_int(facts, 6) & TICKET_SPECIAL) != 0));
    json_array_append_new(row, responded == INSTANT_NONE
                                   ? json_null()
                                   : json_integer((responded - filed) / 60));
    json_array_append_new(
        row, end == INSTANT_NONE
                 ? json_null()
                 : json_integer(calendar_workdays_after(cal, instant_day(filed),
                                                        instant_day(end))));
}

/* Of a confidential ticket not every reader learns who asks. */
static enum err row_enterprise(const struct listing *l,
                               const struct rows *facts, json_t *row)
{
    bool hides = false;
    enum err err = OK;
    if ((rows_int(facts, 6) & TICKET_CONFIDENTIAL) != 0) {
        err = access_hides(l->c, l->t.id, &hides);
    }
    row_text(row, hides ? NULL : rows_text(facts, 3));
    return err;
}

static enum err write_row(struct listing *l, const struct rows *facts,
                          const char *unit, instant due)
{
    const struct clock *clock = lit_clock(&l->t, l->c->at);
    bool finish = due != INSTANT_NONE;
    json_t *row = table_row(l->table);
    row_number(row, l->t.id);
    row_text(row, rows_text(facts, 2));
    enum err err = row_enterprise(l, facts, row);
    row_text(row, rows_text(facts, 4));
    row_text(row, ticket_state_name((enum ticket_state)rows_enum(
                      facts, 0, TICKET_STATE_COUNT)));
    row_text(row, light_name(ticket_light(&l->t, l->c->at)));
    row_text(row, finish          ? clock_kind_name(CLOCK_FINISH)
                  : clock != NULL ? clock_kind_name(clock->kind)
                                  : NULL);
    row_text(row, unit);
    if (due == INSTANT_NONE && clock != NULL) {
        due = clock->due.at;
    }
    row_instant(row, due);
    row_instant(row, rows_int(facts, 5));
    row_spans(l, facts, row);
    return err == OK ? words_find(l->c, "category", rows_text(facts, 4),
                                  l->c->at, INT64_MAX)
                     : err;
}

/* `due`: of an overdue finish clock; INSTANT_NONE: that of the light's clock.
 */
static enum err add_row(struct listing *l, ticket_id id, instant due)
{
    char unit[NAME_SIZE];
    struct cell bind = cell_int("", id);
    struct rows facts;
    l->t.id = id;
    l->t.n_clocks = 0;
    l->t.n_dispatches = 0;
    enum err err = rows_begin(l->c->store, STMT_LIST_FACTS, &bind, 1, &facts);
    if (err != OK) {
        return err;
    }
    if (rows_next(&facts)) {
        l->t.round = (int32_t)rows_int(&facts, 1);
        err = open_clocks(l->c, &l->t);
        if (err == OK) {
            err = lead_unit(l->c, &l->t, unit, sizeof unit);
        }
        bool shown =
            l->light < 0 || (int)ticket_light(&l->t, l->c->at) == l->light;
        if (err == OK && shown) {
            err = write_row(l, &facts, unit, due);
        }
    }
    enum err end = rows_end(&facts);
    return err == OK ? end : err;
}

/* -- a page ------------------------------------------------------------------
 */

static bool full(const struct listing *l)
{
    return (int64_t)json_array_size(table_rows(l->table)) >= l->page.limit;
}

/* Behind what was shown last. */
static void mark_shown(const struct listing *l)
{
    int64_t mark[] = {l->shown.due, l->shown.ticket};
    page_next(l->c->result, l->overdue ? mark : mark + 1, l->overdue ? 2 : 1);
}

/* A page may end with what the reader does not see: its mark then tells a day
 * or a due, and no ticket's number. Is it the last of that? */
static bool ends_group(const struct listing *l, struct spot last,
                       struct spot next)
{
    return l->overdue
               ? next.due != last.due
               : next.ticket / TICKET_SERIALS != last.ticket / TICKET_SERIALS;
}

static void mark_group(const struct listing *l, struct spot last)
{
    int64_t due[] = {last.due, INT64_MAX};
    int64_t day = last.ticket - last.ticket % TICKET_SERIALS;
    page_next(l->c->result, l->overdue ? due : &day, l->overdue ? 2 : 1);
}

static enum err look_at(struct listing *l, struct spot spot)
{
    l->shown = spot;
    return add_row(l, spot.ticket, l->overdue ? spot.due : INSTANT_NONE);
}

static enum err read_page(struct listing *l, struct merge *merge)
{
    enum err err = OK;
    struct spot last = {0, 0};
    struct stream *first;
    for (int looked = 0; err == OK && (first = merge_first(merge)) != NULL;) {
        struct spot spot = first->head;
        bool again =
            looked > 0 && spot.due == last.due && spot.ticket == last.ticket;
        bool is = !again && rows_int(&first->rows, 2) != 0;
        if (is && full(l)) {
            mark_shown(l);
            break;
        }
        if (looked >= LOOKED_AT_MAX && ends_group(l, last, spot)) {
            mark_group(l, last);
            break;
        }
        looked += !again;
        last = spot;
        err = is ? look_at(l, spot) : OK;
        if (err == OK) {
            err = merge_next(merge, first);
        }
    }
    return err;
}

static enum err open_newest(struct listing *l, struct merge *ret)
{
    struct filter f;
    enum err err = page_begin(l->c, 1, INT64_MAX, &l->page);
    if (err == OK) {
        err = filter_begin(l->c, WALK_BINDS, &f);
    }
    if (err != OK) {
        return err;
    }
    l->light = f.light;
    if (f.unit != 0) {
        filter_bind(&f,
                    " AND EXISTS (SELECT 1 FROM dispatch fd WHERE"
                    " fd.ticket = t.id AND fd.unit IN " LIST_UNITS("?") ")",
                    f.unit);
    }
    return walk_open(l->c, &f, l->page.mark[0], ret);
}

static enum err open_overdue(struct listing *l, struct merge *ret)
{
    struct filter f;
    enum err err = page_begin(l->c, 2, 0, &l->page);
    if (err == OK) {
        err = filter_begin(l->c, OVERDUE_BINDS, &f);
    }
    if (err != OK) {
        return err;
    }
    l->light = f.light;
    int64_t due = l->page.first ? INT64_MIN : l->page.mark[0];
    return overdue_open(l->c, &f, (struct spot){due, l->page.mark[1]}, ret);
}

enum err cmd_ticket_list(struct call *c)
{
    const struct value *late = arg(c, "overdue");
    struct listing l = {.c = c,
                        .table = table_new(columns),
                        .overdue = late->given && late->number != 0};
    struct merge merge = {.store = c->store};
    c->result = json_object();
    json_object_set_new(c->result, "tickets", l.table);
    enum err err =
        l.overdue ? open_overdue(&l, &merge) : open_newest(&l, &merge);
    if (err == OK) {
        err = read_page(&l, &merge);
    }
    merge_free(&merge);
    return err;
}
