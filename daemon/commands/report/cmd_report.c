/* report.overdue by department, chain, guide or category.
 *
 *   by=department  counts dispatches (lead and co, each hop) by their finish
 *                  clock; with clock=overall tickets, under their latest lead
 *   the others     count leaf tickets: late if any lead dispatch was (or, with
 *                  clock=overall, the ticket's overall clock)
 *
 * filed: seen at all; closed: the clock has stopped, or, of a ticket, none of
 * its triage, overall and rework clocks runs; overdue_total: late by then;
 * overdue_still_open: late and not closed. What ended without a verdict of its
 * own (withdrawn in time, returned by the dispatcher's fault) counts as filed
 * and closed and not as overdue; what was late already when it was taken away
 * stays so. The list (by=none) is in cmd_report_list.c.
 *
 * Beside the table stand the individual plans among what was counted, and what
 * came to be counted otherwise by corrections that were known. */
#include "daemon/commands/report/cmd_report.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "core/clock.h"
#include "daemon/commands/report/report_beside.h"
#include "daemon/commands/report/report_groups.h"
#include "daemon/commands/result.h"
#include "daemon/commands/words.h"

enum count {
    FILED,
    CLOSED,
    OVERDUE,
    STILL_OPEN,
    COUNTS
};

/* A ticket while its clocks go by. */
struct tally_ticket {
    ticket_id id; /* 0: none yet */
    bool open;
    bool late;
    bool corrected;
    bool late_corrected;
    bool imported;
    bool leaf;
    bool special;
    bool hidden;
    register_id lead;
    register_id enterprise;
    char category[CODE_SIZE];
};

struct tally {
    struct call *c;
    struct view view;
    enum report_by by;
    bool overall;
    struct groups groups;
    struct homes homes;
    struct categories categories;
    struct tally_ticket t;
    int64_t total[COUNTS];
    struct beside beside;
};

/* -- counting ----------------------------------------------------------------
 */

static enum err count(struct tally *tally, int64_t id, bool open, bool late)
{
    struct group *group = NULL;
    enum err err = groups_at(&tally->groups, id, &group);
    if (err != OK) {
        return err;
    }
    int64_t adds[COUNTS] = {1, open ? 0 : 1, late ? 1 : 0,
                            late && open ? 1 : 0};
    for (int i = 0; i < COUNTS; i++) {
        group->counts[i] += adds[i];
        tally->total[i] += adds[i];
    }
    return OK;
}

static enum err home(struct tally *tally, register_id enterprise,
                     register_id *ret)
{
    enum statement ask =
        tally->by == REPORT_CHAIN ? STMT_CHAIN_AT : STMT_GUIDE_AT;
    return homes_find(&tally->homes, tally->c, enterprise, &tally->view, ask,
                      ret);
}

static enum err ticket_group(struct tally *tally, int64_t *ret)
{
    const struct tally_ticket *t = &tally->t;
    switch (tally->by) {
    case REPORT_DEPARTMENT:
        return homes_unit(&tally->homes, tally->c, t->lead, &tally->view, ret);
    case REPORT_CATEGORY:
        *ret = categories_id(&tally->categories, t->category);
        return OK;
    case REPORT_GUIDE: /* who asks is not to be learned by counting */
        *ret = 0;
        return t->hidden ? OK : home(tally, t->enterprise, ret);
    default:
        return home(tally, t->enterprise, ret);
    }
}

static enum err count_ticket(struct tally *tally)
{
    const struct tally_ticket *t = &tally->t;
    int64_t id = 0;
    if (t->id == 0 || !t->leaf ||
        (tally->by == REPORT_DEPARTMENT && t->lead == 0)) {
        return OK;
    }
    struct seen seen = {.imported = t->imported,
                        .special = t->special,
                        .corrected =
                            t->corrected ? VERDICT_KEPT : VERDICT_OPEN};
    beside_add(&tally->beside, &seen, t->late, t->late_corrected);
    enum err err = ticket_group(tally, &id);
    return err == OK ? count(tally, id, t->open, t->late) : err;
}

static enum err dispatch_row(void *user, const struct seen *s, bool *stop)
{
    struct tally *tally = user;
    register_id unit = 0;
    bool late = seen_late(s, &tally->view);
    (void)stop;
    beside_add(&tally->beside, s, late, seen_late_corrected(s, &tally->view));
    enum err err =
        homes_unit(&tally->homes, tally->c, s->unit, &tally->view, &unit);
    return err == OK ? count(tally, unit, s->stop == INSTANT_NONE, late) : err;
}

static void next_ticket(struct tally *tally, const struct seen *s)
{
    struct tally_ticket *t = &tally->t;
    *t = (struct tally_ticket){.id = s->ticket,
                               .imported = s->imported,
                               .leaf = s->leaf,
                               .special = s->special,
                               .hidden = s->hidden,
                               .enterprise = s->enterprise};
    snprintf(t->category, sizeof t->category, "%s", s->category);
}

static enum err ticket_row(void *user, const struct seen *s, bool *stop)
{
    struct tally *tally = user;
    struct tally_ticket *t = &tally->t;
    enum err err = OK;
    (void)stop;
    if (s->ticket != t->id) {
        err = count_ticket(tally);
        next_ticket(tally, s);
    }
    bool finish = s->kind == CLOCK_FINISH;
    if (tally->overall ? s->kind == CLOCK_OVERALL : finish && s->lead) {
        t->late = t->late || seen_late(s, &tally->view);
        t->late_corrected =
            t->late_corrected || seen_late_corrected(s, &tally->view);
        t->corrected = t->corrected || s->corrected != VERDICT_OPEN;
    }
    t->open = t->open || (!finish && s->stop == INSTANT_NONE);
    if (finish && s->lead) {
        t->lead = s->unit; /* by number: the latest stays */
    }
    return err;
}

/* -- writing -----------------------------------------------------------------
 */

static enum err name_groups(struct tally *tally)
{
    if (tally->by != REPORT_CATEGORY) {
        return groups_name(tally->c, &tally->groups, &tally->view);
    }
    categories_name(&tally->categories, &tally->groups);
    return OK;
}

static void write_groups(struct tally *tally)
{
    static const char *const columns[] = {
        [REPORT_DEPARTMENT] =
            "department filed closed overdue_total overdue_still_open",
        [REPORT_CHAIN] = "chain filed closed overdue_total overdue_still_open",
        [REPORT_GUIDE] = "guide filed closed overdue_total overdue_still_open",
        [REPORT_CATEGORY] =
            "category filed closed overdue_total overdue_still_open",
    };
    static const char *const totals[] = {"total_filed", "total_closed",
                                         "total_overdue", "total_still_open"};
    json_t *result = report_header(tally->c, &tally->view);
    json_t *table = table_new(columns[tally->by]);
    for (int i = 0; i < COUNTS; i++) {
        json_object_set_new(result, totals[i], json_integer(tally->total[i]));
    }
    report_beside(result, &tally->beside, tally->total[FILED]);
    json_object_set_new(result, "overdue", table);
    for (size_t i = 0; i < tally->groups.n; i++) {
        const struct group *group = &tally->groups.list[i];
        json_t *row = table_row(table);
        row_text(row, group->name);
        for (int k = 0; k < COUNTS; k++) {
            row_int(row, group->counts[k]);
        }
    }
}

static enum err grouped(struct call *c, const struct view *view,
                        enum report_by by, bool overall)
{
    struct tally *tally = calloc(1, sizeof *tally);
    if (tally == NULL) {
        return ERR_NO_MEMORY;
    }
    tally->c = c;
    tally->view = *view;
    tally->by = by;
    tally->overall = overall;
    bool dispatches = by == REPORT_DEPARTMENT && !overall;
    struct scan scan = {.view = *view,
                        .finish_only = dispatches,
                        .user = tally,
                        .fn = dispatches ? dispatch_row : ticket_row};
    enum err err = report_scan(c, &scan);
    if (err == OK) {
        err = count_ticket(tally);
    }
    if (err == OK) {
        err = name_groups(tally);
    }
    if (err == OK) {
        write_groups(tally);
        err = categories_words(&tally->categories, c, view);
    }
    groups_done(&tally->groups);
    homes_done(&tally->homes);
    free(tally);
    return err;
}

enum err cmd_report_overdue(struct call *c)
{
    struct view view;
    const struct value *by = arg(c, "by");
    const struct value *clock = arg(c, "clock");
    bool overall = clock->given && clock->number == 1;
    enum err err = view_begin(c, &view);
    if (err != OK) {
        return err;
    }
    if (!by->given || by->number == REPORT_NONE) {
        return report_list(c, &view, overall);
    }
    return grouped(c, &view, (enum report_by)by->number, overall);
}
