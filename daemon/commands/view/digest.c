/* See digest.h. People are gone through by id; the mark says on which day, and
 * after whom the next stride goes on. */
#include "daemon/commands/view/digest.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>

#include "core/regulation.h"
#include "daemon/commands/access.h"
#include "daemon/commands/rules/rulebook.h"
#include "daemon/commands/view/mine.h"
#include "daemon/store/outbox.h"

enum {
    MARK_SIZE = 64,
    LOOK_AHEAD_DAYS = 7 /* without any regulation */
};
#define ALL_DONE INT64_MAX

struct mark {
    daynum day; /* 0: none yet */
    int64_t after;
};

static enum err mark_get(struct store *s, struct mark *ret)
{
    char text[MARK_SIZE] = "0 0";
    enum err err = meta_get(s, "digest", text, sizeof text);
    if (err != OK && err != ERR_NOT_FOUND) {
        return err;
    }
    char *rest = NULL;
    ret->day = (daynum)strtol(text, &rest, 10);
    ret->after = strtoll(rest, NULL, 10);
    return OK;
}

static enum err mark_set(struct store *s, const struct mark *mark)
{
    char text[MARK_SIZE];
    snprintf(text, sizeof text, "%" PRId32 " %" PRId64, mark->day, mark->after);
    return meta_set(s, "digest", text);
}

/* When that day's work begins; INSTANT_NONE without a regulation. */
static instant begins(const struct rulebook *book, daynum day)
{
    const struct regulation *reg = rulebook_in_force(book, day_start(day));
    return reg == NULL ? INSTANT_NONE
                       : day_start(day) + reg->worktime.segments[0].from;
}

enum err digest_next(struct store *s, const struct rulebook *book, instant now,
                     instant *ret)
{
    struct mark mark;
    enum err err = mark_get(s, &mark);
    if (err != OK) {
        return err;
    }
    daynum day = instant_day(now);
    if (mark.day > day || (mark.day == day && mark.after == ALL_DONE)) {
        day++;
    }
    for (daynum last = day + LOOK_AHEAD_DAYS; day < last; day++) {
        *ret = begins(book, day);
        if (*ret != INSTANT_NONE) {
            return OK;
        }
    }
    *ret = day_start(day);
    return OK;
}

/* -- one stride --------------------------------------------------------------
 */

struct stride {
    struct store *store;
    struct rulebook *book;
    instant now;
    daynum day;
    int64_t seq;
    int64_t looked; /* tickets, so far */
    int n;
    struct {
        register_id person;
        register_id unit;
        char code[CODE_SIZE];
    } people[DIGEST_PEOPLE_MAX];
};

static enum err read_people(struct stride *t, int64_t after)
{
    struct cell binds[] = {cell_int("", after),
                           cell_int("", DIGEST_PEOPLE_MAX)};
    struct rows rows;
    enum err err = rows_begin(t->store, STMT_DIGEST_PEOPLE, binds, 2, &rows);
    if (err != OK) {
        return err;
    }
    while (t->n < DIGEST_PEOPLE_MAX && rows_next(&rows)) {
        t->people[t->n].person = rows_int(&rows, 0);
        t->people[t->n].unit = rows_int(&rows, 1);
        snprintf(t->people[t->n].code, CODE_SIZE, "%s", rows_text(&rows, 2));
        t->n++;
    }
    return rows_end(&rows);
}

static enum err put(const struct stride *t, register_id person,
                    const struct mine_counts *counts)
{
    struct cell cells[] = {
        cell_int("person", person),
        cell_int("day", t->day),
        cell_int("todo", counts->todo.n),
        cell_int("soon", counts->soon.n),
        cell_int("overdue", counts->overdue.n),
        cell_int("at", t->now),
        cell_int("seq", t->seq),
    };
    struct delivery delivery = {.person = person, .day = t->day};
    enum err err = store_put(t->store, TABLE_DIGEST, cells,
                             (int)(sizeof cells / sizeof cells[0]));
    return err == OK ? outbox_post(t->store, &delivery, person, t->now) : err;
}

/* As `mine` answers them; who has too many posts to be answered is not told. */
static enum err count(const struct stride *t, const char *code,
                      struct mine_counts *ret)
{
    struct call c = {
        .store = t->store, .book = t->book, .at = t->now, .recorded = t->now};
    *ret = (struct mine_counts){.looked = 0};
    enum err err = access_actor(&c, code);
    if (err == OK) {
        err = mine_count(&c, ret);
    }
    if (err == ERR_CORRUPT && store_lost(t->store) == OK) {
        /* one damaged ticket: its people get none, all others theirs */
        *ret = (struct mine_counts){.looked = ret->looked};
        return OK;
    }
    return err == ERR_LIMIT ? OK : err;
}

static enum err tell(struct stride *t, int i)
{
    struct mine_counts counts;
    register_id person = t->people[i].person;
    const struct calendar *calendar =
        rulebook_calendar(t->book, t->people[i].unit);
    if (!calendar_works(calendar, t->day)) {
        return OK;
    }
    enum err err = count(t, t->people[i].code, &counts);
    t->looked += counts.looked;
    return err == OK && counts.todo.n > 0 ? put(t, person, &counts) : err;
}

static enum err tell_all(struct stride *t, struct mark *mark)
{
    enum err err = read_people(t, mark->after);
    int i = 0;
    while (err == OK && i < t->n && t->looked < DIGEST_LOOKED_MAX) {
        err = tell(t, i);
        mark->after = t->people[i++].person;
    }
    if (err == OK && i == t->n && t->n < DIGEST_PEOPLE_MAX) {
        mark->after = ALL_DONE;
    }
    return err;
}

static enum err run_stride(struct stride *t)
{
    struct record record = {.at = t->now,
                            .recorded = t->now,
                            .by = "clock",
                            .method = "clock.digest"};
    struct mark mark;
    enum err err = mark_get(t->store, &mark);
    if (err == OK && mark.day != t->day) {
        mark = (struct mark){.day = t->day};
    }
    if (err == OK) {
        err = store_record_open(t->store, &record, &t->seq);
    }
    if (err == OK) {
        err = tell_all(t, &mark);
    }
    if (err == OK) {
        err = store_record_close(t->store, &t->seq);
    }
    return err == OK ? mark_set(t->store, &mark) : err;
}

enum err digest_fire(struct store *s, struct rulebook *book, instant now,
                     bool *ret_ran)
{
    instant next = INSTANT_NONE;
    enum err err = digest_next(s, book, now, &next);
    *ret_ran = false;
    if (err != OK || next > now) {
        return err;
    }
    struct stride t = {
        .store = s, .book = book, .now = now, .day = instant_day(now)};
    err = store_mark(s);
    if (err != OK) {
        return err;
    }
    err = run_stride(&t);
    if (err != OK) {
        store_undo(s);
        return err;
    }
    *ret_ran = true;
    return store_keep(s);
}
