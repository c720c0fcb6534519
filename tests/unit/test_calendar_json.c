/* The holiday-cn reader: one good file, each way in which one can be wrong, and
 * the built-in data against the published files where they are at hand. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "core/holidays.h"
#include "proto/calendar_json.h"
#include "proto/message.h"

static struct notice notice;
static struct calendar builtin;
static struct calendar cal;

static int set_up(void **state)
{
    (void)state;
    message_setup();
    calendar_builtin(&builtin);
    return 0;
}

static enum err parse(const char *text, struct problem *p)
{
    *p = (struct problem){.err = OK};
    return calendar_parse(text, strlen(text), &notice, p);
}

static daynum day(const char *text)
{
    daynum ret = 0;
    assert_int_equal(day_parse(text, strlen(text), &ret), OK);
    return ret;
}

/* A notice as it might come in the autumn of 2026. */
static const char next_year[] =
    "{\"$schema\": \"https://example.org/schema.json\", \"year\": 2027,\n"
    " \"papers\": [\"https://example.org/2027.htm\"],\n"
    " \"days\": [\n"
    "  {\"name\": \"元旦\", \"date\": \"2026-12-31\", \"isOffDay\": true},\n"
    "  {\"name\": \"元旦\", \"date\": \"2027-01-01\", \"isOffDay\": true},\n"
    "  {\"name\": \"元旦\", \"date\": \"2027-01-03\", \"isOffDay\": false},\n"
    "  {\"name\": \"元旦\", \"date\": \"2028-01-03\", \"isOffDay\": true}\n"
    " ]}\n";

static void a_good_file(void **state)
{
    (void)state;
    struct problem p;
    assert_int_equal(parse(next_year, &p), OK);
    assert_int_equal(notice.year, 2027);
    assert_int_equal(notice.papers_n, 1);
    assert_string_equal(notice.papers[0], "https://example.org/2027.htm");
    assert_int_equal(notice.days_n, 4);
    assert_int_equal(notice.days[2].day, day("2027-01-03"));
    assert_true(notice.days[2].working);
    assert_false(notice.days[0].working);
    assert_string_equal(notice.days[0].name, "元旦");
}

static void laid_over_a_calendar(void **state)
{
    (void)state;
    struct problem p;
    cal = builtin;
    assert_int_equal(parse(next_year, &p), OK);
    assert_int_equal(calendar_apply(&cal, &notice, false, &p), OK);
    assert_true(calendar_published(&cal, 2027));
    assert_int_equal(calendar_kind(&cal, day("2026-12-31")), DAY_HOLIDAY);
    assert_int_equal(calendar_kind(&cal, day("2027-01-03")), DAY_MAKEUP);
    assert_int_equal(calendar_kind(&cal, day("2028-01-03")), DAY_HOLIDAY);
    /* National Day of 2026 is as it was */
    assert_int_equal(calendar_kind(&cal, day("2026-10-01")), DAY_HOLIDAY);

    /* amended: only the 1st is left */
    notice.days[0] = notice.days[1];
    notice.days_n = 1;
    assert_int_equal(calendar_apply(&cal, &notice, false, &p), OK);
    assert_int_equal(calendar_kind(&cal, day("2026-12-31")), DAY_WORKDAY);
    assert_int_equal(calendar_kind(&cal, day("2027-01-03")), DAY_WEEKEND);
    assert_int_equal(calendar_kind(&cal, day("2027-01-01")), DAY_HOLIDAY);
}

static void extra_days_publish_nothing(void **state)
{
    (void)state;
    struct problem p;
    cal = builtin;
    assert_int_equal(parse(next_year, &p), OK);
    assert_int_equal(calendar_apply(&cal, &notice, true, &p), OK);
    assert_false(calendar_published(&cal, 2027));
    assert_int_equal(calendar_kind(&cal, day("2026-12-31")), DAY_HOLIDAY);
    calendar_clear_notice(&cal, 2027);
    calendar_seal(&cal);
    assert_int_equal(calendar_kind(&cal, day("2026-12-31")), DAY_HOLIDAY);
}

static void a_calendar_full_of_names(void **state)
{
    (void)state;
    struct problem p;
    cal = builtin;
    assert_int_equal(parse(next_year, &p), OK);
    notice.days_n = CALENDAR_NAMES_MAX;
    for (int i = 0; i < notice.days_n; i++) {
        notice.days[i] = (struct special_day){.day = 20000 + i};
        snprintf(notice.days[i].name, NAME_SIZE, "n%d", i);
    }
    assert_int_equal(calendar_apply(&cal, &notice, false, &p), ERR_LIMIT);
    assert_string_equal(p.param, "days");
}

#define DAY(name, date, off)                                     \
    "{\"year\":2027,\"days\":[{\"name\":" name ",\"date\":" date \
    ",\"isOffDay\":" off "}]}"

static void each_way_to_be_wrong(void **state)
{
    (void)state;
    static const struct {
        const char *text, *path, *detail;
    } rows[] = {
        {"[]", "", "got an array"},
        {"{\"days\":[]}", "year", "is missing"},
        {"{\"year\":\"2027\",\"days\":[]}", "year", "got \"2027\""},
        {"{\"year\":1969,\"days\":[]}", "year", "got 1969"},
        {"{\"year\":2200,\"days\":[]}", "year", "got 2200"},
        {"{\"year\":2027.5,\"days\":[]}", "year", "got 2027.5"},
        {"{\"year\":2027,\"papers\":7,\"days\":[]}", "papers", "got 7"},
        {"{\"year\":2027,\"papers\":[\"a\",null]}", "papers[1]", "got null"},
        {"{\"year\":2027,\"papers\":[1,2,3,4,5,6,7,8,9]}", "papers",
         "got an array"},
        {"{\"year\":2027}", "days", "is missing"},
        {"{\"year\":2027,\"days\":{}}", "days", "got an object"},
        {"{\"year\":2027,\"days\":[7]}", "days[0]", "got 7"},
        {DAY("7", "\"2027-01-01\"", "true"), "days[0].name", "got 7"},
        {DAY("\"a\\u0007\"", "\"2027-01-01\"", "true"), "days[0].name",
         "got \"a\x07\""},
        {DAY("\"\"", "20270101", "true"), "days[0].date", "got 20270101"},
        {DAY("\"\"", "\"2027-02-29\"", "true"), "days[0].date",
         "got \"2027-02-29\""},
        {DAY("\"\"", "\"2026-11-30\"", "true"), "days[0].date",
         "got \"2026-11-30\""},
        {DAY("\"\"", "\"2028-02-01\"", "true"), "days[0].date",
         "got \"2028-02-01\""},
        {DAY("\"\"", "\"2027-01-01\"", "1"), "days[0].isOffDay", "got 1"},
        {"{\"year\":2027,\"days\":[{\"name\":\"\",\"date\":\"2027-01-01\"}]}",
         "days[0].isOffDay", "is missing"},
    };
    struct problem p;
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        assert_int_equal(parse(rows[i].text, &p), ERR_BAD_CALENDAR);
        assert_int_equal(p.err, ERR_BAD_CALENDAR);
        assert_string_equal(p.param, rows[i].path);
        assert_string_equal(p.detail, rows[i].detail);
        assert_true(p.expected[0] != '\0');
    }
}

static void an_empty_file_is_not_announced_yet(void **state)
{
    (void)state;
    struct problem p;
    assert_int_equal(parse("{\"year\":2027,\"papers\":[],\"days\":[]}", &p),
                     ERR_BAD_CALENDAR);
    assert_string_equal(p.param, "days");
    assert_non_null(strstr(p.detail, "not been published yet"));
}

static void a_day_named_twice(void **state)
{
    (void)state;
    struct problem p;
    const char *text =
        "{\"year\":2027,\"days\":["
        "{\"name\":\"\",\"date\":\"2027-01-01\",\"isOffDay\":true},"
        "{\"name\":\"\",\"date\":\"2027-01-01\",\"isOffDay\":false}"
        "]}";
    assert_int_equal(parse(text, &p), ERR_BAD_CALENDAR);
    assert_string_equal(p.param, "days[1].date");
    assert_string_equal(p.expected, "each day once");
}

static void what_is_not_json(void **state)
{
    (void)state;
    struct problem p;
    assert_int_not_equal(parse("", &p), OK);
    assert_int_not_equal(parse("{\"year\":2027,", &p), OK);
    assert_int_equal(parse("{\"year\":2027,\"year\":2027}", &p),
                     ERR_DUPLICATE_KEY);
    char *huge = calloc(1, CALENDAR_BYTES_MAX + 2);
    assert_non_null(huge);
    memset(huge, ' ', CALENDAR_BYTES_MAX + 1);
    assert_int_equal(parse(huge, &p), ERR_TOO_LONG);
    free(huge);
}

static void too_long_and_too_many(void **state)
{
    (void)state;
    struct problem p;
    char *text = malloc(CALENDAR_BYTES_MAX);
    assert_non_null(text);
    /* 64 characters of three bytes: 192, one more than fits */
    size_t n =
        (size_t)snprintf(text, 100, "{\"year\":2027,\"days\":[{\"name\":\"");
    for (int i = 0; i < 64; i++) {
        memcpy(text + n, "节", 3);
        n += 3;
    }
    snprintf(text + n, 10, "\"}]}");
    assert_int_equal(parse(text, &p), ERR_BAD_CALENDAR);
    assert_string_equal(p.param, "days[0].name");
    /* quoted up to 79 bytes: 26 whole characters */
    assert_int_equal(strlen(p.detail), strlen("got \"\"") + 26 * 3);

    n = (size_t)snprintf(text, 100, "{\"year\":2027,\"days\":[1");
    for (int i = 0; i < CALENDAR_FILE_DAYS_MAX; i++) {
        memcpy(text + n, ",1", 2);
        n += 2;
    }
    snprintf(text + n, 10, "]}");
    assert_int_equal(parse(text, &p), ERR_BAD_CALENDAR);
    assert_string_equal(p.expected, "at most 400 days");
    free(text);
}

/* -- the published files ------------------------------------------------ */

static bool read_file(int year, char *text, size_t size, size_t *ret)
{
    char path[64];
    snprintf(path, sizeof path, "../shared/data/holidays/%d.json", year);
    FILE *file = fopen(path, "rb");
    if (file == NULL) {
        return false;
    }
    *ret = fread(text, 1, size, file);
    fclose(file);
    return true;
}

/* Plain days plus the files, against the built-in calendar, day for day, names
 * included. */
static void the_builtin_data_is_what_was_published(void **state)
{
    (void)state;
    size_t len = 0;
    char *text = malloc(CALENDAR_BYTES_MAX);
    assert_non_null(text);
    if (!read_file(HOLIDAYS_FIRST_YEAR, text, CALENDAR_BYTES_MAX, &len)) {
        print_message("skipped: no ../shared/data/holidays\n");
        free(text);
        skip();
    }
    struct problem p = {.err = OK};
    calendar_init(&cal);
    for (int year = HOLIDAYS_FIRST_YEAR; year <= HOLIDAYS_LAST_YEAR; year++) {
        assert_true(read_file(year, text, CALENDAR_BYTES_MAX, &len));
        assert_int_equal(calendar_parse(text, len, &notice, &p), OK);
        assert_int_equal(notice.year, year);
        assert_int_equal(calendar_apply(&cal, &notice, false, &p), OK);
    }
    for (daynum d = 0; d < CALENDAR_DAYS; d++) {
        assert_int_equal(calendar_works(&cal, d), calendar_works(&builtin, d));
        assert_int_equal(calendar_kind(&cal, d), calendar_kind(&builtin, d));
        assert_string_equal(calendar_name(&cal, d), calendar_name(&builtin, d));
        assert_int_equal(cal.notice[d], builtin.notice[d]);
    }
    assert_memory_equal(cal.published, builtin.published, sizeof cal.published);

    if (read_file(HOLIDAYS_LAST_YEAR + 1, text, CALENDAR_BYTES_MAX, &len)) {
        enum err err = calendar_parse(text, len, &notice, &p);
        assert_true(err == OK || strstr(p.detail, "not been published"));
    }
    free(text);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_good_file),
        cmocka_unit_test(laid_over_a_calendar),
        cmocka_unit_test(extra_days_publish_nothing),
        cmocka_unit_test(a_calendar_full_of_names),
        cmocka_unit_test(each_way_to_be_wrong),
        cmocka_unit_test(an_empty_file_is_not_announced_yet),
        cmocka_unit_test(a_day_named_twice),
        cmocka_unit_test(what_is_not_json),
        cmocka_unit_test(too_long_and_too_many),
        cmocka_unit_test(the_builtin_data_is_what_was_published),
    };
    return cmocka_run_group_tests(tests, set_up, NULL);
}
