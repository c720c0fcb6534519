/* ticket.list: newest first, or the oldest overdue first. The first walks the
 * primary key backwards; the second takes each unit's open finish clocks by
 * their due (index clock_open), so that a department's oldest fifty cost fifty
 * rows however many are open. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "core/clock.h"
#include "daemon/commands/access.h"
#include "daemon/commands/apply.h"
#include "daemon/commands/list_filter.h"
#include "daemon/commands/list_overdue.h"
#include "daemon/commands/page.h"
#include "daemon/commands/result.h"
#include "daemon/commands/show.h"
#include "daemon/commands/words.h"
#include "daemon/store/registry.h"

/* A light is no column: it is looked at ticket by ticket. After so many the
 * page ends, however short, with a mark to go on from: no read lasts long. */
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
    json_t *table;
    int light; /* only this one, -1: any */
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

static size_t shown(const struct listing *l)
{
    return json_array_size(table_rows(l->table));
}

/* -- newest first ------------------------------------------------------------
 */

static enum err newest_rows(struct listing *l, struct filter *f,
                            const struct page *page)
{
    char sql[FILTER_SQL_SIZE + 128];
    filter_bind(f, " AND t.id < ?", page->mark[0]);
    if (f->unit != 0) {
        filter_bind(f,
                    " AND EXISTS (SELECT 1 FROM dispatch fd WHERE"
                    " fd.ticket = t.id AND fd.unit IN " LIST_UNITS("?") ")",
                    f->unit);
    }
    snprintf(sql, sizeof sql,
             "SELECT t.id FROM %s WHERE %s"
             " ORDER BY t.id DESC",
             filter_from(f), f->sql);
    struct rows rows;
    enum err err = rows_begin_text(l->c->store, sql, f->binds, f->n, &rows);
    if (err != OK) {
        return err;
    }
    int64_t last = 0;
    for (int i = 0; err == OK && rows_next(&rows); i++) {
        if ((int64_t)shown(l) == page->limit || i == LOOKED_AT_MAX) {
            page_next(l->c->result, &last, 1);
            break;
        }
        last = rows_int(&rows, 0);
        err = add_row(l, last, INSTANT_NONE);
    }
    enum err end = rows_end(&rows);
    return err == OK ? end : err;
}

static enum err newest(struct listing *l, struct filter *f)
{
    struct page page;
    enum err err = page_begin(l->c, 1, INT64_MAX, &page);
    return err == OK ? newest_rows(l, f, &page) : err;
}

/* -- oldest overdue first ----------------------------------------------------
 */

static enum err overdue_rows(struct listing *l, struct hits *hits,
                             int64_t limit)
{
    enum err err = OK;
    for (size_t i = 0; err == OK && i < hits->n; i++) {
        if ((int64_t)i == limit) {
            int64_t mark[] = {hits->list[i - 1].due, hits->list[i - 1].ticket};
            page_next(l->c->result, mark, 2);
            break;
        }
        err = add_row(l, hits->list[i].ticket, hits->list[i].due);
    }
    return err;
}

/* The binds 2 to 7 of overdue_sql(); the third is each unit's in turn, the last
 * the one asked for. */
static enum err overdue_filter(struct call *c, const struct page *page,
                               struct filter *f)
{
    f->binds[1] = cell_int("", c->at);
    f->binds[2] = cell_int("", 0);
    f->binds[3] = cell_int("", page->first ? INT64_MIN : page->mark[0]);
    f->binds[4] = cell_int("", page->mark[1]);
    f->binds[5] = cell_int("", page->limit + 1);
    f->binds[6] = cell_int("", 0);
    return filter_begin(c, 7, f);
}

static enum err overdue(struct listing *l)
{
    struct page page;
    struct filter f;
    struct hits hits = {.list = NULL};
    enum err err = page_begin(l->c, 2, 0, &page);
    if (err == OK) {
        err = overdue_filter(l->c, &page, &f);
    }
    if (err == OK) {
        l->light = f.light;
        err = overdue_find(l->c, &f, &hits);
    }
    if (err == OK) {
        err = overdue_rows(l, &hits, page.limit);
    }
    free(hits.list);
    return err;
}

enum err cmd_ticket_list(struct call *c)
{
    struct listing l = {.c = c, .table = table_new(columns), .light = -1};
    c->result = json_object();
    json_object_set_new(c->result, "tickets", l.table);
    const struct value *late = arg(c, "overdue");
    if (late->given && late->number != 0) {
        return overdue(&l);
    }
    struct filter f;
    enum err err = filter_begin(c, 1, &f);
    if (err != OK) {
        return err;
    }
    l.light = f.light;
    return newest(&l, &f);
}
