/* calendar.import and calendar.list. A notice replaces what an earlier notice
 * of its year said; then every open limit that it touches is reckoned anew
 * under the new calendar, the old one kept as a version. A verdict already
 * given stays. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "daemon/recompute.h"
#include "daemon/registry_put.h"
#include "daemon/result.h"
#include "daemon/rule_rows.h"
#include "proto/calendar_json.h"

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
    enum err err = rows_begin(c->store, STMT_DAYS_OF_NOTICE, binds, 2, &rows);
    if (err != OK) {
        return err;
    }
    old->n = 0;
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

/* -- the command -------------------------------------------------------------
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

static enum err import(struct call *c, const struct notice *notice)
{
    struct day_source source = {.seq = c->seq};
    struct recompute r = {.old_book = c->book};
    enum err err = organisation(c, &source.organisation);
    source.notice = source.organisation == 0 ? notice->year : 0;
    if (err == OK) {
        err = put_notice(c, &source, notice);
    }
    if (err == OK) {
        err = rulebook_load(c->store, &r.new_book, &c->problem);
    }
    if (err != OK) {
        return err;
    }
    set_span(notice, &r);
    r.organisation = source.organisation;
    r.lights = table_new("number before after");
    err = recompute_open(c, &r);
    rulebook_free(r.new_book);
    c->book_changed = true;
    c->result = json_object();
    json_object_set_new(c->result, "year", json_integer(notice->year));
    json_object_set_new(c->result, "days", json_integer(notice->days_n));
    json_object_set_new(c->result, "recomputed", json_integer(r.clocks));
    json_object_set_new(c->result, "kept_as_moved", json_integer(r.moved));
    json_object_set_new(c->result, "lights_changed", json_integer(r.changed));
    json_object_set_new(c->result, "tickets", r.lights);
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
