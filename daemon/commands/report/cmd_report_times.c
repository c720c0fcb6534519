/* report.times (M12): how soon the enterprises were answered and how long it
 * took, of the tickets filed in a period, as it was at an instant and known at
 * a journal number.
 *
 *   filed      leaf tickets filed from `from` to `at`
 *   responded  of them, with a first contact, answer or resolve by then;
 *              minutes are whole ones, as the clock on the wall counts
 *   resolved   of them, resolved by then, the latest time; working days are the
 *              working days after the day of filing, up to that of resolving
 *
 * by=department counts the answer for who led then, the resolve for who led
 * then, and the filing for who led last; so a ticket that was passed on is in
 * two rows. Working days go by the calendar that was known. Means have one
 * decimal, so has a median between two numbers. */
#include <assert.h>
#include <stdio.h>
#include <stdlib.h>

#include "daemon/commands/access.h"
#include "daemon/commands/report/cmd_report.h"
#include "daemon/commands/report/report_beside.h"
#include "daemon/commands/report/report_groups.h"
#include "daemon/commands/result.h"
#include "daemon/commands/rules/rulebook.h"
#include "daemon/store/scope.h"

enum count {
    FILED,
    RESPONDED,
    WITHIN_15,
    RESOLVED,
    MINUTES, /* to the first response, summed */
    WORKDAYS,
    SECONDS,
    COUNTS
};
static_assert((int)COUNTS <= (int)COUNTS_MAX, "counters of a group");

enum {
    WITHIN_S = 15 * 60
};

/* A number of which the median is asked. */
struct sample {
    int64_t group;
    int32_t kind; /* MINUTES or WORKDAYS */
    int32_t value;
};

struct samples {
    struct sample *list;
    size_t n;
    size_t room;
};

struct times {
    struct call *c;
    struct view view;
    instant from;
    enum report_by by;
    struct rulebook *book; /* with the calendars known at the view */
    struct groups groups;
    struct homes homes;
    struct homes units;
    struct categories categories;
    struct samples samples;
    int64_t filed;
    int64_t imported;
};

/* A ticket as it was seen. */
struct facts {
    ticket_id id;
    instant filed;
    instant responded; /* INSTANT_NONE: not by then */
    instant resolved;
    register_id enterprise;
    register_id organisation; /* whose calendar counts */
    const char *category;
    bool hidden;
};

/* -- what is read ------------------------------------------------------------
 */

/* ?1 scope, ?2 after, ?3 at, ?4 known, ?5 until, ?6 filed from. A ticket's row
 * says what is known today: when that was known is told by the clocks (4
 * contact, 7 review, 8 evaluate, 3 triage). Flag 256: it has parts. */
#define RESPONDED_KNOWN                                                   \
    "(EXISTS (SELECT 1 FROM clock k WHERE k.ticket = t.id AND k.kind = 4" \
    " AND k.stop_at <= t.responded_at AND k.verdict IN (1, 2)"            \
    " AND k.stop_seq <= ?4) OR EXISTS (SELECT 1 FROM clock k"             \
    " WHERE k.ticket = t.id AND k.kind IN (7, 8) AND k.v = 1"             \
    " AND k.start_at = t.responded_at AND k.from_seq <= ?4))"
#define TIMES_SELECT                                                   \
    "SELECT t.id, t.filed_at, CASE WHEN t.responded_at <= ?3"          \
    " AND " RESPONDED_KNOWN " THEN t.responded_at END,"                \
    " (SELECT max(k.start_at) FROM clock k WHERE k.ticket = t.id"      \
    " AND k.kind = 8 AND k.v = 1 AND k.from_seq <= ?4"                 \
    " AND k.from_at <= ?3), t.enterprise, (SELECT k.unit FROM clock k" \
    " WHERE k.ticket = t.id AND k.kind = 3 AND k.v = 1 LIMIT 1),"      \
    " t.category, " SCOPE_HIDDEN ", t.flags & 8 FROM ticket t"         \
    " WHERE t.id > ?2 AND t.id <= ?5 AND t.from_seq <= ?4"             \
    " AND t.filed_at <= ?3 AND t.filed_at >= ?6"                       \
    " AND NOT (t.flags & 256 AND EXISTS (SELECT 1 FROM ticket p"       \
    " WHERE p.parent = t.id AND p.parent <> 0 AND p.from_seq <= ?4"    \
    " AND p.filed_at <= ?3)) AND "
static_assert(CLOCK_CONTACT == 4 && CLOCK_REVIEW == 7 && CLOCK_EVALUATE == 8 &&
                  CLOCK_TRIAGE == 3 && TICKET_PARENT == 256 &&
                  TICKET_IMPORTED == 8 && VERDICT_KEPT == 1 &&
                  VERDICT_LATE == 2,
              "as above");

static enum err lead_at(struct times *t, const struct facts *f, instant at,
                        register_id *ret)
{
    struct cell binds[] = {cell_int("", f->id), cell_int("", at),
                           cell_int("", t->view.known)};
    register_id unit = 0;
    enum err err = rows_number(t->c->store, STMT_LEAD_AT, binds, 3, 0, &unit);
    return err == OK ? homes_unit(&t->units, t->c, unit, &t->view, ret) : err;
}

/* Under which group the ticket counts for what happened at that instant. */
static enum err group_of(struct times *t, const struct facts *f, instant at,
                         struct group **ret)
{
    int64_t id = 0;
    enum err err = OK;
    if (t->by == REPORT_DEPARTMENT) {
        err = lead_at(t, f, at, &id);
    } else if (t->by == REPORT_CATEGORY) {
        id = categories_id(&t->categories, f->category);
    } else if (t->by == REPORT_CHAIN || (t->by == REPORT_GUIDE && !f->hidden)) {
        err = homes_find(&t->homes, t->c, f->enterprise, &t->view,
                         t->by == REPORT_CHAIN ? STMT_CHAIN_AT : STMT_GUIDE_AT,
                         &id);
    }
    return err == OK ? groups_at(&t->groups, id, ret) : err;
}

/* -- counting ----------------------------------------------------------------
 */

static enum err add_sample(struct samples *s, int64_t group, enum count kind,
                           int64_t value)
{
    if (s->n == s->room) {
        size_t room = s->room == 0 ? 1024 : 2 * s->room;
        struct sample *list = realloc(s->list, room * sizeof *list);
        if (list == NULL) {
            return ERR_NO_MEMORY;
        }
        s->list = list;
        s->room = room;
    }
    s->list[s->n++] = (struct sample){
        group, (int32_t)kind, value > INT32_MAX ? INT32_MAX : (int32_t)value};
    return OK;
}

static enum err count_response(struct times *t, const struct facts *f)
{
    struct group *group = NULL;
    instant took = f->responded - f->filed;
    enum err err = group_of(t, f, f->responded, &group);
    if (err != OK) {
        return err;
    }
    group->counts[RESPONDED]++;
    group->counts[WITHIN_15] += took <= WITHIN_S ? 1 : 0;
    group->counts[MINUTES] += took / 60;
    return add_sample(&t->samples, group->id, MINUTES, took / 60);
}

static enum err count_resolve(struct times *t, const struct facts *f)
{
    struct group *group = NULL;
    enum err err = group_of(t, f, f->resolved, &group);
    if (err != OK) {
        return err;
    }
    int32_t days = calendar_workdays_after(
        rulebook_calendar(t->book, f->organisation), instant_day(f->filed),
        instant_day(f->resolved));
    group->counts[RESOLVED]++;
    group->counts[WORKDAYS] += days;
    group->counts[SECONDS] += f->resolved - f->filed;
    return add_sample(&t->samples, group->id, WORKDAYS, days);
}

static enum err count_ticket(struct times *t, const struct facts *f)
{
    struct group *group = NULL;
    enum err err = group_of(t, f, t->view.at, &group);
    if (err != OK) {
        return err;
    }
    group->counts[FILED]++;
    t->filed++;
    if (f->responded != INSTANT_NONE) {
        err = count_response(t, f);
    }
    return err == OK && f->resolved != INSTANT_NONE ? count_resolve(t, f) : err;
}

static enum err stride(void *user, ticket_id after, ticket_id until, bool *stop)
{
    struct times *t = user;
    char sql[sizeof TIMES_SELECT + sizeof SCOPE_WHERE];
    struct cell binds[] = {
        access_bind(t->c),        cell_int("", after),
        cell_int("", t->view.at), cell_int("", t->view.known),
        cell_int("", until),      cell_int("", t->from)};
    struct rows r;
    (void)stop;
    snprintf(sql, sizeof sql, "%s%s", TIMES_SELECT, access_where);
    enum err err = rows_begin_text(t->c->store, sql, binds, 6, &r);
    if (err != OK) {
        return err;
    }
    while (err == OK && rows_next(&r)) {
        struct facts f = {.id = rows_int(&r, 0),
                          .filed = rows_instant(&r, 1),
                          .responded = rows_instant(&r, 2),
                          .resolved = rows_instant(&r, 3),
                          .enterprise = rows_int(&r, 4),
                          .organisation = rows_int(&r, 5),
                          .category = rows_text(&r, 6),
                          .hidden = rows_int(&r, 7) != 0};
        t->imported += rows_int(&r, 8) != 0 ? 1 : 0;
        err = count_ticket(t, &f);
    }
    enum err end = rows_end(&r);
    return err == OK ? end : err;
}

/* -- writing -----------------------------------------------------------------
 */

static int compare_samples(const void *a, const void *b)
{
    const struct sample *x = a;
    const struct sample *y = b;
    if (x->group != y->group) {
        return x->group < y->group ? -1 : 1;
    }
    if (x->kind != y->kind) {
        return x->kind < y->kind ? -1 : 1;
    }
    return (x->value > y->value) - (x->value < y->value);
}

/* The first sample of a group and kind, or where it would stand. */
static size_t samples_from(const struct samples *s, int64_t group,
                           enum count kind)
{
    const struct sample wanted = {group, (int32_t)kind, INT32_MIN};
    size_t low = 0;
    size_t high = s->n;
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        if (compare_samples(&s->list[middle], &wanted) < 0) {
            low = middle + 1;
        } else {
            high = middle;
        }
    }
    return low;
}

/* In tenths; none of nothing. */
static void row_tenths(json_t *row, int64_t tenths, int64_t of)
{
    char text[32];
    if (of == 0) {
        row_text(row, NULL);
        return;
    }
    snprintf(text, sizeof text, "%lld.%lld", (long long)(tenths / 10),
             (long long)(tenths % 10));
    row_text(row, text);
}

static void row_median(json_t *row, const struct samples *s,
                       const struct group *group, enum count kind, int64_t n)
{
    int64_t tenths = 0;
    if (n > 0) {
        const struct sample *first = &s->list[samples_from(s, group->id, kind)];
        tenths = 5 * ((int64_t)first[(n - 1) / 2].value + first[n / 2].value);
    }
    row_tenths(row, tenths, n);
}

/* Rounded half up. */
static void row_mean(json_t *row, int64_t sum, int64_t unit, int64_t n)
{
    int64_t by = unit * n;
    row_tenths(row, n == 0 ? 0 : (10 * sum + by / 2) / by, n);
}

static void write_row(const struct times *t, json_t *table,
                      const struct group *group)
{
    const int64_t *n = group->counts;
    json_t *row = table_row(table);
    row_text(row, t->by == REPORT_NONE ? NULL : group->name);
    row_int(row, n[FILED]);
    row_int(row, n[RESPONDED]);
    row_median(row, &t->samples, group, MINUTES, n[RESPONDED]);
    row_mean(row, n[MINUTES], 1, n[RESPONDED]);
    row_int(row, n[WITHIN_15]);
    row_int(row, n[RESOLVED]);
    row_median(row, &t->samples, group, WORKDAYS, n[RESOLVED]);
    row_mean(row, n[WORKDAYS], 1, n[RESOLVED]);
    row_mean(row, n[SECONDS], SECONDS_PER_DAY, n[RESOLVED]);
}

static enum err write_times(struct times *t)
{
    json_t *table =
        table_new("group filed responded response_min_median response_min_mean "
                  "within_15_min resolved lead_wd_median lead_wd_mean "
                  "lead_days_mean");
    json_t *result = report_header(t->c, &t->view);
    json_object_set_new(result, "from", result_instant(t->from));
    json_object_set_new(result, "times", table);
    report_share(result, t->imported, t->filed);
    if (t->samples.n > 1) {
        qsort(t->samples.list, t->samples.n, sizeof t->samples.list[0],
              compare_samples);
    }
    enum err err = OK;
    if (t->by == REPORT_CATEGORY) {
        categories_name(&t->categories, &t->groups);
        err = categories_words(&t->categories, t->c, &t->view);
    } else if (t->by != REPORT_NONE) {
        err = groups_name(t->c, &t->groups, &t->view);
    }
    for (size_t i = 0; err == OK && i < t->groups.n; i++) {
        write_row(t, table, &t->groups.list[i]);
    }
    return err;
}

static enum err walk(struct times *t)
{
    ticket_id after = t->from == INSTANT_NONE ? 0 : ticket_id_day(t->from);
    enum err err = rulebook_load_before(t->c->store, t->view.known + 1,
                                        &t->book, &t->c->problem);
    if (err == OK) {
        err = report_strides(t->c, after, t, stride);
    }
    return err == OK ? write_times(t) : err;
}

enum err cmd_report_times(struct call *c)
{
    const struct value *by = arg(c, "by");
    const struct value *from = arg(c, "from");
    struct times *t = calloc(1, sizeof *t);
    if (t == NULL) {
        return ERR_NO_MEMORY;
    }
    t->c = c;
    t->by = by->given ? (enum report_by)by->number : REPORT_NONE;
    t->from = from->given ? from->at : INSTANT_NONE;
    enum err err = view_begin(c, &t->view);
    if (err == OK) {
        err = walk(t);
    }
    rulebook_free(t->book);
    groups_done(&t->groups);
    homes_done(&t->homes);
    homes_done(&t->units);
    free(t->samples.list);
    free(t);
    return err;
}
