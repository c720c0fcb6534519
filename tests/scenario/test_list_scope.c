/* Whoever lists reads page by page exactly what they may see, in order,
 * wherever the list begins: a county with every relation of scope.h and many
 * tickets at random, each reader's lists held against all tickets, asked one by
 * one. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "lib/world.h"

#define E3 "91330921MA2B000030"

enum {
    DAYS = 12,
    TICKETS = 15 * DAYS,
    TICKETS_MAX = TICKETS + 50
};

/* A generator of the test's own: the same numbers everywhere. */
static uint32_t state_of_dice = 20261102;
static int dice(int n)
{
    state_of_dice = state_of_dice * 1664525U + 1013904223U;
    return (int)((state_of_dice >> 8) % (uint32_t)n);
}

static void person(struct world *w, const char *code, const char *unit,
                   const char *role)
{
    world_dof(w, NULL, "person.add",
              "{'code':'%s','name':'%s','unit':'%s','role':'%s'}", code, code,
              unit, role);
}

/* Beside the small county: a second chain with its committee and enterprise, a
 * leader, one who stands in, a department that nothing goes to, a guide of two
 * chains. */
static void open_county(struct world *w)
{
    world_open(w, "2026-11-02T08:40:00+08:00");
    world_county(w);
    world_do(w, NULL, "chain.add", "{'code':'port','name':'港口产业链'}");
    world_do(w, NULL, "committee.add",
             "{'code':'portdw','name':'港口党委','chain':'port'}");
    world_do(w, NULL, "enterprise.add",
             "{'code':'" E3 "','name':'丙港','chain':'port','force':true}");
    world_do(w, NULL, "department.add", "{'code':'e','name':'e局'}");
    person(w, "dp2", "portdw", "dispatcher");
    person(w, "qy3", E3, "enterprise");
    person(w, "e1", "e", "head");
    person(w, "ld", "zhb", "leader");
    person(w, "la", "a", "leader");
    person(w, "in", "e", "handler");
    world_do(w, NULL, "guide.assign",
             "{'enterprise':'" E3 "','person':'zdy','as':'specialist'}");
}

/* -- what happens ------------------------------------------------------------
 */

static const char *const units[] = {"a", "b", "c"};

struct party {
    const char *contact;
    const char *office;
};
static const struct party parties[] = {
    {"qy1", "dp"}, {"qy2", "zd"}, {"qy3", "dp2"}};

/* Whoever dispatches it now: it may be against one office, or be handed on. */
__attribute__((format(printf, 3, 4))) static bool
by_office(struct world *w, const char *method, const char *format, ...)
{
    static const char *const offices[] = {"dp", "zd", "dp2"};
    char params[256];
    va_list values;
    va_start(values, format);
    vsnprintf(params, sizeof params, format, values);
    va_end(values);
    for (int i = 0; i < 3; i++) {
        if (world_try(w, offices[i], method, params) == OK) {
            return true;
        }
    }
    return false;
}

static bool send_lead(struct world *w, const char *number, const char *unit)
{
    return by_office(w, "ticket.dispatch",
                     "{'ticket':'%s','unit':'%s','measure':'x',"
                     "'limit':'%dwd'}",
                     number, unit, 1 + dice(6));
}

/* What is refused (to a unit that it is against) does not happen. */
static void send(struct world *w, const char *number)
{
    const char *unit = units[dice(3)];
    char own[64];
    char head[8];
    if (!send_lead(w, number, unit)) {
        return;
    }
    snprintf(own, sizeof own, "{'ticket':'%s','reason':'x'}", number);
    snprintf(head, sizeof head, "%s1", unit);
    if (dice(3) == 0) {
        by_office(w, "ticket.dispatch",
                  "{'ticket':'%s','unit':'%s','measure':'x','kind':'co'}",
                  number, units[dice(3)]);
    }
    if (dice(4) == 0 && world_try(w, head, "ticket.return", own) == OK) {
        by_office(w, "ticket.decide",
                  "{'ticket':'%s','grant':true,'fault':'dispatcher'}", number);
        send_lead(w, number, units[dice(3)]); /* the first is a past hop */
    }
}

static void refuse_it(struct world *w, const char *number, const char *contact)
{
    if (by_office(w, "ticket.decline", "{'ticket':'%s','reason':'x'}",
                  number) &&
        dice(2) == 0) {
        world_dof(w, contact, "ticket.appeal", "{'ticket':'%s','reason':'x'}",
                  number);
    }
}

static void one_ticket(struct world *w)
{
    static const char *const more[] = {"",
                                       "",
                                       "",
                                       "",
                                       ",'confidential':true",
                                       ",'against':'a'",
                                       ",'against':'b'",
                                       ",'against':'boatdw'"};
    const struct party *p = &parties[dice(3)];
    char number[24];
    world_dof(w, p->contact, "ticket.file", "{'title':'x','category':'%s'%s}",
              dice(2) ? "land" : "permits", more[dice(8)]);
    snprintf(number, sizeof number, "%s", world_text(w, "number"));
    if (dice(9) == 0) {
        by_office(w, "ticket.leaders", "{'ticket':'%s','leader':'%s'}", number,
                  dice(2) ? "ld" : "la");
    }
    int fate = dice(8);
    if (fate == 0) {
        refuse_it(w, number, p->contact);
    } else if (fate > 1) {
        send(w, number);
    }
}

/* Half of them before, half after the register has changed: an enterprise goes
 * to the other chain with what is open, a department into another. */
static void live(struct world *w)
{
    for (int day = 2; day < 2 + DAYS; day++) {
        char now[32];
        snprintf(now, sizeof now, "2026-11-%02dT09:00:00+08:00", day);
        world_at(w, now);
        for (int i = 0; i < TICKETS / DAYS; i++) {
            one_ticket(w);
        }
        if (day == 2 + DAYS / 2) {
            world_do(w, NULL, "enterprise.move",
                     "{'code':'" E1 "','chain':'port'}");
            world_do(w, NULL, "department.merge", "{'code':'c','into':'b'}");
            world_do(w, NULL, "person.delegate", "{'from':'a1','to':'in'}");
        }
    }
    world_at(w, "2026-11-20T10:00:00+08:00");
}

/* -- all tickets, one by one -------------------------------------------------
 */

struct sight {
    struct world *w;
    int64_t ids[TICKETS_MAX]; /* newest first */
    bool seen[TICKETS_MAX];
    size_t n;
};

static void number_of(int64_t id, char out[24])
{
    snprintf(out, 24, "%lld-%03lld", (long long)(id / 1000000),
             (long long)(id % 1000000));
}

static void all_tickets(struct sight *s)
{
    int64_t id = INT64_MAX;
    for (s->n = 0;; s->n++) {
        char sql[96];
        snprintf(sql, sizeof sql,
                 "SELECT coalesce(max(id), 0) FROM ticket WHERE id < %lld",
                 (long long)id);
        id = world_count(s->w, sql);
        if (id == 0) {
            return;
        }
        assert_true(s->n < TICKETS_MAX);
        s->ids[s->n] = id;
    }
}

static size_t look(struct sight *s, const char *who)
{
    size_t n = 0;
    for (size_t i = 0; i < s->n; i++) {
        char number[24];
        char params[48];
        number_of(s->ids[i], number);
        snprintf(params, sizeof params, "{'ticket':'%s'}", number);
        s->seen[i] = world_try(s->w, who, "ticket.show", params) == OK;
        n += s->seen[i];
    }
    return n;
}

/* -- page by page ------------------------------------------------------------
 */

/* Reads a list to its end; the numbers one after the other, each with a blank.
 */
static void read_all(struct world *w, const char *who, const char *filter,
                     int limit, char *out, size_t size)
{
    char after[64] = "";
    size_t len = 0;
    out[0] = '\0';
    for (int pages = 0; pages < TICKETS_MAX; pages++) {
        world_dof(w, who, "ticket.list", "{'limit':%d%s%s}", limit, filter,
                  after);
        size_t n = json_array_size(world_rows(w, "tickets"));
        assert_true(n <= (size_t)limit);
        for (size_t i = 0; i < n; i++) {
            len += (size_t)snprintf(out + len, size - len, "%s ",
                                    world_cell(w, "tickets", i, "number"));
        }
        if (json_object_get(w->result, "next") == NULL) {
            return;
        }
        snprintf(after, sizeof after, ",'after':'%s'", world_text(w, "next"));
    }
    fail_msg("%s: no end", filter);
}

enum {
    TEXT_SIZE = TICKETS_MAX * 16
};

/* Those seen for which the condition holds, in the order of the column, which
 * is null for what does not belong. */
static void want_all(struct sight *s, const char *order, char *out, size_t size)
{
    int64_t keys[TICKETS_MAX];
    bool taken[TICKETS_MAX];
    size_t len = 0;
    out[0] = '\0';
    for (size_t i = 0; i < s->n; i++) {
        char sql[700];
        snprintf(sql, sizeof sql,
                 "SELECT coalesce((SELECT %s FROM ticket t WHERE t.id = %lld),"
                 " %lld)",
                 order, (long long)s->ids[i], (long long)INT64_MAX);
        keys[i] = s->seen[i] ? world_count(s->w, sql) : INT64_MAX;
        taken[i] = keys[i] == INT64_MAX;
    }
    for (;;) {
        size_t best = s->n;
        for (size_t i = s->n; i-- > 0;) { /* of equal ones the lower number */
            if (!taken[i] && (best == s->n || keys[i] < keys[best])) {
                best = i;
            }
        }
        if (best == s->n) {
            return;
        }
        char number[24];
        taken[best] = true;
        number_of(s->ids[best], number);
        len += (size_t)snprintf(out + len, size - len, "%s ", number);
    }
}

struct list_case {
    const char *filter;
    const char *order; /* SQL over one ticket t */
};
#define UNIT_ID(code) \
    "(SELECT id FROM register WHERE code = '" code "' AND kind < 5 LIMIT 1)"
/* Past due at 2026-11-20T10:00:00+08:00, of what waits or runs. */
#define LATE(more)                                                             \
    "(SELECT min(c.due_at) FROM clock c WHERE c.ticket = t.id AND +c.kind = 1" \
    " AND c.stop_at IS NULL AND c.to_seq IS NULL AND c.run = 0"                \
    " AND c.due_at < 1795140000 + c.by_day" more ")"
/* Of who is in a chain today. */
#define IN_CHAIN(code)                                                \
    "EXISTS (SELECT 1 FROM relation m WHERE m.subject = t.enterprise" \
    " AND m.kind = 0 AND m.to_seq IS NULL AND m.object = (SELECT id"  \
    " FROM register WHERE kind = 0 AND code = '" code "'))"
static const struct list_case cases[] = {
    {"", "-t.id"},
    {",'state':'dispatched'", "CASE WHEN t.state = 1 THEN -t.id END"},
    {",'category':'land'", "CASE WHEN t.category = 'land' THEN -t.id END"},
    {",'unit':'a'",
     "CASE WHEN EXISTS (SELECT 1 FROM dispatch d WHERE d.ticket = t.id"
     " AND d.unit = " UNIT_ID("a") ") THEN -t.id END"},
    {",'unit':'b'", /* which has taken over c */
     "CASE WHEN EXISTS (SELECT 1 FROM dispatch d WHERE d.ticket = t.id"
     " AND d.unit IN (" UNIT_ID("b") ", " UNIT_ID("c") ")) THEN -t.id END"},
    {",'leader':'ld'",
     "CASE WHEN EXISTS (SELECT 1 FROM ticket_person p WHERE p.ticket = t.id"
     " AND p.to_seq IS NULL AND p.person = (SELECT id FROM register"
     " WHERE code = 'ld')) THEN -t.id END"},
    {",'since':'2026-11-05T00:00:00+08:00','until':'2026-11-06T23:00:00+08:00'",
     "CASE WHEN t.id / 1000000 IN (20261105, 20261106) THEN -t.id END"},
    {",'overdue':true", LATE("")},
    {",'overdue':true,'unit':'b'",
     LATE(" AND c.unit IN (" UNIT_ID("b") ", " UNIT_ID("c") ")")},
    {",'overdue':true,'leader':'la'",
     "CASE WHEN EXISTS (SELECT 1 FROM ticket_person p WHERE p.ticket = t.id"
     " AND p.to_seq IS NULL AND p.person = (SELECT id FROM register"
     " WHERE code = 'la')) THEN " LATE("") " END"},
    {",'state':'declined'", "CASE WHEN t.state = 6 THEN -t.id END"},
    {",'chain':'port'", "CASE WHEN " IN_CHAIN("port") " THEN -t.id END"},
    {",'chain':'port','state':'dispatched'",
     "CASE WHEN t.state = 1 AND " IN_CHAIN("port") " THEN -t.id END"},
    {",'chain':'port','overdue':true",
     "CASE WHEN " IN_CHAIN("port") " THEN " LATE("") " END"},
};

/* An enterprise does not learn who is a leader; who is only of a unit does not
 * find by its chain what is confidential. */
static bool not_asked(const char *who, const char *filter)
{
    return (who[0] == 'q' && strstr(filter, "leader") != NULL) ||
           (strchr("abcei", who[0]) != NULL &&
            strstr(filter, "chain") != NULL) ||
           (strcmp(who, "la") == 0 && strstr(filter, "chain") != NULL);
}

static void same_lists(struct sight *s, const char *who)
{
    static char got[TEXT_SIZE];
    static char want[TEXT_SIZE];
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        const struct list_case *k = &cases[i];
        if (not_asked(who, k->filter)) {
            continue;
        }
        read_all(s->w, who, k->filter, 7, got, sizeof got);
        want_all(s, k->order, want, sizeof want);
        if (strcmp(got, want) != 0) {
            fail_msg("%s %s:\n%s\nnot\n%s", who, k->filter, got, want);
        }
    }
}

struct reader {
    const char *who;
    size_t least; /* so many they see, or the test would prove nothing */
    size_t most;
};

static void test_pages(void **state)
{
    static const struct reader readers[] = {
        {"sup", TICKETS, TICKETS}, {"zd", 20, 120},
        {"dp", 20, 120},           {"dp2", 40, 160},
        {"qy1", 20, 100},          {"qy2", 20, 100},
        {"qy3", 20, 100},          {"zdy", 60, 160},
        {"a1", 20, 100},           {"a2", 20, 100},
        {"b1", 40, 140},           {"b2", 40, 140},
        {"c1", 40, 140},           {"ld", 1, 30},
        {"la", 20, 120},           {"e1", 0, 0},
        {"in", 20, 100},
    };
    struct world w;
    struct sight s = {.w = &w};
    (void)state;
    open_county(&w);
    live(&w);
    all_tickets(&s);
    for (size_t i = 0; i < sizeof readers / sizeof readers[0]; i++) {
        const struct reader *r = &readers[i];
        size_t n = look(&s, r->who);
        if (n < r->least || n > r->most) {
            fail_msg("%s sees %zu of %zu", r->who, n, s.n);
        }
        same_lists(&s, r->who);
    }
    world_close(&w);
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(test_pages)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
