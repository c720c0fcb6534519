/* report.overdue by=none: every late clock, in the order of its ticket and
 * number; a page begins after the mark "ticket.n" of the one before. A late
 * overall clock stands under the ticket's latest lead, as it is counted by
 * department: it is held back until the ticket's other clocks have gone by. */
#include <stdio.h>

#include "daemon/commands/page.h"
#include "daemon/commands/report/cmd_report.h"
#include "daemon/commands/report/report_beside.h"
#include "daemon/commands/report/report_groups.h"
#include "daemon/commands/result.h"
#include "daemon/store/registry.h"

struct listing {
    struct call *c;
    struct view view;
    struct page page;
    enum clock_kind kind;
    json_t *table;
    int64_t mark[2]; /* of the last row written */
    bool more;
    int64_t rows;
    struct beside beside; /* of the page's rows */
    struct homes homes;
    struct seen held; /* ticket 0: none */
    char held_ref[REF_SIZE];
};

static enum err write_row(struct listing *l, const struct seen *s)
{
    struct entry unit;
    register_id id = 0;
    enum err err = homes_unit(&l->homes, l->c, s->unit, &l->view, &id);
    if (err == OK) {
        err =
            registry_name_at(l->c->store, id, l->view.at, l->view.known, &unit);
    }
    if (err != OK) {
        return err;
    }
    json_t *row = table_row(l->table);
    row_number(row, s->ticket);
    row_text(row, s->ref);
    row_text(row, unit.name);
    row_instant(row, s->due.at);
    row_instant(row, s->stop);
    row_int(row, seen_end(s, &l->view) - s->due.at);
    l->rows++;
    beside_add(&l->beside, s, true, seen_late_corrected(s, &l->view));
    l->mark[0] = s->ticket;
    l->mark[1] = s->n;
    return OK;
}

static enum err add_row(struct listing *l, const struct seen *s, bool *stop)
{
    if (l->rows == l->page.limit) {
        l->more = true;
        *stop = true;
        return OK;
    }
    return write_row(l, s);
}

static bool is_listed(const struct listing *l, const struct seen *s)
{
    bool before = s->ticket == l->page.mark[0] && s->n <= l->page.mark[1];
    return s->kind == l->kind && !before && seen_late(s, &l->view);
}

static enum err finish_row(void *user, const struct seen *s, bool *stop)
{
    struct listing *l = user;
    return is_listed(l, s) ? add_row(l, s, stop) : OK;
}

static enum err let_go(struct listing *l, bool *stop)
{
    struct seen held = l->held;
    held.ref = l->held_ref;
    l->held.ticket = 0;
    return held.ticket == 0 ? OK : add_row(l, &held, stop);
}

static enum err overall_row(void *user, const struct seen *s, bool *stop)
{
    struct listing *l = user;
    enum err err = s->ticket == l->held.ticket ? OK : let_go(l, stop);
    if (err != OK || *stop) {
        return err;
    }
    if (is_listed(l, s)) {
        l->held = *s;
        snprintf(l->held_ref, sizeof l->held_ref, "%s", s->ref);
    } else if (s->ticket == l->held.ticket && s->kind == CLOCK_FINISH &&
               s->lead) {
        l->held.unit = s->unit;
    }
    return OK;
}

enum err report_list(struct call *c, const struct view *view, bool overall)
{
    struct listing l = {
        .c = c, .view = *view, .kind = overall ? CLOCK_OVERALL : CLOCK_FINISH};
    enum err err = page_begin(c, 2, 0, &l.page);
    if (err != OK) {
        return err;
    }
    l.table = table_new("number ref department due stop late_by");
    json_t *result = report_header(c, view);
    json_object_set_new(result, "overdue", l.table);
    struct scan scan = {.view = *view,
                        .finish_only = !overall,
                        .after = l.page.mark[0] > 0 ? l.page.mark[0] - 1 : 0,
                        .user = &l,
                        .fn = overall ? overall_row : finish_row};
    bool stop = false;
    err = report_scan(c, &scan);
    if (err == OK && !l.more) {
        err = let_go(&l, &stop);
    }
    if (err == OK) {
        report_beside(result, &l.beside, l.rows);
        if (l.more) {
            page_next(result, l.mark, 2);
        }
    }
    homes_done(&l.homes);
    return err;
}
