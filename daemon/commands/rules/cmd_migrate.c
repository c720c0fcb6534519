/* regulation.migrate: open tickets are moved to another version of the
 * regulation, each in a record of its own that names the reason. Limits that
 * the old version set become the new one's, own limits and verdicts stay. A
 * ticket whose codes the new version does not have is left alone and listed.
 *
 * As with calendar.import, one call moves a stride; what is left is noted in
 * `meta`, and the client asks again until the answer says done. */
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "daemon/commands/result.h"
#include "daemon/commands/rules/left.h"
#include "daemon/commands/rules/recompute.h"
#include "daemon/commands/rules/rulebook.h"

static const char left_name[] = "regulation_left";

struct migration_run {
    struct call *c;
    const struct regulation *to;
    struct reckoning reckoning;
    struct reckoned tally;
    const char *reason;
    int64_t from;       /* only tickets of this version; 0: of any other */
    int64_t last;       /* all tickets up to it are done */
    int64_t moved;      /* tickets */
    int64_t alone;      /* tickets */
    bool recorded;      /* the open record has something in it */
    json_t *left_alone; /* number and the code that is missing */
};

/* -- one ticket --------------------------------------------------------------
 */

static void leave_alone(struct migration_run *m, ticket_id id, const char *what)
{
    if (m->alone++ < LIGHTS_LISTED_MAX) {
        json_t *row = table_row(m->left_alone);
        row_number(row, id);
        row_text(row, what);
    }
}

/* A record about this ticket, with the reason in it. */
static enum err begin_record(struct migration_run *m, ticket_id id)
{
    struct call *c = m->c;
    int64_t text = 0;
    enum err err = OK;
    if (m->recorded) {
        err = call_next_record(c, c->command->name);
    }
    m->recorded = true;
    if (err != OK) {
        return err;
    }
    store_record_ticket(c->store, id);
    return store_text_add(c->store, TEXT_REASON, m->reason, strlen(m->reason),
                          &text);
}

static enum err move_ticket(struct migration_run *m, ticket_id id)
{
    struct work w;
    struct call *c = m->c;
    enum err err = work_load(c->store, c->book, id, &w);
    if (err != OK) {
        return err;
    }
    const char *missing = reckon_missing(&w, m->to);
    if (missing != NULL) {
        leave_alone(m, id, missing);
        return OK;
    }
    bool any = false;
    m->reckoning.old = w.rules;
    m->reckoning.new = (struct rules){m->to, w.rules.calendar};
    err = reckon(&m->reckoning, &w, &any);
    if (err != OK) {
        return err;
    }
    reckon_tally(&m->reckoning, &w, &m->tally);
    w.after.regulation = m->to->version;
    m->moved++;
    err = begin_record(m, id);
    return err == OK ? reckon_save(&w, c->at) : err;
}

static enum err next_tickets(const struct migration_run *m, ticket_id *ids,
                             int *ret_n)
{
    struct cell binds[] = {cell_int("", m->last), cell_int("", m->to->version),
                           cell_int("", m->from), cell_int("", STRIDE_TICKETS)};
    struct rows rows;
    int n = 0;
    enum err err =
        rows_begin(m->c->store, STMT_TICKETS_TO_MIGRATE, binds, 4, &rows);
    if (err != OK) {
        return err;
    }
    while (n < STRIDE_TICKETS && rows_next(&rows)) {
        ids[n++] = rows_int(&rows, 0);
    }
    *ret_n = n;
    return rows_end(&rows);
}

static enum err stride(struct migration_run *m, bool *ret_done)
{
    ticket_id ids[STRIDE_TICKETS];
    int n = 0;
    enum err err = next_tickets(m, ids, &n);
    for (int i = 0; err == OK && i < n; i++) {
        err = move_ticket(m, ids[i]);
        m->last = ids[i];
    }
    *ret_done = n < STRIDE_TICKETS;
    return err;
}

/* -- what is left ------------------------------------------------------------
 */

static enum err start(struct call *c, json_t **ret)
{
    const struct value *from = arg(c, "from");
    int64_t to = arg(c, "to")->number;
    if (from->given && rulebook_regulation(c->book, from->number) == NULL) {
        return refuse(c, ERR_NOT_FOUND, "from", "", "");
    }
    if (rulebook_regulation(c->book, to) == NULL) {
        return refuse(c, ERR_NOT_FOUND, "to", "", "");
    }
    *ret = json_pack(
        "{s:I, s:I, s:{s:I, s:I, s:I, s:I, s:I, s:I, s:o, s:o}}", "from",
        (json_int_t)(from->given ? from->number : 0), "last", (json_int_t)0,
        "result", "to", (json_int_t)to, "migrated", (json_int_t)0, "recomputed",
        (json_int_t)0, "kept_as_moved", (json_int_t)0, "left_alone",
        (json_int_t)0, "lights_changed", (json_int_t)0, "tickets",
        table_new("number before after"), "alone", table_new("number missing"));
    return *ret == NULL ? ERR_NO_MEMORY : OK;
}

/* One stride of what is left. */
static enum err go_on(struct call *c, json_t *left, bool *ret_done)
{
    json_t *result = json_object_get(left, "result");
    struct migration_run m = {
        .c = c,
        .to = rulebook_regulation(c->book, left_number(result, "to")),
        .reckoning = {.at = c->at},
        .tally = {.clocks = left_number(result, "recomputed"),
                  .kept = left_number(result, "kept_as_moved"),
                  .changed = left_number(result, "lights_changed"),
                  .lights = json_object_get(result, "tickets")},
        .reason = arg_text(c, "reason"),
        .from = left_number(left, "from"),
        .last = left_number(left, "last"),
        .moved = left_number(result, "migrated"),
        .alone = left_number(result, "left_alone"),
        .left_alone = json_object_get(result, "alone")};
    enum err err = m.to == NULL ? ERR_CORRUPT : stride(&m, ret_done);
    reckoning_done(&m.reckoning);
    left_number_set(left, "last", m.last);
    left_number_set(result, "migrated", m.moved);
    left_number_set(result, "recomputed", m.tally.clocks);
    left_number_set(result, "kept_as_moved", m.tally.kept);
    left_number_set(result, "left_alone", m.alone);
    left_number_set(result, "lights_changed", m.tally.changed);
    return err == OK ? left_set(c, left_name, left, *ret_done) : err;
}

/* Another move that is not done yet is to be finished first: with its own
 * reason. */
static enum err check_own(struct call *c, const json_t *left)
{
    const struct value *from = arg(c, "from");
    int64_t own = from->given ? from->number : 0;
    int64_t to = left_number(json_object_get(left, "result"), "to");
    if (to == arg(c, "to")->number && left_number(left, "from") == own) {
        return OK;
    }
    char expected[PROBLEM_TEXT_SIZE];
    int len = snprintf(expected, sizeof expected, "to=%" PRId64, to);
    if (left_number(left, "from") != 0) {
        snprintf(expected + len, sizeof expected - (size_t)len,
                 " from=%" PRId64, left_number(left, "from"));
    }
    return refuse(c, ERR_BAD_STATE, "to", expected,
                  "a move to that version is not done yet");
}

enum err cmd_regulation_migrate(struct call *c)
{
    json_t *left = NULL;
    bool done = false;
    enum err err = left_get(c, left_name, &left);
    if (err == OK) {
        err = left == NULL ? start(c, &left) : check_own(c, left);
    }
    if (err == OK) {
        err = go_on(c, left, &done);
    }
    if (err == OK) {
        c->result = json_incref(json_object_get(left, "result"));
        json_object_set_new(c->result, "done", json_boolean(done));
    }
    json_decref(left);
    return err;
}
