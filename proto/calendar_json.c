/* holiday-cn JSON, checked member by member. */
#include "proto/calendar_json.h"

#include <assert.h>
#include <string.h>

#include "proto/message.h"
#include "proto/utf8.h"

enum {
    YEAR_FIRST = 1970,
    YEAR_LAST = 2199,
    VALUE_SIZE = 80
};

/* -- refusing ----------------------------------------------------------- */

/* What stands there, in few words; a long string is cut at a whole character.
 */
static void describe(const json_t *value, char *out, size_t size)
{
    char text[VALUE_SIZE] = "";
    if (value == NULL) {
        snprintf(out, size, "is missing");
    } else if (json_is_object(value) || json_is_array(value)) {
        snprintf(out, size, "got an %s",
                 json_is_object(value) ? "object" : "array");
    } else if (json_is_string(value)) {
        const char *string = json_string_value(value);
        size_t len = json_string_length(value);
        if (len > VALUE_SIZE - 1) {
            len = VALUE_SIZE - 1;
            while (len > 0 && ((unsigned char)string[len] & 0xC0U) == 0x80U) {
                len--;
            }
        }
        snprintf(out, size, "got \"%.*s\"", (int)len, string);
    } else {
        json_dumpb(value, text, sizeof text - 1, JSON_ENCODE_ANY);
        snprintf(out, size, "got %s", text);
    }
}

/* Refuses `value` (NULL: absent). */
static enum err wrong(struct problem *p, const char *path, const char *expected,
                      const json_t *value)
{
    char detail[VALUE_SIZE + 16];
    describe(value, detail, sizeof detail);
    return problem_set(p, ERR_BAD_CALENDAR, path, expected, detail);
}

static enum err wrong_in_day(struct problem *p, size_t i, const char *member,
                             const char *expected, const json_t *value)
{
    char path[PROBLEM_PARAM_SIZE];
    snprintf(path, sizeof path, "days[%zu]%s", i, member);
    return wrong(p, path, expected, value);
}

/* -- reading ------------------------------------------------------------ */

/* Copies a string of 0 <= len < size bytes on one line. */
static bool copy_string(const json_t *value, char *to, size_t size)
{
    if (!json_is_string(value)) {
        return false;
    }
    const char *text = json_string_value(value);
    size_t len = json_string_length(value);
    if (len >= size) {
        return false;
    }
    uint32_t unfit = 0;
    if (utf8_find_unfit(text, len, UTF8_LINE, &unfit)) {
        return false;
    }
    memcpy(to, text, len);
    to[len] = '\0';
    return true;
}

static enum err read_papers(const json_t *papers, struct notice *ret,
                            struct problem *p)
{
    static const char expected[] = "an array of up to 8 short strings";
    static_assert(CALENDAR_PAPERS_MAX == 8, "the text above says 8");

    size_t n = json_array_size(papers); /* 0 if it is no array */
    if ((papers != NULL && !json_is_array(papers)) || n > CALENDAR_PAPERS_MAX) {
        return wrong(p, "papers", expected, papers);
    }
    for (size_t i = 0; i < n; i++) {
        const json_t *paper = json_array_get(papers, i);
        if (!copy_string(paper, ret->papers[i], sizeof ret->papers[i])) {
            char path[PROBLEM_PARAM_SIZE];
            snprintf(path, sizeof path, "papers[%zu]", i);
            return wrong(p, path, "a string of up to 511 bytes", paper);
        }
    }
    ret->papers_n = (int32_t)n;
    return OK;
}

/* The day of a date that this year's notice may speak of. */
static bool read_date(const json_t *value, int year, daynum *ret)
{
    if (!json_is_string(value) ||
        day_parse(json_string_value(value), json_string_length(value), ret) !=
            OK) {
        return false;
    }
    struct civil date = civil_from_day(*ret);
    return date.year == year || (date.year == year - 1 && date.month == 12) ||
           (date.year == year + 1 && date.month == 1);
}

static bool listed(const struct notice *notice, int32_t n, daynum day)
{
    for (int32_t i = 0; i < n; i++) {
        if (notice->days[i].day == day) {
            return true;
        }
    }
    return false;
}

static enum err read_day(const json_t *value, size_t i, struct notice *ret,
                         struct problem *p)
{
    struct special_day *day = &ret->days[i];
    const json_t *name = json_object_get(value, "name");
    const json_t *date = json_object_get(value, "date");
    const json_t *off = json_object_get(value, "isOffDay");

    if (!json_is_object(value)) {
        return wrong_in_day(p, i, "", "an object", value);
    }
    if (!copy_string(name, day->name, sizeof day->name)) {
        return wrong_in_day(p, i, ".name", "a string of up to 191 bytes", name);
    }
    if (!read_date(date, ret->year, &day->day)) {
        return wrong_in_day(p, i, ".date",
                            "YYYY-MM-DD in the year, the December before or "
                            "the January after",
                            date);
    }
    if (listed(ret, (int32_t)i, day->day)) {
        return wrong_in_day(p, i, ".date", "each day once", date);
    }
    if (!json_is_boolean(off)) {
        return wrong_in_day(p, i, ".isOffDay", "true or false", off);
    }
    day->working = json_is_false(off);
    return OK;
}

static enum err read_days(const json_t *days, struct notice *ret,
                          struct problem *p)
{
    if (!json_is_array(days)) {
        return wrong(p, "days", "an array of {name, date, isOffDay}", days);
    }
    size_t n = json_array_size(days);
    if (n == 0) {
        return problem_set(p, ERR_BAD_CALENDAR, "days", "at least one day",
                           "the file is empty: this year's notice has not "
                           "been published yet");
    }
    if (n > CALENDAR_FILE_DAYS_MAX) {
        return problem_set(p, ERR_BAD_CALENDAR, "days", "at most 400 days",
                           "there are more");
    }
    static_assert(CALENDAR_FILE_DAYS_MAX == 400, "the text above says 400");
    for (size_t i = 0; i < n; i++) {
        enum err err = read_day(json_array_get(days, i), i, ret, p);
        if (err != OK) {
            return err;
        }
    }
    ret->days_n = (int32_t)n;
    return OK;
}

enum err calendar_decode(json_t *body, struct notice *ret, struct problem *p)
{
    if (!json_is_object(body)) {
        return wrong(p, "", "an object with year, papers and days", body);
    }
    const json_t *year = json_object_get(body, "year");
    if (!json_is_integer(year) || json_integer_value(year) < YEAR_FIRST ||
        json_integer_value(year) > YEAR_LAST) {
        return wrong(p, "year", "a number from 1970 to 2199", year);
    }
    *ret = (struct notice){.year = (int32_t)json_integer_value(year)};
    enum err err = read_papers(json_object_get(body, "papers"), ret, p);
    if (err == OK) {
        err = read_days(json_object_get(body, "days"), ret, p);
    }
    return err;
}

enum err calendar_parse(const char *text, size_t len, struct notice *ret,
                        struct problem *p)
{
    json_t *body = NULL;
    if (len > CALENDAR_BYTES_MAX) {
        return problem_set(p, ERR_TOO_LONG, "", "at most 256 KiB",
                           "the calendar file is larger");
    }
    enum err err = json_parse(text, len, &body, p);
    if (err == OK) {
        err = calendar_decode(body, ret, p);
        json_decref(body);
    }
    return err;
}

/* -- laying over -------------------------------------------------------- */

enum err calendar_apply(struct calendar *cal, const struct notice *notice,
                        bool own, struct problem *p)
{
    enum err err = OK;
    if (!own) {
        calendar_clear_notice(cal, notice->year);
        err = calendar_publish_year(cal, notice->year);
    }
    for (int32_t i = 0; err == OK && i < notice->days_n; i++) {
        err = calendar_set_day(cal, own ? 0 : notice->year, &notice->days[i]);
    }
    calendar_seal(cal);
    if (err == ERR_LIMIT) {
        return problem_set(p, err, "days", "fewer different names",
                           "the calendar cannot hold more holiday names");
    }
    return err;
}
