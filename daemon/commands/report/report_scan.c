/* The bitemporal walk: see report_scan.h. */
#include "daemon/commands/report/report_scan.h"

#include <assert.h>
#include <stdio.h>

#include "daemon/commands/access.h"
#include "daemon/store/scope.h"

enum {
    STRIDE_TICKETS = 20000,
    SCAN_SIZE = 8192
};

#define TICKET_LAST INT64_MAX

/* The flags of a ticket are today's: what made them so is looked at as it was
 * seen. (256 TICKET_PARENT, 64 TICKET_SPECIAL) */
#define SCAN_PARTS                                                  \
    "CASE WHEN t.flags & 256 THEN EXISTS (SELECT 1 FROM ticket p"   \
    " WHERE p.parent = t.id AND p.parent <> 0 AND p.from_seq <= ?4" \
    " AND p.filed_at <= ?3) ELSE 0 END"
#define SCAN_SPECIAL                                               \
    "CASE WHEN t.flags & 64 THEN EXISTS (SELECT 1 FROM dispatch p" \
    " WHERE p.ticket = t.id AND p.plan_text IS NOT NULL"           \
    " AND p.from_seq <= ?4 AND p.sent_at <= ?3) ELSE 0 END"

/* Binds: ?1 scope, ?2 ticket after which, ?3 at, ?4 known, ?5 last ticket. */
#define SCAN_SELECT                                                 \
    "SELECT c.ticket, c.n, c.kind, %s, c.unit, c.due_at, c.by_day," \
    " c.yellow_at, c.paused_at, c.stop_at, c.stop_seq, c.verdict,"  \
    " t.enterprise, t.flags, t.category, t.ref,"                    \
    " CASE WHEN c.corrected_seq <= ?4 THEN c.corrected ELSE 0 END," \
    " " SCAN_PARTS ", " SCAN_SPECIAL ", " SCOPE_HIDDEN " FROM %s"   \
    " ON c.ticket = t.id WHERE %s > ?2 AND %s <= ?5"                \
    " AND c.kind IN (%s) AND c.from_seq <= ?4 AND c.from_at <= ?3"  \
    " AND (c.to_seq IS NULL OR c.to_seq > ?4 OR c.to_at > ?3)"      \
    " AND t.from_seq <= ?4 AND t.filed_at <= ?3 AND %s"             \
    " ORDER BY %s, c.n, c.v"

/* Asked only of the clocks that have a dispatch. */
#define SCAN_LEAD                                                \
    "CASE WHEN c.dispatch > 0 THEN (SELECT d.kind FROM dispatch" \
    " d WHERE d.ticket = c.ticket AND d.n = c.dispatch) END"

/* Both tables lie in the order that is asked for. Who sees everything begins
 * with the clocks and looks up the ticket of one that counts; who does not
 * begins with the tickets and leaves the clocks of others alone. */
static void scan_sql(const struct call *c, const struct scan *scan,
                     char sql[SCAN_SIZE])
{
    bool all = access_all(&c->actor);
    const char *key = all ? "c.ticket" : "t.id";
    int len = snprintf(
        sql, SCAN_SIZE, SCAN_SELECT, scan->finish_only ? "NULL" : SCAN_LEAD,
        all ? "clock c CROSS JOIN ticket t" : "ticket t CROSS JOIN clock c",
        key, key, scan->finish_only ? "1" : "1, 3, 6, 9", access_where, key);
    assert(len < SCAN_SIZE);
    (void)len;
}

static_assert(TICKET_PARENT == 256 && TICKET_SPECIAL == 64, "as above");
static_assert(CLOCK_FINISH == 1 && CLOCK_TRIAGE == 3 && CLOCK_OVERALL == 6 &&
                  CLOCK_REWORK == 9,
              "as in scan_sql()");

enum err view_begin(struct call *c, struct view *ret)
{
    const struct value *at = arg(c, "at");
    const struct value *known = arg(c, "known");
    ret->at = at->given ? at->at : c->at;
    ret->known = known->given ? known->number : c->head;
    if (ret->known > c->head) {
        char head[64];
        snprintf(head, sizeof head, "a journal number up to %lld",
                 (long long)c->head);
        return refuse(c, ERR_BAD_PARAM, "known", head,
                      "nothing is known at a number that is not there yet");
    }
    return OK;
}

instant seen_end(const struct seen *s, const struct view *view)
{
    if (s->stop != INSTANT_NONE) {
        return s->stop;
    }
    return s->paused != INSTANT_NONE ? s->paused : view->at;
}

bool seen_late(const struct seen *s, const struct view *view)
{
    return !s->is_void && s->due.at != INSTANT_NONE &&
           due_late(s->due, seen_end(s, view));
}

bool seen_late_corrected(const struct seen *s, const struct view *view)
{
    if (s->corrected == VERDICT_OPEN) {
        return seen_late(s, view);
    }
    return s->corrected == VERDICT_LATE && s->stop != INSTANT_NONE;
}

static struct seen read_seen(const struct rows *r, const struct view *view)
{
    struct seen s = {
        .ticket = rows_int(r, 0),
        .n = (int32_t)rows_int(r, 1),
        .kind = (enum clock_kind)rows_enum(r, 2, CLOCK_KIND_COUNT),
        .lead = rows_int_or(r, 3, -1) == DISPATCH_LEAD,
        .unit = rows_int(r, 4),
        .due = {.at = rows_instant(r, 5), .by_day = rows_int(r, 6) != 0},
        .yellow = rows_instant(r, 7),
        .paused = rows_instant(r, 8),
        .stop = rows_instant(r, 9),
        .enterprise = rows_int(r, 12),
        .imported = (rows_int(r, 13) & TICKET_IMPORTED) != 0,
        .leaf = rows_int(r, 17) == 0,
        .special = rows_int(r, 18) != 0,
        .hidden = rows_int(r, 19) != 0,
        .corrected = (enum verdict)rows_enum(r, 16, VERDICT_VOID + 1),
        .category = rows_text(r, 14),
        .ref = rows_text(r, 15),
    };
    if (s.stop > view->at || rows_int(r, 10) > view->known) {
        s.stop = INSTANT_NONE;
    }
    if (s.paused > view->at) {
        s.paused = INSTANT_NONE;
    }
    s.is_void = s.stop != INSTANT_NONE && rows_int(r, 11) == VERDICT_VOID;
    return s;
}

/* A stride is so many tickets, whether they count or not: it takes as long for
 * who may see little of them. */
static enum err stride_end(struct call *c, ticket_id after, ticket_id *ret)
{
    struct cell binds[] = {cell_int("", after),
                           cell_int("", STRIDE_TICKETS - 1)};
    return rows_number(c->store, STMT_TICKET_STRIDE, binds, 2, TICKET_LAST,
                       ret);
}

enum err report_strides(struct call *c, ticket_id after, void *user,
                        enum err (*one)(void *user, ticket_id after,
                                        ticket_id until, bool *stop))
{
    enum err err = OK;
    bool stop = false;
    while (err == OK && !stop && after != TICKET_LAST) {
        ticket_id until = TICKET_LAST;
        err = stride_end(c, after, &until);
        if (err == OK) {
            err = one(user, after, until, &stop);
        }
        after = until;
        if (err == OK && !stop && after != TICKET_LAST) {
            store_release(c->store);
            err = store_snapshot(c->store);
        }
    }
    return err;
}

struct walk {
    struct call *c;
    const struct scan *scan;
    const char *sql;
};

static enum err stride(void *user, ticket_id after, ticket_id until, bool *stop)
{
    struct walk *w = user;
    const struct view *view = &w->scan->view;
    struct rows rows;
    struct cell binds[] = {access_bind(w->c), cell_int("", after),
                           cell_int("", view->at), cell_int("", view->known),
                           cell_int("", until)};
    enum err err = rows_begin_text(w->c->store, w->sql, binds, 5, &rows);
    if (err != OK) {
        return err;
    }
    while (err == OK && !*stop && rows_next(&rows)) {
        struct seen seen = read_seen(&rows, view);
        err = w->scan->fn(w->scan->user, &seen, stop);
    }
    enum err end = rows_end(&rows);
    return err == OK ? end : err;
}

enum err report_scan(struct call *c, const struct scan *scan)
{
    char sql[SCAN_SIZE];
    struct walk walk = {c, scan, sql};
    scan_sql(c, scan, sql);
    return report_strides(c, scan->after, &walk, stride);
}
