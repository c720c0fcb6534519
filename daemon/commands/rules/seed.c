/* What a new store begins with: the built-in calendar, one record a year, and
 * the default regulation. From then on the store's rows count and not the
 * program's, so that a later program cannot change what an earlier one did. */
#include "daemon/commands/rules/seed.h"

#include <stdlib.h>
#include <string.h>

#include "core/holidays.h"
#include "daemon/commands/rules/rule_rows.h"
#include "proto/message.h"
#include "proto/regulation_json.h"

enum err calendar_put_day(struct store *s, const struct day_source *source,
                          const struct special_day *day)
{
    struct cell cells[] = {
        cell_int("organisation", source->organisation),
        cell_int("day", day->day),
        cell_int("from_seq", source->seq),
        cell_int("working", day->working ? 1 : 0),
        cell_text("name", day->name),
        cell_int("notice", source->notice),
        cell_null("to_seq"),
    };
    return store_put(s, TABLE_CALENDAR_DAY, cells,
                     (int)(sizeof cells / sizeof cells[0]));
}

enum err calendar_put_year(struct store *s, const struct day_source *source,
                           int year, const char *paper)
{
    struct cell cells[] = {
        cell_int("version", store_next_id(s, TABLE_CALENDAR_YEAR)),
        cell_int("organisation", source->organisation),
        cell_int("year", year),
        cell_text("source", paper),
        cell_int("seq", source->seq),
    };
    return store_put(s, TABLE_CALENDAR_YEAR, cells,
                     (int)(sizeof cells / sizeof cells[0]));
}

enum err regulation_put(struct store *s, int64_t version, instant effective,
                        const char *body, int64_t seq)
{
    struct cell cells[] = {
        cell_int("version", version),
        cell_int("effective", effective),
        cell_text("body", body),
        cell_int("seq", seq),
    };
    return store_put(s, TABLE_REGULATION, cells,
                     (int)(sizeof cells / sizeof cells[0]));
}

static enum err open_record(struct store *s, instant now, const char *method,
                            int64_t *ret_seq)
{
    struct record record = {
        .at = now, .recorded = now, .by = "operator", .method = method};
    return store_record_open(s, &record, ret_seq);
}

/* The days that the notice for `year` speaks of, its neighbours' included. */
static enum err seed_year(struct store *s, const struct calendar *cal, int year,
                          instant now)
{
    struct day_source source = {.notice = year};
    enum err err = open_record(s, now, "calendar.import", &source.seq);
    daynum from = day_from_civil((struct civil){year - 1, 12, 1});
    daynum to = day_from_civil((struct civil){year + 1, 1, 31});
    for (daynum day = from; err == OK && day <= to; day++) {
        if (cal->notice[day] != year - 1970 + 1) {
            continue;
        }
        struct special_day special = {.day = day,
                                      .working = calendar_works(cal, day)};
        snprintf(special.name, sizeof special.name, "%s",
                 calendar_name(cal, day));
        err = calendar_put_day(s, &source, &special);
    }
    if (err == OK) {
        err = calendar_put_year(s, &source, year, "built-in");
    }
    int64_t seq = 0;
    return err == OK ? store_record_close(s, &seq) : err;
}

static enum err seed_calendar(struct store *s, instant now)
{
    struct calendar *cal = malloc(sizeof *cal);
    if (cal == NULL) {
        return ERR_NO_MEMORY;
    }
    calendar_builtin(cal);
    enum err err = OK;
    for (int year = HOLIDAYS_FIRST_YEAR; year <= HOLIDAYS_LAST_YEAR; year++) {
        if (err == OK) {
            err = seed_year(s, cal, year, now);
        }
    }
    free(cal);
    return err;
}

static enum err seed_regulation(struct store *s, instant now)
{
    struct regulation *reg = malloc(sizeof *reg);
    if (reg == NULL) {
        return ERR_NO_MEMORY;
    }
    int64_t seq = 0;
    enum err err = regulation_default(reg);
    instant effective = err == OK ? reg->effective : INSTANT_NONE;
    free(reg);
    if (err == OK) {
        err = open_record(s, now, "regulation.add", &seq);
    }
    if (err == OK) {
        err = regulation_put(s, 1, effective, regulation_default_json, seq);
    }
    return err == OK ? store_record_close(s, &seq) : err;
}

enum err store_seed(struct store *s, instant now, struct problem *p)
{
    enum err err = store_begin(s);
    if (err != OK) {
        return problem_set(p, err, "", "", "seeding the store");
    }
    char created[INSTANT_TEXT_SIZE];
    err = meta_set(s, "created", instant_format(now, created));
    if (err == OK) {
        err = seed_calendar(s, now);
    }
    if (err == OK) {
        err = seed_regulation(s, now);
    }
    bool fatal = false;
    if (err == OK) {
        err = store_commit(s, &fatal);
    } else {
        store_rollback(s);
    }
    return err == OK ? OK : problem_set(p, err, "", "", "seeding the store");
}
