/* The sentences: what happened, and what is asked of who reads it. */
#include <stdio.h>
#include <string.h>

#include "daemon/notify/letter.h"

enum {
    UNIT = 1 << TO_UNIT,
    FIRM = 1 << TO_ENTERPRISE,
    PERSON = 1 << TO_PERSON,
    DAY_TEXT_SIZE = 48
};

struct phrase {
    const char *said;
    const char *ask; /* NULL: nothing */
    unsigned whom;   /* bits of those who are asked */
    bool due;        /* say by when */
    const char *english;
};

/* clang-format off */
static const struct phrase phrases[EV_COUNT] = {
    [EV_FILE] =            {"已登记", "请及时受理", UNIT, false, "was filed"},
    [EV_DECLINE] =         {"不予受理", "如有异议可申诉", FIRM, false, "was declined"},
    [EV_APPEAL] =          {"已申诉", "请审定", UNIT, false, "is appealed"},
    [EV_APPEAL_GRANT] =    {"申诉成立", "请重新受理", UNIT, false, "is taken up again after an appeal"},
    [EV_APPEAL_REFUSE] =   {"申诉不成立", NULL, 0, false, "stays declined after an appeal"},
    [EV_SUPPLEMENT_ASK] =  {"需补充材料", "请尽快提供", FIRM, false, "needs more material"},
    [EV_SUPPLEMENT_GIVE] = {"已补充材料", "请继续办理", UNIT, false, "has more material"},
    [EV_DISPATCH] =        {"已派单", "请及时签收办理", UNIT, true, "was dispatched"},
    [EV_ACCEPT] =          {"已接单", NULL, 0, false, "was accepted"},
    [EV_RETURN_ASK] =      {"申请退单", "请审定", UNIT, false, "is to be returned, if granted"},
    [EV_RETURN_GRANT] =    {"已同意退单", NULL, 0, false, "was returned"},
    [EV_RETURN_REFUSE] =   {"退单未获同意", "请继续办理", UNIT, false, "was not taken back"},
    [EV_TRANSFER] =        {"已转办", "请及时签收办理", UNIT, true, "was transferred"},
    [EV_ASSIGN] =          {"已分办", "请及时办理", UNIT | PERSON, true, "was assigned"},
    [EV_CONTACT] =         {"已首次联系", NULL, 0, false, "had its first contact"},
    [EV_ANSWER] =          {"已答复", NULL, 0, false, "was answered"},
    [EV_NOTE] =            {"有新的办理记录", NULL, 0, false, "has a new note"},
    [EV_EXTEND_ASK] =      {"申请延期", "请审定", UNIT, false, "asks for an extension"},
    [EV_EXTEND_GRANT] =    {"已同意延期", NULL, 0, true, "was extended"},
    [EV_EXTEND_REFUSE] =   {"延期未获同意", "请按期办理", UNIT, true, "was not extended"},
    [EV_SUSPEND] =         {"已挂起", NULL, 0, false, "was suspended"},
    [EV_RESUME] =          {"已恢复办理", "请继续办理", UNIT, true, "was resumed"},
    [EV_RECALL] =          {"已撤回", NULL, 0, false, "was recalled"},
    [EV_URGE] =            {"被催办", "请尽快办理", UNIT | PERSON, true, "was urged"},
    [EV_SUPERVISE] =       {"被督办", "请按期回复", UNIT | PERSON, false, "was put under supervision"},
    [EV_SUPERVISE_REPLY] = {"已回复督办", NULL, 0, false, "has a reply to the supervision"},
    [EV_MEET] =            {"已提交会商", NULL, 0, false, "goes to a joint meeting"},
    [EV_MEET_DISPATCH] =   {"经会商派单", "请及时签收办理", UNIT, true, "was dispatched by a joint meeting"},
    [EV_MEET_EXTEND] =     {"经会商延期", NULL, 0, true, "was extended by a joint meeting"},
    [EV_MEET_SPLIT] =      {"经会商分解", NULL, 0, false, "was split by a joint meeting"},
    [EV_MEET_RESOLVE] =    {"经会商办结", "请评价", FIRM, false, "was resolved by a joint meeting"},
    [EV_RESOLVE] =         {"已办结", "请评价", FIRM, false, "was resolved"},
    [EV_REVIEW_PASS] =     {"审核通过", "请评价", FIRM, false, "passed its review"},
    [EV_REVIEW_FAIL] =     {"审核未通过", "请继续办理", UNIT, false, "failed its review"},
    [EV_EVALUATE] =        {"已评价", NULL, 0, false, "was evaluated"},
    [EV_SILENCE] =         {"逾期未评价", NULL, 0, false, "was not evaluated in time"},
    [EV_REWORK] =          {"需重办", "请及时办理", UNIT, true, "is to be done again"},
    [EV_WITHDRAW] =        {"已撤单", NULL, 0, false, "was withdrawn"},
    [EV_MERGE] =           {"已并单", NULL, 0, false, "was merged"},
    [EV_SPLIT] =           {"已分解", NULL, 0, false, "was split"},
    [EV_ARCHIVE] =         {"已归档", NULL, 0, false, "was archived"},
    [EV_CORRECT] =         {"有更正", NULL, 0, false, "was corrected"},
    [EV_ESCALATE] =        {"有预警", "请关注", UNIT | PERSON, true, "has a warning"},
    [EV_SCORE_APPEAL] =    {"评价被申诉", NULL, 0, false, "has its score appealed"},
    [EV_SCORE_GRANT] =     {"评价申诉成立", NULL, 0, false, "has its score struck"},
    [EV_SCORE_REFUSE] =    {"评价申诉不成立", NULL, 0, false, "keeps its score"},
    [EV_COMMENT] =         {"有追评", NULL, 0, false, "has a later comment"},
    [EV_LEADERS] =         {"领衔领办领责有变更", NULL, 0, false, "has other leaders"},
    [EV_HAND] =            {"已移交", "请接续办理", UNIT, false, "was handed over"},
};
/* clang-format on */

/* -- days -------------------------------------------------------------------
 */

/* What is due by day is due at the end of its last day; the year is said where
 * it is another one, the time where it matters. */
static void chinese_day(const struct letter *l, char out[DAY_TEXT_SIZE])
{
    struct civil date = civil_from_day(due_last_day(l->due));
    char year[16] = "";
    char time[16] = "";
    if (date.year != civil_from_day(instant_day(l->at)).year) {
        snprintf(year, sizeof year, "%d年", date.year);
    }
    if (!l->due.by_day) {
        int32_t second = instant_second(l->due.at);
        snprintf(time, sizeof time, "%02d:%02d", second / 3600,
                 second / 60 % 60);
    }
    snprintf(out, DAY_TEXT_SIZE, "%s%d月%d日%s", year, date.month, date.day,
             time);
}

static void english_day(const struct letter *l, char out[DAY_TEXT_SIZE])
{
    char text[INSTANT_TEXT_SIZE];
    if (l->due.by_day) {
        day_format(due_last_day(l->due), out);
        return;
    }
    snprintf(out, DAY_TEXT_SIZE, "%.16s", instant_format(l->due.at, text));
    char *t = strchr(out, 'T');
    if (t != NULL) {
        *t = ' ';
    }
}

static bool has_due(const struct letter *l)
{
    return l->has_clock && l->due.at != INSTANT_NONE;
}

/* -- Chinese ----------------------------------------------------------------
 */

/* The clock is named where it is not simply that of the work. */
static const char *clock_word(const struct letter *l)
{
    static const char *const words[CLOCK_KIND_COUNT] = {
#define X(id, name, zh) zh,
        CLOCK_MAP(X)
#undef X
    };
    bool of_work = !l->has_clock || l->clock == CLOCK_FINISH ||
                   l->clock == CLOCK_OVERALL || l->clock == CLOCK_REWORK;
    return of_work ? "" : words[l->clock];
}

static void escalation(const struct letter *l, const char *number,
                       char out[LETTER_TEXT_SIZE])
{
    static const char *const asks[STEP_DOES_COUNT] = {
        [STEP_TELL_HANDLER] = "请抓紧办理",    [STEP_URGE] = "请尽快办理",
        [STEP_TELL_SUPERVISOR] = "请督促办理", [STEP_SUPERVISE] = "已转督办",
        [STEP_AGENDA] = "已列入联席会议议题",
    };
    const char *ask = l->does < STEP_DOES_COUNT ? asks[l->does] : "请关注";
    char day[DAY_TEXT_SIZE];
    if (!has_due(l)) {
        snprintf(out, LETTER_TEXT_SIZE, "工单%s%s", number, ask);
        return;
    }
    chinese_day(l, day);
    snprintf(out, LETTER_TEXT_SIZE, "工单%s%s%s%s到期,%s", number,
             clock_word(l), l->light == LIGHT_RED ? "已于" : "将于", day, ask);
}

/* A bad score is a rework to who has to do it; which score it was is not for
 * them. */
static const struct phrase *phrase_of(const struct letter *l)
{
    bool again =
        l->event == EV_EVALUATE && l->has_clock && l->clock == CLOCK_REWORK;
    return &phrases[again ? EV_REWORK : l->event];
}

static void notice(const struct letter *l, const char *number,
                   char out[LETTER_TEXT_SIZE])
{
    const struct phrase *p = phrase_of(l);
    char day[DAY_TEXT_SIZE] = "";
    bool due = p->due && has_due(l);
    bool ask = p->ask != NULL && (p->whom >> l->addressee & 1U) != 0;
    if (due) {
        chinese_day(l, day);
    }
    snprintf(out, LETTER_TEXT_SIZE, "工单%s%s%s%s%s%s", number, p->said,
             ask ? "," : "", ask ? p->ask : "", due ? ",期限" : "", day);
}

/* Ends the text after so many characters of UTF-8. */
static void cut(char *text, int characters)
{
    int n = 0;
    for (char *c = text; *c != '\0'; c++) {
        bool begins = ((unsigned char)*c & 0xC0U) != 0x80;
        if (begins && n++ == characters) {
            *c = '\0';
            return;
        }
    }
}

void letter_chinese(const struct letter *l, char out[LETTER_TEXT_SIZE])
{
    static const char sign[] = "【闭环】";
    char number[TICKET_TEXT_SIZE];
    char text[LETTER_TEXT_SIZE];
    if (l->digest) {
        snprintf(text, sizeof text,
                 "今日待办%lld件,将超时%lld件,已超时%lld件,请及时办理",
                 (long long)l->todo, (long long)l->soon, (long long)l->overdue);
    } else if (l->anchors) {
        char day[INSTANT_TEXT_SIZE];
        snprintf(text, sizeof text, "%s存证链与审计链锚点,请另处保存",
                 day_format(l->day, day));
    } else if (l->event == EV_ESCALATE) {
        escalation(l, ticket_id_format(l->ticket, number), text);
    } else {
        notice(l, ticket_id_format(l->ticket, number), text);
    }
    snprintf(out, LETTER_TEXT_SIZE, "%s%.*s", sign,
             (int)(LETTER_TEXT_SIZE - sizeof sign), text);
    cut(out, SMS_CHARACTERS_MAX);
}

/* -- English ----------------------------------------------------------------
 */

static void english_escalation(const struct letter *l, const char *number,
                               char out[LETTER_TEXT_SIZE])
{
    static const char *const says[STEP_DOES_COUNT] = {
        [STEP_TELL_HANDLER] = "time is running out",
        [STEP_URGE] = "please act on it",
        [STEP_TELL_SUPERVISOR] = "please see to it",
        [STEP_SUPERVISE] = "it is now under supervision",
        [STEP_AGENDA] = "it is on the next meeting's agenda",
    };
    const char *say = l->does < STEP_DOES_COUNT ? says[l->does] : "a warning";
    char day[DAY_TEXT_SIZE];
    if (!has_due(l)) {
        snprintf(out, LETTER_TEXT_SIZE, "Ticket %s: %s.", number, say);
        return;
    }
    english_day(l, day);
    snprintf(out, LETTER_TEXT_SIZE, "Ticket %s, %s limit %s %s: %s.", number,
             clock_kind_name(l->clock),
             l->light == LIGHT_RED ? "ended" : "ends", day, say);
}

void letter_english(const struct letter *l, char out[LETTER_TEXT_SIZE])
{
    char number[TICKET_TEXT_SIZE];
    char day[DAY_TEXT_SIZE] = "";
    if (l->digest) {
        snprintf(out, LETTER_TEXT_SIZE,
                 "Today: %lld to do, %lld due soon, %lld overdue.",
                 (long long)l->todo, (long long)l->soon, (long long)l->overdue);
        return;
    }
    if (l->anchors) {
        snprintf(out, LETTER_TEXT_SIZE,
                 "Anchors of journal and audit record of %s: to be kept "
                 "elsewhere.",
                 day_format(l->day, day));
        return;
    }
    ticket_id_format(l->ticket, number);
    if (l->event == EV_ESCALATE) {
        english_escalation(l, number, out);
        return;
    }
    const struct phrase *p = phrase_of(l);
    bool due = p->due && has_due(l);
    if (due) {
        english_day(l, day);
    }
    snprintf(out, LETTER_TEXT_SIZE, "Ticket %s %s%s%s.", number, p->english,
             due ? "; due " : "", day);
}
