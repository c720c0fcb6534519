/* Sentences and bodies. Texts and their lengths are written and counted by
 * hand. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "daemon/notify/letter.h"
#include "lib/when.h"
#include "proto/message.h"

/* A notice to the department of a lead dispatch that is due after 9 October. */
static struct letter of_event(enum event_type event)
{
    struct letter l = {.at = at("2026-09-30 10:00"),
                       .to = "fgj",
                       .addressee = TO_UNIT,
                       .key = "bihuan-0011223344556677-42",
                       .ticket = 20261120000003,
                       .event = event,
                       .does = STEP_DOES_COUNT,
                       .title = "用地指标",
                       .has_clock = true,
                       .clock = CLOCK_FINISH,
                       .due = {.at = at("2026-10-10 00:00"), .by_day = true},
                       .light = LIGHT_GREEN};
    return l;
}

static struct letter of_step(enum step_does does, enum light light)
{
    struct letter l = of_event(EV_ESCALATE);
    l.does = does;
    l.light = light;
    return l;
}

static int characters(const char *text)
{
    int n = 0;
    for (; *text != '\0'; text++) {
        n += ((unsigned char)*text & 0xC0U) != 0x80;
    }
    return n;
}

static void says(const struct letter *l, const char *text, int count)
{
    char out[LETTER_TEXT_SIZE];
    letter_chinese(l, out);
    assert_string_equal(out, text);
    assert_int_equal(characters(out), count);
}

static void says_english(const struct letter *l, const char *text)
{
    char out[LETTER_TEXT_SIZE];
    letter_english(l, out);
    assert_string_equal(out, text);
}

static void test_escalations(void **state)
{
    (void)state;
    struct letter l = of_step(STEP_URGE, LIGHT_YELLOW);
    /* 4 + 2 + 12, then 2 + 5 + 2 + 1 + 5 */
    says(&l, "【闭环】工单20261120-003将于10月9日到期,请尽快办理", 33);
    says_english(&l, "Ticket 20261120-003, finish limit ends 2026-10-09: "
                     "please act on it.");
    l = of_step(STEP_TELL_SUPERVISOR, LIGHT_RED);
    says(&l, "【闭环】工单20261120-003已于10月9日到期,请督促办理", 33);
    l = of_step(STEP_SUPERVISE, LIGHT_RED);
    says(&l, "【闭环】工单20261120-003已于10月9日到期,已转督办", 32);
    l = of_step(STEP_TELL_HANDLER, LIGHT_GREEN);
    says(&l, "【闭环】工单20261120-003将于10月9日到期,请抓紧办理", 33);
    l = of_step(STEP_AGENDA, LIGHT_RED);
    l.clock = CLOCK_OVERALL;
    says(&l, "【闭环】工单20261120-003已于10月9日到期,已列入联席会议议题", 37);
    /* another clock is named; a limit in hours says the time; so does a year */
    l = of_step(STEP_URGE, LIGHT_YELLOW);
    l.clock = CLOCK_SIGN;
    l.due = (struct due){.at = at("2027-01-05 16:30")};
    says(&l, "【闭环】工单20261120-003签收将于2027年1月5日16:30到期,请尽快办理",
         44);
    says_english(&l, "Ticket 20261120-003, sign limit ends 2027-01-05 16:30: "
                     "please act on it.");
    l.due.at = INSTANT_NONE;
    says(&l, "【闭环】工单20261120-003请尽快办理", 23);
}

/* Who has to act is asked to; who is only told is not. */
static void test_notices(void **state)
{
    (void)state;
    struct letter l = of_event(EV_DISPATCH);
    says(&l, "【闭环】工单20261120-003已派单,请及时签收办理,期限10月9日", 37);
    says_english(&l, "Ticket 20261120-003 was dispatched; due 2026-10-09.");
    l.addressee = TO_ENTERPRISE;
    says(&l, "【闭环】工单20261120-003已派单,期限10月9日", 29);
    l.addressee = TO_PERSON;
    says(&l, "【闭环】工单20261120-003已派单,期限10月9日", 29);
    l = of_event(EV_RESOLVE);
    says(&l, "【闭环】工单20261120-003已办结", 21);
    l.addressee = TO_ENTERPRISE;
    says(&l, "【闭环】工单20261120-003已办结,请评价", 25);
    l = of_event(EV_ASSIGN);
    l.addressee = TO_PERSON;
    says(&l, "【闭环】工单20261120-003已分办,请及时办理,期限10月9日", 35);
    /* the unit learns that it has to do it again, and not the score */
    l = of_event(EV_EVALUATE);
    says(&l, "【闭环】工单20261120-003已评价", 21);
    l.clock = CLOCK_REWORK;
    says(&l, "【闭环】工单20261120-003需重办,请及时办理,期限10月9日", 35);
}

static void test_digest_says(void **state)
{
    (void)state;
    struct letter l = {.digest = true, .todo = 12, .soon = 3, .overdue = 1};
    /* 4, then 4 + 2 + 1 + 1, 3 + 1 + 1 + 1, 3 + 1 + 1 + 1, 5 */
    says(&l, "【闭环】今日待办12件,将超时3件,已超时1件,请及时办理", 29);
    says_english(&l, "Today: 12 to do, 3 due soon, 1 overdue.");
}

/* Every event, to everybody, with the longest number and day, is a sentence of
 * its own and fits one short message. */
static void test_all_fit(void **state)
{
    (void)state;
    for (int event = 0; event < EV_COUNT; event++) {
        for (int who = 0; who <= TO_PERSON; who++) {
            for (int does = 0; does <= STEP_DOES_COUNT; does++) {
                struct letter l = of_event((enum event_type)event);
                char out[LETTER_TEXT_SIZE];
                char english[LETTER_TEXT_SIZE];
                l.addressee = (enum addressee)who;
                l.does = (enum step_does)does;
                l.clock = CLOCK_SUPPLEMENT;
                l.ticket = 20261120999999;
                l.due = (struct due){.at = at("2027-12-25 16:30")};
                letter_chinese(&l, out);
                letter_english(&l, english);
                assert_in_range(characters(out), 22, SMS_CHARACTERS_MAX - 1);
                assert_null(strstr(out, "(null)"));
                assert_null(strstr(english, "(null)"));
                assert_true(strlen(english) >
                            strlen("Ticket 20261120-999999 "));
            }
        }
    }
}

/* -- bodies ------------------------------------------------------------------
 */

static void is_body(const struct letter *l, enum hook_kind kind,
                    const char *text)
{
    char *body = NULL;
    size_t len = 0;
    assert_int_equal(letter_body(l, kind, &body, &len), OK);
    assert_string_equal(body, text);
    assert_int_equal(len, strlen(text));
    free(body);
}

static void test_plain(void **state)
{
    (void)state;
    struct letter l = of_step(STEP_URGE, LIGHT_YELLOW);
    is_body(
        &l, HOOK_JSON,
        "{\"key\":\"bihuan-0011223344556677-42\","
        "\"at\":\"2026-09-30T10:00:00+08:00\",\"to\":\"fgj\","
        "\"ticket\":\"20261120-003\",\"event\":\"escalate\","
        "\"does\":\"urge\",\"title\":\"用地指标\",\"clock\":\"finish\","
        "\"light\":\"yellow\",\"due\":\"2026-10-10T00:00:00+08:00\","
        "\"text\":{\"zh\":\"【闭环】工单20261120-003将于10月9日到期,请尽快办"
        "理\",\"en\":\"Ticket 20261120-003, finish limit ends 2026-10-09: "
        "please act on it.\"}}");
    /* what is withheld is null, not left out */
    l = of_event(EV_FILE);
    l.to[0] = '\0';
    l.title[0] = '\0';
    l.has_clock = false;
    is_body(&l, HOOK_JSON,
            "{\"key\":\"bihuan-0011223344556677-42\","
            "\"at\":\"2026-09-30T10:00:00+08:00\",\"to\":null,"
            "\"ticket\":\"20261120-003\",\"event\":\"file\",\"does\":null,"
            "\"title\":null,\"clock\":null,\"light\":null,\"due\":null,"
            "\"text\":{\"zh\":\"【闭环】工单20261120-003已登记,请及时受理\","
            "\"en\":\"Ticket 20261120-003 was filed.\"}}");
}

static void test_digest_body(void **state)
{
    (void)state;
    struct letter l = {.key = "bihuan-0011223344556677-7",
                       .at = at("2026-11-20 08:30"),
                       .to = "h1",
                       .digest = true,
                       .day = day("2026-11-20"),
                       .todo = 2,
                       .soon = 1};
    is_body(&l, HOOK_JSON,
            "{\"key\":\"bihuan-0011223344556677-7\","
            "\"at\":\"2026-11-20T08:30:00+08:00\",\"to\":\"h1\","
            "\"event\":\"digest\",\"day\":\"2026-11-20\",\"todo\":2,\"soon\":1,"
            "\"overdue\":0,\"text\":{\"zh\":\"【闭环】今日待办2件,将超时1件,"
            "已超时0件,请及时办理\",\"en\":\"Today: 2 to do, 1 due soon, "
            "0 overdue.\"}}");
}

static void test_robots_and_sms(void **state)
{
    (void)state;
    char *body = NULL;
    size_t len = 0;
    struct letter l = of_event(EV_ACCEPT);
    static const char robot[] =
        "{\"msgtype\":\"text\",\"text\":{\"content\":"
        "\"【闭环】工单20261120-003已接单\\n用地指标\"}}";
    is_body(&l, HOOK_WECOM, robot);
    is_body(&l, HOOK_DINGTALK, robot);
    assert_int_equal(letter_body(&l, HOOK_SMS, &body, &len), ERR_NOT_FOUND);
    snprintf(l.phone, sizeof l.phone, "13800001234");
    is_body(&l, HOOK_SMS,
            "{\"to\":\"13800001234\","
            "\"text\":\"【闭环】工单20261120-003已接单\"}");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_escalations),
        cmocka_unit_test(test_notices),
        cmocka_unit_test(test_digest_says),
        cmocka_unit_test(test_all_fit),
        cmocka_unit_test(test_plain),
        cmocka_unit_test(test_digest_body),
        cmocka_unit_test(test_robots_and_sms),
    };
    message_setup();
    return cmocka_run_group_tests(tests, NULL, NULL);
}
