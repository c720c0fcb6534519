/* Two readings of one input. Its first byte says which: JSON for the notice
 * reader, or operations on a calendar (special days, published years) followed
 * by limits, whose results must keep what they promise: never before the start,
 * explained day by day to the same end, measured back to the same size. */
#include <assert.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "core/calendar.h"
#include "proto/calendar_json.h"
#include "proto/message.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

enum {
    EXPLAINED_MAX = 1000 * SECONDS_PER_DAY
};

static struct calendar builtin;
static struct calendar cal;
static struct notice notice;

/* -- taking values from the input --------------------------------------- */

struct bytes {
    const uint8_t *at;
    size_t left;
};

static uint32_t take(struct bytes *b, size_t n)
{
    uint32_t value = 0;
    for (; n > 0 && b->left > 0; n--) {
        value = value << 8 | *b->at;
        b->at++;
        b->left--;
    }
    return value;
}

static struct worktime take_worktime(struct bytes *b)
{
    struct worktime wt = worktime_default();
    struct worktime tried = {
        .segments_n = (int32_t)(take(b, 1) % (SEGMENTS_MAX + 2)),
        .start_rule = (enum start_rule)take(b, 1),
    };
    for (int i = 0; i < SEGMENTS_MAX; i++) {
        tried.segments[i].from = (int32_t)take(b, 3) - 100;
        tried.segments[i].to = (int32_t)take(b, 3);
    }
    int32_t wrong = 0;
    if (worktime_check(&tried, &wrong) == OK) {
        return tried;
    }
    assert(wrong >= -1 && wrong < SEGMENTS_MAX);
    wt.start_rule = (enum start_rule)(wrong < 0 ? 0 : wrong % 3);
    return wt;
}

static void take_days(struct bytes *b)
{
    for (uint32_t n = take(b, 1) % 32; n > 0; n--) {
        struct special_day day = {
            .day = (daynum)take(b, 3) % (CALENDAR_DAYS + 2) - 1,
            .working = take(b, 1) % 2 == 0,
        };
        int year = (int)take(b, 1) + 1960;
        snprintf(day.name, sizeof day.name, "%d", day.day % 200);
        enum err err = calendar_set_day(&cal, year == 1960 ? 0 : year, &day);
        assert(err == OK || err == ERR_OUT_OF_BOUNDS || err == ERR_LIMIT);
        if (err == OK) {
            assert(calendar_works(&cal, day.day) == day.working);
        }
        if (take(b, 1) % 8 == 0) {
            calendar_clear_notice(&cal, year);
        } else if (calendar_publish_year(&cal, year) == OK) {
            assert(calendar_published(&cal, year));
        }
    }
    calendar_seal(&cal);
}

static instant take_instant(struct bytes *b)
{
    uint64_t span = (uint64_t)(INSTANT_MAX - INSTANT_MIN) + 1;
    uint64_t high = take(b, 4);
    uint64_t value = high << 16 | take(b, 2);
    return INSTANT_MIN + (instant)(value % span);
}

static struct limit take_limit(struct bytes *b)
{
    struct limit limit = {.unit = (enum limit_unit)(take(b, 1) % 8)};
    if (limit.unit == LIMIT_UNTIL) {
        limit.until = take_instant(b);
    } else if (limit.unit != LIMIT_NONE) {
        limit.n = 1 + (int32_t)(take(b, 3) % 100000);
        while (!limit_ok(limit)) {
            limit.n = limit.n / 2;
        }
    }
    return limit;
}

/* -- what must hold ----------------------------------------------------- */

struct story {
    daynum last;
    int64_t days;
    int64_t seconds;
    int64_t notes;
};

static bool listen(void *arg, const struct day_note *note)
{
    struct story *s = arg;
    assert(s->notes == 0 || note->day == s->last + 1);
    s->last = note->day;
    s->days += note->nth > 0 ? 1 : 0;
    s->seconds += note->seconds;
    s->notes++;
    return true;
}

static void check_explained(const struct worktime *wt, const struct run *run)
{
    if (run->due.at > run->from + EXPLAINED_MAX) {
        return; /* right, but slow */
    }
    struct story s = {.notes = 0};
    enum err err =
        calendar_explain(&cal, wt, run->from, run->limit, listen, &s);
    assert(err == OK);
    if (run->due.at == INSTANT_NONE || run->due.at <= run->from) {
        assert(s.notes == 0 || run->due.by_day);
    } else if (run->due.by_day) {
        assert(s.last == due_last_day(run->due) && s.days == run->limit.n);
    } else {
        assert(s.last == instant_day(run->due.at - 1));
        assert(s.seconds ==
               (run->limit.unit == LIMIT_WH || run->limit.unit == LIMIT_WMIN
                    ? calendar_work_seconds(&cal, wt, run->from, run->due.at)
                    : run->due.at - run->from));
    }
}

static void check_measured_back(const struct worktime *wt,
                                const struct run *run)
{
    int64_t n = run->limit.n;
    if (run->limit.unit == LIMIT_WH || run->limit.unit == LIMIT_WMIN) {
        n *= run->limit.unit == LIMIT_WH ? 3600 : 60;
        assert(calendar_work_seconds(&cal, wt, run->from, run->due.at) == n);
        assert(calendar_work_seconds(&cal, wt, run->from, run->due.at - 1) < n);
    }
    if (run->due.by_day) {
        daynum last = due_last_day(run->due);
        assert(calendar_works(&cal, last));
        assert(!due_late(run->due, run->due.at - 1));
        assert(due_late(run->due, run->due.at));
    }
}

static void check_light(const struct worktime *wt, const struct run *run,
                        struct bytes *b)
{
    struct ratio part = {0, 1 + (int32_t)(take(b, 2) % 1000)};
    part.num = (int32_t)take(b, 2) % (part.den + 1);
    instant yellow =
        calendar_yellow(&cal, wt, run, (int32_t)(take(b, 1) % 10), part);
    instant part_used = calendar_fraction(&cal, wt, run, part);
    if (run->due.at == INSTANT_NONE) {
        assert(yellow == INSTANT_NONE && part_used == INSTANT_NONE);
        return;
    }
    instant end = run->due.at > run->from ? run->due.at : run->from;
    assert(yellow >= run->from && yellow <= end);
    assert(part_used >= run->from && part_used <= end);
    int64_t left = calendar_left(&cal, wt, run, run->from);
    assert(calendar_left(&cal, wt, run, yellow) <= left);
}

/* A pause of no length moves nothing, a longer one never back. */
static void check_pause(const struct worktime *wt, const struct run *run,
                        struct bytes *b)
{
    struct pause pause = {take_instant(b), take_instant(b)};
    struct due moved = {0};
    enum err err =
        calendar_resume_due(&cal, wt, run->limit, run->due, pause, &moved);
    if (err != OK) {
        assert(err == ERR_OUT_OF_BOUNDS || err == ERR_OUT_OF_ORDER ||
               err == ERR_TOO_LATE);
    } else if (run->due.at != INSTANT_NONE) {
        assert(moved.at >= pause.resumed_at);
        assert(moved.by_day == run->due.by_day);
    }
    if (run->due.at != INSTANT_NONE) {
        err = calendar_extend(&cal, wt, run->due, take_limit(b), &moved);
        assert(err == OK || err == ERR_OUT_OF_BOUNDS);
    }
}

static void calendar_operations(struct bytes *b)
{
    cal = builtin;
    take_days(b);
    struct worktime wt = take_worktime(b);
    for (int i = 0; i < 16 && b->left > 0; i++) {
        struct run run = {.from = take_instant(b), .limit = take_limit(b)};
        char text[LIMIT_TEXT_SIZE];
        struct limit back = {0};
        limit_format(run.limit, text);
        enum err err = limit_parse_any(text, strlen(text), &back);
        assert(err == OK && back.n == run.limit.n &&
               back.unit == run.limit.unit);

        err = calendar_due(&cal, &wt, run.from, run.limit, &run.due);
        if (err != OK) {
            assert(err == ERR_OUT_OF_BOUNDS);
            continue;
        }
        assert(run.due.at <= INSTANT_MAX);
        assert(run.limit.unit >= LIMIT_NONE || run.due.at > run.from);
        check_measured_back(&wt, &run);
        check_explained(&wt, &run);
        check_light(&wt, &run, b);
        check_pause(&wt, &run, b);
    }
}

/* -- texts -------------------------------------------------------------- */

static void texts(const uint8_t *data, size_t size)
{
    const char *text = (const char *)data;
    struct problem p = {.err = OK};
    enum err err = calendar_parse(text, size, &notice, &p);
    if (err == OK) {
        assert(notice.days_n >= 1 && notice.days_n <= CALENDAR_FILE_DAYS_MAX);
        cal = builtin;
        err = calendar_apply(&cal, &notice, size % 2 == 0, &p);
        assert(err == OK || err == ERR_LIMIT || err == ERR_OUT_OF_BOUNDS);
        assert(cal.sealed);
    } else {
        assert(p.err == err);
    }

    struct limit limit = {0};
    char written[LIMIT_TEXT_SIZE];
    if (limit_parse_any(text, size, &limit) == OK) {
        struct limit back = {0};
        limit_format(limit, written);
        err = limit_parse_any(written, strlen(written), &back);
        assert(err == OK && back.n == limit.n && back.unit == limit.unit);
        assert(limit.unit != LIMIT_UNTIL || back.until == limit.until);
    }
    instant at = 0;
    if (instant_parse(text, size, size % 2 == 0, &at) == OK) {
        instant again = 0;
        instant_format(at, written);
        err = instant_parse(written, strlen(written), false, &again);
        assert(err == OK && again == at);
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static bool ready;
    if (!ready) {
        message_setup();
        calendar_builtin(&builtin);
        ready = true;
    }
    if (size == 0) {
        return 0;
    }
    if (data[0] == '#') {
        struct bytes b = {data + 1, size - 1};
        calendar_operations(&b);
    } else {
        texts(data, size);
    }
    return 0;
}
