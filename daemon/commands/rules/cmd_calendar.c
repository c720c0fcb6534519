/* calendar.import and calendar.list. A notice replaces what an earlier notice
 * of its year said; then every open limit that it touches is reckoned anew
 * under the new calendar, the old one kept as a version. A verdict already
 * given stays.
 *
 * A million tickets do not go into one transaction. The first call puts the
 * notice and reckons a stride of tickets; what is left is noted in `meta`, and
 * the client asks again, with the same notice, until the answer says done. With
 * another notice it first finishes what is left. */
#include <stdlib.h>
#include <string.h>

#include "daemon/commands/registry/registry_put.h"
#include "daemon/commands/result.h"
#include "daemon/commands/rules/left.h"
#include "daemon/commands/rules/recompute.h"
#include "daemon/commands/rules/rule_rows.h"
#include "daemon/commands/rules/rulebook.h"
#include "proto/calendar_json.h"
#include "proto/hex.h"
#include "proto/latch.h"

enum {
    DIGEST_SIZE = 32
};

/* -- days --------------------------------------------------------------------
 */

struct old_days {
    int n;
    int64_t day[CALENDAR_FILE_DAYS_MAX];
    int64_t from_seq[CALENDAR_FILE_DAYS_MAX];
};

static bool speaks_of(const struct notice *notice, int64_t day)
{
    for (int32_t i = 0; i < notice->days_n; i++) {
        if (notice->days[i].day == day) {
            return true;
        }
    }
    return false;
}

/* A nation's notice is replaced as a whole, an organisation's day by day. */
static enum err find_old(struct call *c, const struct day_source *source,
                         const struct notice *notice, struct old_days *old)
{
    struct cell binds[] = {cell_int("", source->organisation),
                           cell_int("", source->notice)};
    struct rows rows;
    old->n = 0;
    enum err err = rows_begin(c->store, STMT_DAYS_OF_NOTICE, binds, 2, &rows);
    if (err != OK) {
        return err;
    }
    while (old->n < CALENDAR_FILE_DAYS_MAX && rows_next(&rows)) {
        int64_t day = rows_int(&rows, 0);
        if (source->organisation == 0 || speaks_of(notice, day)) {
            old->day[old->n] = day;
            old->from_seq[old->n++] = rows_int(&rows, 1);
        }
    }
    return rows_end(&rows);
}

static enum err end_old(struct call *c, const struct day_source *source,
                        const struct notice *notice)
{
    struct old_days old;
    enum err err = find_old(c, source, notice, &old);
    for (int i = 0; err == OK && i < old.n; i++) {
        struct cell cells[] = {
            cell_int("organisation", source->organisation),
            cell_int("day", old.day[i]),
            cell_int("from_seq", old.from_seq[i]),
            cell_int("to_seq", c->seq),
        };
        err = store_put(c->store, TABLE_CALENDAR_DAY, cells, 4);
    }
    return err;
}

static enum err put_notice(struct call *c, const struct day_source *source,
                           const struct notice *notice)
{
    enum err err = end_old(c, source, notice);
    for (int32_t i = 0; err == OK && i < notice->days_n; i++) {
        err = calendar_put_day(c->store, source, &notice->days[i]);
    }
    const char *paper = notice->papers_n > 0 ? notice->papers[0] : "";
    return err == OK ? calendar_put_year(c->store, source, notice->year, paper)
                     : err;
}

/* -- what is to be reckoned --------------------------------------------------
 */

static enum err organisation(struct call *c, register_id *ret)
{
    struct entry entry;
    *ret = 0;
    if (!arg(c, "organisation")->given) {
        return OK;
    }
    enum err err = named_unit(c, "organisation", &entry);
    if (err == OK && entry.kind != REGISTER_COMMITTEE &&
        entry.kind != REGISTER_OFFICE) {
        err = refuse(c, ERR_NOT_FOUND, "organisation", "", "");
    }
    if (err == OK) {
        *ret = entry.id;
    }
    return err;
}

/* The days that may now count differently: the year and what else the notice
 * speaks of. */
static void set_span(const struct notice *notice, struct recompute *r)
{
    daynum from = day_from_civil((struct civil){notice->year, 1, 1});
    daynum to = day_from_civil((struct civil){notice->year, 12, 31});
    for (int32_t i = 0; i < notice->days_n; i++) {
        daynum day = notice->days[i].day;
        from = day < from ? day : from;
        to = day > to ? day : to;
    }
    r->from = day_start(from);
    r->to = day_start(to + 1);
}

static const char left_name[] = "calendar_left";

/* Whose notice it is: SM3 of body and organisation, in hex. */
static enum err notice_digest(struct call *c, char ret[HEX_SIZE(DIGEST_SIZE)])
{
    uint8_t digest[DIGEST_SIZE];
    const struct value *unit = arg(c, "organisation");
    json_t *both =
        json_pack("[O,s]", arg(c, "body")->json, unit->given ? unit->code : "");
    char *text =
        both == NULL ? NULL : json_dumps(both, JSON_COMPACT | JSON_SORT_KEYS);
    json_decref(both);
    if (text == NULL) {
        return ERR_NO_MEMORY;
    }
    store_digest(text, strlen(text), digest);
    latch_free(text);
    hex_encode(digest, sizeof digest, ret);
    return OK;
}

/* -- the command -------------------------------------------------------------
 */

/* Puts the notice; *ret is what is then left to do: everything. */
static enum err start(struct call *c, const struct notice *notice,
                      const char *digest, json_t **ret)
{
    struct day_source source = {.seq = c->seq};
    struct recompute r = {.last = 0};
    enum err err = organisation(c, &source.organisation);
    source.notice = source.organisation == 0 ? notice->year : 0;
    if (err == OK) {
        err = put_notice(c, &source, notice);
    }
    if (err != OK) {
        return err;
    }
    c->book_changed = true;
    set_span(notice, &r);
    *ret = json_pack(
        "{s:s, s:I, s:I, s:I, s:I, s:I, s:{s:i, s:i, s:I, s:I, s:I, s:o}}",
        "digest", digest, "seq", (json_int_t)c->seq, "organisation",
        (json_int_t)source.organisation, "from", (json_int_t)r.from, "to",
        (json_int_t)r.to, "last", (json_int_t)0, "result", "year", notice->year,
        "days", (int)notice->days_n, "recomputed", (json_int_t)0,
        "kept_as_moved", (json_int_t)0, "lights_changed", (json_int_t)0,
        "tickets", table_new("number before after"));
    return *ret == NULL ? ERR_NO_MEMORY : OK;
}

/* The call's own book is the new one, but in the call that brings the notice.
 */
static enum err both_books(struct call *c, int64_t seq, struct recompute *r)
{
    if (!c->book_changed) {
        r->new_book = rulebook_ref(c->book);
        return rulebook_before(c->book, c->store, seq, &r->old_book,
                               &c->problem);
    }
    r->old_book = rulebook_ref(c->book);
    return rulebook_load(c->store, &r->new_book, &c->problem);
}

/* One stride of what is left. */
static enum err go_on(struct call *c, json_t *left, bool *ret_done)
{
    json_t *result = json_object_get(left, "result");
    struct recompute r = {.organisation = left_number(left, "organisation"),
                          .from = left_number(left, "from"),
                          .to = left_number(left, "to"),
                          .last = left_number(left, "last")};
    r.tally =
        (struct reckoned){.clocks = left_number(result, "recomputed"),
                          .kept = left_number(result, "kept_as_moved"),
                          .changed = left_number(result, "lights_changed"),
                          .lights = json_object_get(result, "tickets")};
    enum err err = both_books(c, left_number(left, "seq"), &r);
    if (err == OK) {
        err = recompute_stride(c, &r);
    }
    rulebook_free(r.old_book);
    rulebook_free(r.new_book);
    left_number_set(left, "last", r.last);
    left_number_set(result, "recomputed", r.tally.clocks);
    left_number_set(result, "kept_as_moved", r.tally.kept);
    left_number_set(result, "lights_changed", r.tally.changed);
    *ret_done = r.done;
    return err == OK ? left_set(c, left_name, left, r.done) : err;
}

static enum err import(struct call *c, const struct notice *notice)
{
    char digest[HEX_SIZE(DIGEST_SIZE)];
    json_t *left = NULL;
    bool done = false;
    enum err err = notice_digest(c, digest);
    if (err == OK) {
        err = left_get(c, left_name, &left);
    }
    if (err == OK && left == NULL) {
        err = start(c, notice, digest, &left);
    }
    if (err == OK) {
        err = go_on(c, left, &done);
    }
    if (err == OK) {
        const char *whose = json_string_value(json_object_get(left, "digest"));
        bool own = whose != NULL && strcmp(whose, digest) == 0;
        c->result = json_incref(json_object_get(left, "result"));
        json_object_set_new(c->result, "done", json_boolean(own && done));
    }
    json_decref(left);
    return err;
}

enum err cmd_calendar_import(struct call *c)
{
    struct notice *notice = malloc(sizeof *notice);
    if (notice == NULL) {
        return ERR_NO_MEMORY;
    }
    enum err err = calendar_decode(arg(c, "body")->json, notice, &c->problem);
    if (err == OK) {
        err = import(c, notice);
    }
    free(notice);
    return err;
}

/* -- the list ----------------------------------------------------------------
 */

static int64_t workdays(const struct calendar *calendar, int64_t year)
{
    daynum from = day_from_civil((struct civil){(int)year, 1, 1});
    daynum to = day_from_civil((struct civil){(int)year + 1, 1, 1});
    return calendar_workdays_between(calendar, from, to);
}

enum err cmd_calendar_list(struct call *c)
{
    json_t *table = table_new("version year organisation workdays source seq");
    c->result = json_object();
    json_object_set_new(c->result, "years", table);
    struct rows rows;
    enum err err = rows_begin(c->store, STMT_YEARS_LIST, NULL, 0, &rows);
    while (err == OK && rows_next(&rows)) {
        json_t *row = table_row(table);
        int64_t year = rows_int(&rows, 2);
        const struct calendar *calendar =
            rulebook_calendar(c->book, rows_int(&rows, 1));
        row_int(row, rows_int(&rows, 0));
        row_int(row, year);
        row_text(row, rows_text(&rows, 5));
        row_int(row, workdays(calendar, year));
        row_text(row, rows_text(&rows, 3));
        row_int(row, rows_int(&rows, 4));
    }
    return err == OK ? rows_end(&rows) : err;
}
