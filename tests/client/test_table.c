/* What people see: alignment, cutting, colours, words, CSV. Every expected text
 * is written by hand, column by column. */
#include <setjmp.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>

#include <cmocka.h>
#include <jansson.h>

#include "client/cli/language/lang.h"
#include "client/cli/show/cell.h"
#include "client/cli/show/csv.h"
#include "client/cli/show/render.h"
#include "client/cli/show/table.h"
#include "client/cli/show/width.h"

struct paper {
    char *text;
    size_t len;
    struct screen screen;
};

static void paper_open(struct paper *p, int width, bool terminal)
{
    *p = (struct paper){.text = NULL};
    p->screen = (struct screen){.out = open_memstream(&p->text, &p->len),
                                .terminal = terminal,
                                .colour = terminal,
                                .width = width};
    assert_non_null(p->screen.out);
}

/* Closes it, compares, frees. */
static void paper_is(struct paper *p, const char *expected)
{
    assert_int_equal(fclose(p->screen.out), 0);
    assert_string_equal(p->text, expected);
    free(p->text);
}

static json_t *parse(const char *text)
{
    json_t *json = json_loads(text, JSON_DECODE_ANY, NULL);
    assert_non_null(json);
    return json;
}

static void render_is(const char *result, int width, bool terminal,
                      const char *expected)
{
    struct paper p;
    json_t *json = parse(result);
    paper_open(&p, width, terminal);
    render_table(json, &p.screen);
    json_decref(json);
    paper_is(&p, expected);
}

static int setup_zh(void **state)
{
    (void)state;
    lang_setup(LANG_ZH);
    return 0;
}

static int setup_en(void **state)
{
    (void)state;
    lang_setup(LANG_EN);
    return 0;
}

static int teardown(void **state)
{
    (void)state;
    lang_done();
    return 0;
}

static void test_width(void **state)
{
    (void)state;
    int width;
    assert_int_equal(text_width(""), 0);
    assert_int_equal(text_width("abc"), 3);
    assert_int_equal(text_width("工单"), 4);
    assert_int_equal(text_width("（１）"), 6);
    assert_int_equal(text_width("e\xCC\x81"), 1); /* e + combining acute */
    assert_int_equal(text_width("\xff"), 1);      /* shown as one mark */
    assert_int_equal(text_width("𠮷"), 2);        /* outside the first plane */
    assert_int_equal(text_fit("工单号", 5, &width), 6);
    assert_int_equal(width, 4);
    assert_int_equal(text_fit("工单号", 6, &width), 9);
    assert_int_equal(text_fit("abc", 0, &width), 0);
}

/* No escape sequence, no line end, no writing direction gets through. */
static void test_clean(void **state)
{
    (void)state;
    char *a = text_clean("a\033[31mb\nc\x7f\xC2\x9B"
                         "d\xE2\x80\xAE",
                         false);
    char *b = text_clean("a\nb\r", true);
    char *c = text_clean("\xff\xfe工", false);
    assert_string_equal(a, "a [31mb c  d<U+202E>");
    assert_string_equal(b, "a\nb ");
    assert_string_equal(c, "??工");
    free(a);
    free(b);
    free(c);
}

static void test_aligned(void **state)
{
    (void)state;
    struct paper p;
    struct table t;
    table_init(&t, 3);
    table_put_text(&t, "工单号");
    table_put_text(&t, "标题");
    table_put(&t, text_clean("n", false), PAINT_NONE, true);
    table_put_text(&t, "1");
    table_put_text(&t, "融资难abc");
    table_put(&t, text_clean("100", false), PAINT_NONE, true);
    table_put_text(&t, "20261120-001");
    table_put_text(&t, "用地");
    table_put(&t, text_clean("7", false), PAINT_NONE, true);
    paper_open(&p, 0, false);
    table_print(&t, &p.screen);
    table_done(&t);
    paper_is(&p, "工单号        标题         n\n"
                 "------------  ---------  ---\n"
                 "1             融资难abc  100\n"
                 "20261120-001  用地         7\n");
}

/* The widest column gives way first; half a wide character is never drawn. */
static void test_cut(void **state)
{
    (void)state;
    struct paper p;
    struct table t;
    table_init(&t, 2);
    table_put_text(&t, "a");
    table_put_text(&t, "b");
    table_put_text(&t, "12345678");
    table_put_text(&t, "一二三四五六七八九十");
    paper_open(&p, 21, true);
    table_print(&t, &p.screen);
    table_done(&t);
    paper_is(&p, "a         b\n"
                 "--------  -----------\n"
                 "12345678  一二三四..\n");
}

/* A line ends where its last word ends; a column without a word is left out. */
static void test_empty_end(void **state)
{
    (void)state;
    render_is("{\"t\":{\"columns\":[\"number\",\"note\"],\"rows\":"
              "[[\"1\",null],[\"2\",\"x\"],[\"3\"]]}}",
              0, false,
              "Number  Note\n"
              "------  ----\n"
              "1\n"
              "2       x\n"
              "3\n");
    render_is("{\"t\":{\"columns\":[\"number\",\"note\",\"imported\",\"n\"],"
              "\"rows\":[[\"1\",null,false,0],[\"2\",\"\",false,0]]}}",
              0, false,
              "Number  No.\n"
              "------  ---\n"
              "1         0\n"
              "2         0\n");
    render_is("{\"t\":{\"columns\":[\"number\",\"note\"],\"rows\":"
              "[[null,null]]}}",
              0, false,
              "Number  Note\n"
              "------  ----\n"
              "\n");
}

/* Numbers and instants stay whole, long texts go below, then whole columns. */
static void test_narrow(void **state)
{
    (void)state;
    static const char timeline[] =
        "{\"t\":{\"columns\":[\"at\",\"unit\",\"text\",\"seq\"],\"rows\":"
        "[[\"2026-11-09T08:38:08+08:00\",\"长涂树脂装备有限公司\","
        "\"请解读本批次项目的申报条件和时间\",4145],"
        "[\"2026-11-09T10:21:51+08:00\",\"国资委\",null,4197]]}}";
    render_is(timeline, 46, true,
              "时刻                 单位               存证号\n"
              "-------------------  -----------------  ------\n"
              "2026-11-09 08:38:08  长涂树脂装备有..     4145\n"
              "    内容：请解读本批次项目的申报条件和时间\n"
              "2026-11-09 10:21:51  国资委               4197\n");
    render_is(timeline, 32, true,
              "时刻                 单位\n"
              "-------------------  -----------\n"
              "2026-11-09 08:38:08  长涂树脂..\n"
              "    存证号：4145\n"
              "    内容：请解读本批次项目的申报\n"
              "    条件和时间\n"
              "2026-11-09 10:21:51  国资委\n"
              "    存证号：4197\n");
}

/* The names of codes come with the result and are not printed themselves. */
static void test_words(void **state)
{
    (void)state;
    static const char result[] =
        "{\"category\":\"land\",\"channel\":\"odd\",\"words\":{\"category\":"
        "{\"land\":[\"用地\",\"land use\"]}},\"tickets\":{\"columns\":"
        "[\"category\",\"title\"],\"rows\":[[\"land\",\"land\"]]},"
        "\"next\":\"9\"}";
    render_is(result, 0, false,
              lang_now() == LANG_ZH ? "类别：用地\n发现途径：odd\n\n"
                                      "类别  标题\n----  ----\n用地  land\n"
                                    : "Category: land use\nChannel: odd\n\n"
                                      "Category  Title\n"
                                      "--------  -----\n"
                                      "land use  land\n");
}

/* Sums stand under their columns. */
static void test_totals(void **state)
{
    (void)state;
    render_is("{\"known\":7,\"total_filed\":12,\"total_overdue\":3,\"overdue\":"
              "{\"columns\":[\"chain\",\"filed\",\"overdue_total\"],\"rows\":"
              "[[\"石化\",10,2],[\"航天\",2,1]]}}",
              0, false,
              "截至存证号：7\n"
              "\n"
              "产业链  件数  累计超时\n"
              "------  ----  --------\n"
              "石化      10         2\n"
              "航天       2         1\n"
              "合计      12         3\n");
}

static void test_result_zh(void **state)
{
    (void)state;
    render_is("{\"number\":\"20261120-001\",\"state\":\"handling\","
              "\"light\":\"yellow\",\"filed\":\"2026-11-20T16:00:00+08:00\","
              "\"held_s\":183600,\"solved\":true,\"ref\":null,"
              "\"clocks\":{\"columns\":[\"clock\",\"verdict\",\"limit\"],"
              "\"rows\":[[\"finish\",\"late\",\"5wd\"],"
              "[\"sign\",\"kept\",\"2wh\"]]},"
              "\"units\":{\"columns\":[\"unit\"],\"rows\":[]}}",
              0, false,
              "工单号：20261120-001\n"
              "状态：办理中\n"
              "灯：黄灯\n"
              "点单：2026-11-20 16:00:00\n"
              "持有时长：2天3小时\n"
              "已解决：是\n"
              "\n"
              "各项时限：\n"
              "时限项目  结论  时限\n"
              "--------  ----  -----------\n"
              "办结      超时  5个工作日\n"
              "签收      按时  2个工作小时\n");
}

/* What is not there takes no room; a number in a text stands at the side. */
static void test_not_there(void **state)
{
    (void)state;
    render_is(
        "{\"special\":false,\"clocks\":{\"columns\":[\"clock\",\"dispatch\","
        "\"turn\"],\"rows\":[[\"triage\",0,0],[\"finish\",1,0]]},"
        "\"lead_time\":{\"columns\":[\"group\",\"lead_wd_mean\"],"
        "\"rows\":[[\"县住建局\",\"12.5\"],[\"\",null]]},"
        "\"parts\":{\"columns\":[\"number\"],\"rows\":[]}}",
        0, false,
        "各项时限：\n"
        "时限项目  派单序号\n--------  --------\n"
        "受理\n办结             1\n"
        "\n办理时长：\n"
        "分组      工作日平均\n--------  ----------\n"
        "县住建局        12.5\n(无)\n");
}

static void test_result_en(void **state)
{
    (void)state;
    render_is("{\"known\":12,\"report\":{\"columns\":[\"department\","
              "\"overdue_total\",\"late_by\"],\"rows\":[[\"财政局\",10,90],"
              "[\"B\",2,86400]]}}",
              0, false,
              "As known at: 12\n"
              "\n"
              "Department  Overdue in all   Late by\n"
              "----------  --------------  --------\n"
              "财政局                  10  1min 30s\n"
              "B                        2        1d\n");
}

static void test_lights_on_terminal(void **state)
{
    (void)state;
    render_is("{\"t\":{\"columns\":[\"light\",\"n\"],\"rows\":"
              "[[\"red\",1],[\"none\",2]]}}",
              80, true,
              "Light  No.\n"
              "-----  ---\n"
              "\033[31m● red\033[0m    1\n"
              "         2\n");
}

static void test_long_text(void **state)
{
    (void)state;
    render_is("{\"text\":\"one\\ntwo \\u001b[2J\"}", 0, false,
              "Text: one\n    two  [2J\n");
    render_is("[1]", 0, false, "[\n  1\n]\n");
    render_is("{\"regulation\":{\"name\":[\"x\"]}}", 0, false,
              "Regulation:\n{\n  \"name\": [\n    \"x\"\n  ]\n}\n");
}

/* Who acted for somebody away is read with whom, in one column. */
static void test_deputies(void **state)
{
    static const char rows[] =
        "{\"columns\":[\"who\",\"event\",\"for\"],\"rows\":"
        "[[\"李四\",\"accept\",\"张三\"],[\"王五\",\"accept\",null],"
        "[null,\"accept\",\"张三\"]]}";
    (void)state;
    render_is(rows, 0, false,
              "Who            Event\n"
              "-------------  ------\n"
              "李四 for 张三  accept\n"
              "王五           accept\n"
              "               accept\n");
}

static void test_deputies_zh(void **state)
{
    (void)state;
    render_is("{\"columns\":[\"who\",\"for\"],\"rows\":[[\"李四\",\"张三\"]]}",
              0, false, "何人\n------------\n李四(代张三)\n");
}

/* A few facts take a line; the sums of the table beside them stay its sums. */
static void test_facts(void **state)
{
    (void)state;
    render_is(
        "{\"lead_time\":{\"days\":3,\"working_days\":2,\"minutes\":null}}", 0,
        false, "Lead time: 3 days, 2 working days\n");
    render_is("{\"first_response\":{\"at\":\"2026-10-09T15:04:00+08:00\","
              "\"minutes\":7}}",
              0, false, "First response: 2026-10-09 15:04:00, 7 minutes\n");
    render_is("{\"corrections\":{\"corrected\":1},\"total_filed\":5,"
              "\"overdue\":{\"columns\":[\"chain\",\"filed\"],"
              "\"rows\":[[\"a\",5]]}}",
              0, false,
              "Corrections: Corrected 1\n\nChain  Received\n-----  --------\n"
              "a             5\nTotal         5\n");
    render_is("{\"special\":{}}", 0, false, "Individual plan:\n{}\n");
}

static void test_durations(void **state)
{
    (void)state;
    static const struct {
        json_int_t seconds;
        const char *text;
    } rows[] = {{0, "0s"},      {59, "59s"},
                {60, "1min"},   {3599, "59min 59s"},
                {3600, "1h"},   {86399, "23h 59min"},
                {86400, "1d"},  {86400 + 59, "1d"},
                {-7200, "-2h"}, {INT64_MIN, "-106751991167300d 15h"}};
    char out[DURATION_SIZE];
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        assert_string_equal(duration_format(rows[i].seconds, out),
                            rows[i].text);
    }
}

static void csv_is(const char *text, const char *expected)
{
    struct paper p;
    paper_open(&p, 0, false);
    csv_field(p.screen.out, text);
    paper_is(&p, expected);
}

static void test_csv_fields(void **state)
{
    (void)state;
    csv_is("", "");
    csv_is("plain 文字", "plain 文字");
    csv_is("a,b", "\"a,b\"");
    csv_is("say \"hi\"", "\"say \"\"hi\"\"\"");
    csv_is("two\nlines", "\"two\nlines\"");
    csv_is("=1+1", "'=1+1");
    csv_is("=a,b", "\"'=a,b\"");
    csv_is("@SUM(A1)", "'@SUM(A1)");
    csv_is("+86 580 123", "'+86 580 123");
    csv_is("-x", "'-x");
    csv_is("--1", "'--1");
    csv_is("-", "'-");
    csv_is("\tx", "'\tx");
    csv_is("\rx", "\"'\rx\"");
    csv_is("\n=x", "\"'\n=x\"");
    csv_is("＝1", "'＝1");
    csv_is("＋1", "'＋1");
    csv_is("－1", "'－1");
    csv_is("＠a", "'＠a");
    csv_is("-5", "-5");
    csv_is("+3.25", "+3.25");
    csv_is("-1e9", "-1e9");
    csv_is("-1e", "'-1e");
    csv_is("-1-1", "'-1-1");
    csv_is("a=b", "a=b");
}

static void test_csv_result(void **state)
{
    (void)state;
    struct paper p;
    json_t *json =
        parse("{\"at\":\"2026-11-20T16:00:00+08:00\",\"report\":{\"columns\":"
              "[\"department\",\"filed\",\"late\"],\"rows\":[[\"A,B\",-3,true],"
              "[\"=x\",null,1.5]]}}");
    paper_open(&p, 0, false);
    render_csv(json, &p.screen);
    json_decref(json);
    paper_is(&p, "department,filed,late\r\n\"A,B\",-3,true\r\n'=x,,1.5\r\n");
}

static void test_csv_members(void **state)
{
    (void)state;
    struct paper p;
    json_t *json = parse("{\"number\":\"1\",\"x\":{\"a\":1}}");
    paper_open(&p, 0, false);
    render_csv(json, &p.screen);
    json_decref(json);
    paper_is(&p, "number,x\r\n1,\"{\"\"a\"\":1}\"\r\n");
}

static void test_next(void **state)
{
    (void)state;
    json_t *with = parse("{\"tickets\":{\"columns\":[\"n\"],\"rows\":[[1]]},"
                         "\"next\":\"m1\"}");
    json_t *without = parse("{\"tickets\":{\"columns\":[\"n\"],\"rows\":[]}}");
    json_t *other = parse("{\"n\":1}");
    assert_string_equal(render_next(with), "m1");
    assert_null(render_next(without));
    assert_null(render_next(other));
    json_decref(with);
    json_decref(without);
    json_decref(other);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(test_width, setup_en, teardown),
        cmocka_unit_test_setup_teardown(test_clean, setup_en, teardown),
        cmocka_unit_test_setup_teardown(test_aligned, setup_en, teardown),
        cmocka_unit_test_setup_teardown(test_cut, setup_en, teardown),
        cmocka_unit_test_setup_teardown(test_empty_end, setup_en, teardown),
        cmocka_unit_test_setup_teardown(test_narrow, setup_zh, teardown),
        cmocka_unit_test_setup_teardown(test_words, setup_zh, teardown),
        cmocka_unit_test_setup_teardown(test_words, setup_en, teardown),
        cmocka_unit_test_setup_teardown(test_totals, setup_zh, teardown),
        cmocka_unit_test_setup_teardown(test_not_there, setup_zh, teardown),
        cmocka_unit_test_setup_teardown(test_result_zh, setup_zh, teardown),
        cmocka_unit_test_setup_teardown(test_result_en, setup_en, teardown),
        cmocka_unit_test_setup_teardown(test_lights_on_terminal, setup_en,
                                        teardown),
        cmocka_unit_test_setup_teardown(test_long_text, setup_en, teardown),
        cmocka_unit_test_setup_teardown(test_facts, setup_en, teardown),
        cmocka_unit_test_setup_teardown(test_deputies, setup_en, teardown),
        cmocka_unit_test_setup_teardown(test_deputies_zh, setup_zh, teardown),
        cmocka_unit_test_setup_teardown(test_durations, setup_en, teardown),
        cmocka_unit_test_setup_teardown(test_csv_fields, setup_en, teardown),
        cmocka_unit_test_setup_teardown(test_csv_result, setup_en, teardown),
        cmocka_unit_test_setup_teardown(test_csv_members, setup_en, teardown),
        cmocka_unit_test_setup_teardown(test_next, setup_en, teardown),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
