/* Sets of words come from the maps of core and proto, which carry the Chinese
 * beside the stable name; English is the stable name with blanks. */
#include "client/cli/language/words.h"

#include <stdio.h>
#include <string.h>

#include "client/cli/language/lang.h"
#include "core/attachment.h"
#include "core/regulation.h"
#include "core/ticket.h"
#include "proto/command.h"

struct pair {
    const char *name;
    const char *zh;
};

#define X(id, name, zh) {name, zh},
static const struct pair states[] = {TICKET_STATE_MAP(X)
                                         DISPATCH_STATE_MAP(X){NULL, NULL}};
static const struct pair events[] = {EVENT_MAP(X){"digest", "每日提醒"},
                                     {"text.redact", "隐去文字"},
                                     {"attachment", "附件"},
                                     {NULL, NULL}};
static const struct pair clocks[] = {CLOCK_MAP(X){NULL, NULL}};
static const struct pair roles[] = {ROLE_MAP(X){NULL, NULL}};
static const struct pair purposes[] = {ATTACHMENT_PURPOSE_MAP(X){NULL, NULL}};
#undef X

/* clang-format off */
static const struct pair lights[] = {
    {"green", "绿灯"}, {"yellow", "黄灯"}, {"red", "红灯"},
    {"grey", "灰灯(挂起)"}, {"none", "无"}, {NULL, NULL}};
static const struct pair verdicts[] = {
    {"open", "进行中"}, {"kept", "按时"}, {"late", "超时"}, {"void", "作废"},
    {NULL, NULL}};
static const struct pair kinds[] = {
    {"lead", "主办"}, {"co", "协办"}, {"chain", "产业链"},
    {"committee", "产业链党委"}, {"office", "办公室"}, {"department", "部门"},
    {"enterprise", "企业"}, {"person", "人员"}, {"steward", "管家"},
    {"guide", "党建指导员"}, {"specialist", "专员"},
    {"workday", "工作日"}, {"weekend", "周末"}, {"holiday", "节假日"},
    {"makeup", "调休上班"}, {"wecom", "企业微信"}, {"dingtalk", "钉钉"},
    {"sms", "短信"}, {NULL, NULL}};
static const struct pair duties[] = {
    {"steward", "管家"}, {"specialist", "专员"}, {"sponsor", "领衔"},
    {"leader", "领办"}, {"responsible", "领责"}, {"lead", "主办"},
    {"co", "协办"}, {"handler", "经办"}, {NULL, NULL}};
static const struct pair boxes[] = {
    {"todo", "待办"}, {"done", "已办"}, {"soon", "将超时"},
    {"overdue", "超时"}, {"told", "抄送"}, {NULL, NULL}};
static const struct pair deliveries[] = {
    {"waiting", "待推送"}, {"done", "已送达"}, {"failed", "已放弃"},
    {NULL, NULL}};
static const struct pair decisions[] = {
    {"dispatch", "派单"}, {"split", "分解"}, {"extend", "延期"},
    {"resolve", "办结"}, {NULL, NULL}};
static const struct pair reasons[] = {
    {"returns", "多次退单"}, {"rounds", "多轮重办"}, {"overdue", "长期超时"},
    {"hand", "人工提交"}, {NULL, NULL}};
static const struct pair positions[] = {
    {"lead", "链主"}, {"core", "骨干"}, {"member", "上下游"}, {NULL, NULL}};
static const struct pair faults[] = {
    {"none", "无"}, {"unit", "承办单位"}, {"dispatcher", "派单单位"},
    {NULL, NULL}};
static const struct pair runs[] = {
    {"running", "计时中"}, {"paused", "暂停"}, {"stopped", "已停"},
    {NULL, NULL}};
static const struct pair deeds[] = {
    {"tell_handler", "提醒经办人"}, {"urge", "催办"},
    {"tell_supervisor", "报告督查"}, {"supervise", "督办"},
    {"agenda", "列入会商议题"}, {NULL, NULL}};
static const struct pair groupings[] = {
    {"none", "不分组"}, {"department", "部门"}, {"chain", "产业链"},
    {"guide", "党建指导员"}, {"category", "类别"}, {NULL, NULL}};
static const struct pair rules[] = {
    {"next_day", "次日起算"}, {"same_day", "当日起算"},
    {"deemed_next_workday", "非工作时间视为次工作日"}, {NULL, NULL}};

static const struct pair scores[] = {
    {"5", "非常满意"}, {"4", "满意"}, {"3", "基本满意"}, {"2", "不满意"},
    {"1", "非常不满意"}, {NULL, NULL}};
static const struct pair sources[] = {{"built-in", "内置"}, {NULL, NULL}};
static const struct pair units[] = {{"guide", "党建指导员"}, {NULL, NULL}};
static const struct pair doers[] = {
    {"clock", "时钟"}, {"operator", "管理员"}, {NULL, NULL}};
static const struct pair guards[] = {
    {"lead", "主办"}, {"co", "协办"}, {"review", "主办且须审核"},
    {"good", "已解决且评价不差"}, {"bad", "未解决或差评"},
    {"closable", "已评价或逾期未评"}, {"appealable", "未申诉过"},
    {"disputable", "差评引起且未申诉过"}, {"scored", "已评价未追评"},
    {"untouched", "下一环节未动"}, {"returnable", "未被拒退过"},
    {"asked", "有待审定的申请"}, {"due", "已到期"}, {"parent", "已分解"},
    {NULL, NULL}};
static const struct pair parts[] = {
    {"start", "起算日(不计)"}, {"deemed", "视为提出之日"}, {"counted", "计入"},
    {"skipped", "不计"}, {"passed", "顺延"}, {"moved", "顺延至此"},
    {"paused", "暂停"}, {NULL, NULL}};
static const struct pair types[] = {
    {"jpeg", "照片(JPEG)"}, {"png", "图片(PNG)"}, {"webp", "图片(WebP)"},
    {"pdf", "PDF"}, {"ofd", "OFD"}, {"docx", "文档(DOCX)"},
    {"xlsx", "表格(XLSX)"}, {"pptx", "演示(PPTX)"}, {"text", "文本"},
    {NULL, NULL}};
static const struct pair problems[] = {
    {"missing", "丢失"}, {"changed", "内容已变"}, {"unreadable", "读不出"},
    {NULL, NULL}};
static const struct pair logins[] = {
    {"login", "登录"}, {"api", "程序令牌"}, {"socket", "本机套接字"},
    {NULL, NULL}};
static const struct pair deeds_of_daemon[] = {
    {"daemon.start", "服务启动"}, {"daemon.stop", "服务停止"},
    {"daemon.setting", "启动时所设配置项"},
    {"audit.cut", "清理到期审计记录"}, {"audit.dropped", "未能记入的拒绝"},
    {"audit.more", "过多而合并记入的拒绝"},
    {NULL, NULL}};
static const struct pair accounts[] = {
    {"active", "正常"}, {"disabled", "已停用"}, {"one_time", "待首次登录"},
    {"due", "口令已到期"}, {NULL, NULL}};
static const struct pair weekdays[] = {
    {"mon", "周一"}, {"tue", "周二"}, {"wed", "周三"}, {"thu", "周四"},
    {"fri", "周五"}, {"sat", "周六"}, {"sun", "周日"}, {NULL, NULL}};

/* Which sets a column's values are from; the first that has a value counts. */
static const struct {
    const char *column;
    const struct pair *set;
} sets[] = {
    {"state", states}, {"from_state", states}, {"to_state", states},
    {"starts", clocks}, {"stops", clocks}, {"drops", clocks},
    {"guard", guards}, {"part", parts}, {"weekday", weekdays}, {"light", lights},
    {"old_light", lights}, {"new_light", lights}, {"verdict", verdicts},
    {"event", events}, {"clock", clocks}, {"role", roles}, {"owner", roles},
    {"kind", kinds}, {"position", positions}, {"fault", faults},
    {"run", runs}, {"does", deeds}, {"by_group", groupings},
    {"start_rule", rules}, {"who", doers}, {"score", scores},
    {"unit", units}, {"as", kinds}, {"source", sources}, {"duty", duties},
    {"end", duties}, {"box", boxes}, {"decision", decisions},
    {"decision", events}, {"decision", states}, {"why", reasons},
    {"delivery", deliveries}, {"step", events}, {"what", clocks},
    {"what", events}, {"what", states}, {"role", duties},
    {"purpose", purposes}, {"type", types}, {"problem", problems},
    {"roles", roles}, {"kind", logins}, {"state", accounts},
    {"what", deeds_of_daemon},
};

/* Headings: the wire's name and the English words, the key of the catalogue.
 * One list for columns and members; a name means the same everywhere. */
static const struct {
    const char *name;
    const char *english;
} headings[] = {
    {"accepted", "Accepted"}, {"account", "Account"}, {"added", "Added"},
    {"against", "Unit complained of"}, {"agenda", "Agenda"},
    {"alone", "Left alone"}, {"already_there", "Already there"},
    {"answer", "Answer"},
    {"answered", "Answered"}, {"archived", "Archived"}, {"as", "Acting as"},
    {"at", "At"}, {"attempts", "Attempts"}, {"average_ms", "Average ms"},
    {"balance", "Balance"}, {"batches", "Batches"}, {"before", "Before"},
    {"body", "Full text"}, {"bounds", "Bounds"}, {"box", "List"},
    {"budget", "Budget"}, {"by", "By"}, {"bytes", "Bytes"},
    {"calendar", "Calendar"}, {"calls", "Calls"}, {"categories", "Categories"},
    {"category", "Category"}, {"chain", "Chain"}, {"chain_name", "Chain name"},
    {"chains", "Chains"}, {"changed", "Changed"}, {"changes", "Changes"},
    {"channel", "Channel"},
    {"channels", "Channels"}, {"children", "Children"}, {"clock", "Clock"},
    {"clocks", "Clocks"}, {"closed", "Closed"},
    {"closed_at", "Closed at"}, {"group", "Group"},
    {"lead_days_mean", "Lead, mean days"},
    {"lead_wd_mean", "Lead, mean wd"},
    {"lead_wd_median", "Lead, median wd"},
    {"response_min_mean", "Response, mean min"},
    {"response_min_median", "Response, median min"},
    {"within_15_min", "Within 15 min"}, {"code", "Code"},
    {"commands", "Commands"}, {"comment", "Comment"},
    {"committee", "Committee"}, {"committees", "Committees"},
    {"confidential", "Confidential"}, {"connections", "Connections"},
    {"corrected", "Corrected"}, {"corrections", "Corrections"},
    {"counted", "Counted"}, {"counted_s", "Counted time"},
    {"credit", "Credit code"}, {"date", "Date"}, {"day", "Day"},
    {"days", "Days"}, {"decided", "Decided"}, {"decision", "Decision"},
    {"decisions", "Decisions"}, {"deliveries", "Deliveries"},
    {"department", "Department"}, {"departments", "Departments"},
    {"detail", "Detail"}, {"dispatch", "Dispatch"},
    {"dispatched", "Dispatched"}, {"dispatcher", "Dispatcher"},
    {"dispatches", "Dispatches"}, {"does", "Action"}, {"done", "Done"},
    {"drops", "Drops"}, {"due", "Due"}, {"duty", "Duty"},
    {"effective", "Effective"}, {"ended", "Ended"},
    {"enterprise", "Enterprise"},
    {"enterprise_code", "Credit code of enterprise"},
    {"enterprise_name", "Enterprise name"}, {"enterprises", "Enterprises"},
    {"errors", "Errors"}, {"escalation", "Escalation"},
    {"escalations", "Escalations"}, {"event", "Event"}, {"events", "Events"},
    {"events_a_second", "Events a second"}, {"extension", "Extension asked"},
    {"extensions", "Extensions"}, {"failed", "Failed"}, {"fault", "Fault"},
    {"file", "File"}, {"filed", "Filed"}, {"filed_by", "Filed by"},
    {"filed_count", "Received"}, {"finish", "Finish"}, {"fired", "Fired"},
    {"fired_at", "Fired at"}, {"first_answer_s", "First answer after"},
    {"first_bad", "First bad record"}, {"first_response", "First response"},
    {"first_response_s", "First response after"},
    {"first_response_working_s", "First response after, working time"},
    {"from", "From"}, {"from_state", "From state"}, {"green", "Green"},
    {"grey", "Grey"}, {"guard", "Guard"}, {"guide", "Guide"},
    {"guides", "Guides"}, {"handed", "Handed over"}, {"handler", "Handler"},
    {"handler_name", "Handler name"}, {"head", "Journal head"},
    {"head_hash", "Hash of the head"}, {"held_at", "Held at"},
    {"held_s", "Held for"}, {"hook", "Webhook"}, {"hooks", "Webhooks"},
    {"id", "Id"}, {"imported", "Imported"},
    {"imported_share", "Imported share"}, {"internal", "Internal text"},
    {"into", "Into"}, {"items", "Items"}, {"journal", "Journal"},
    {"kept_as_moved", "Kept, because moved since"}, {"kind", "Kind"},
    {"known", "As known at"}, {"last_error", "Last error"},
    {"late_by", "Late by"}, {"late_s", "Late by"}, {"lead", "Lead"},
    {"lead_s", "Lead time"}, {"lead_time", "Lead time"},
    {"lead_time_s", "Lead time"}, {"lead_wd", "Lead time, working days"},
    {"lead_working_s", "Lead time, working time"}, {"left", "Left"},
    {"left_alone", "Left alone"}, {"left_s", "Left"}, {"light", "Light"},
    {"lights", "Lights"},
    {"lights_changed", "Lights changed"}, {"limit", "Limit"},
    {"limits", "Limits"}, {"lines", "Lines"}, {"listed", "Listed"},
    {"listeners", "Listeners"}, {"max_us", "Longest us"},
    {"measure", "Measure"}, {"median", "Median"}, {"meeting", "Meeting"},
    {"meetings", "Meetings"}, {"merged_into", "Merged into"},
    {"method", "Method"}, {"migrated", "Moved to it"}, {"minutes", "Minutes"},
    {"mismatches", "Mismatches"}, {"missing", "Missing"},
    {"moved", "Moved"}, {"n", "No."}, {"name", "Name"},
    {"natural_s", "Natural time"}, {"new_due", "New due"},
    {"new_light", "New light"}, {"next_at", "Next at"}, {"note", "Note"},
    {"notices", "Notices"}, {"now", "Now"}, {"nth", "Nth day"},
    {"number", "Number"}, {"office", "Office"}, {"offices", "Offices"},
    {"old_due", "Old due"}, {"old_light", "Old light"}, {"open", "Open"},
    {"organisation", "Organisation"}, {"overall", "Overall"},
    {"overdue", "Overdue"}, {"overdue_still_open", "Overdue, still open"},
    {"overdue_total", "Overdue in all"},
    {"overdue_total_corrected", "Overdue in all, corrected"},
    {"owner", "Owner"}, {"paper", "Paper"}, {"papers", "Papers"},
    {"parent", "Parent"}, {"part", "Part"}, {"participants", "Participants"},
    {"parts", "Parts"}, {"path", "Path"}, {"paused", "Paused"},
    {"people", "People"}, {"person", "Person"}, {"persons", "People"},
    {"phone", "Phone"}, {"place", "Place"}, {"plan", "The plan"},
    {"position", "Position"}, {"provisional", "Provisional"},
    {"public", "Public answer"}, {"reads", "Reads"}, {"reason", "Reason"},
    {"recomputed", "Recomputed"}, {"recorded", "Recorded"},
    {"recorded_at", "Recorded"}, {"records", "Records"}, {"red", "Red"},
    {"redacted", "Redacted"}, {"redacted_by", "Redacted by record"},
    {"redactions", "Redactions"}, {"text_id", "Text number"},
    {"anchor", "Anchor"}, {"anchored", "Anchored up to"},
    {"anchors_of_expired", "Anchors of what has gone"},
    {"audit", "Audit record"}, {"expired", "Gone for its age"},
    {"anchors", "Anchors that agree"}, {"ref", "Reference"}, {"refused", "Refused"},
    {"regulation", "Regulation"}, {"regulations", "Regulations"},
    {"released", "Released"}, {"repeats", "Repeats"}, {"reply", "Reply"},
    {"resolved", "Resolved"}, {"responded", "Responded"},
    {"response_min", "First response, minutes"}, {"result", "Result"},
    {"return_asked", "Return asked"}, {"return_decided", "Return decided"},
    {"retried", "Sent again"},
    {"returns", "Returns granted"}, {"review", "Review"}, {"role", "Role"},
    {"roles", "Roles"}, {"round", "Round"}, {"rows", "Rows"},
    {"run", "Running"}, {"said", "Said"}, {"score", "Score"},
    {"seconds", "Seconds"}, {"secret", "Secret"}, {"segments", "Working hours"},
    {"sent", "Sent"}, {"seq", "Journal number"}, {"share", "Share"},
    {"solved", "Solved"}, {"soon", "Falling due"}, {"sound", "Sound"},
    {"source", "Source"}, {"special", "Individual plan"},
    {"specialist", "Specialist"}, {"sponsor", "Sponsor"}, {"start", "Start"},
    {"start_rule", "Start rule"}, {"started", "Started"}, {"starts", "Starts"},
    {"state", "State"}, {"stats", "Counters"}, {"step", "Step"},
    {"steps", "Steps"}, {"steward", "Steward"}, {"stop", "Stopped"},
    {"stops", "Stops"}, {"tell", "Told"}, {"tells", "Told"}, {"text", "Text"},
    {"ticket", "Ticket"}, {"tickets", "Tickets"}, {"time", "Time"},
    {"timeline", "Timeline"}, {"title", "Title"}, {"to", "To"},
    {"to_state", "To state"}, {"todo", "To do"}, {"told", "Told"},
    {"took_s", "Took"}, {"total", "Total"}, {"total_closed", "Closed in all"},
    {"total_filed", "Filed in all"}, {"total_ms", "Total ms"},
    {"total_overdue", "Overdue, total"},
    {"total_still_open", "Still open, total"}, {"total_us", "Total us"},
    {"totals", "Totals"}, {"turn", "Extensions granted"}, {"unit", "Unit"},
    {"unit_name", "Unit name"}, {"units", "Units"}, {"until", "Until"},
    {"uptime_s", "Running for"}, {"urgencies", "Urgencies"},
    {"urgency", "Urgency"}, {"url", "Address"}, {"valid", "Valid"},
    {"verdict", "Verdict"}, {"version", "Version"}, {"versions", "Versions"},
    {"waiting", "Waiting"}, {"warned", "Check digit fails"},
    {"warning", "Warning"}, {"warnings", "Warnings"}, {"weekday", "Weekday"},
    {"weights", "Weights"}, {"who", "Who"}, {"workdays", "Working days"},
    {"working_days", "Working days"}, {"working_minutes", "Working minutes"},
    {"working_s", "Working time"}, {"writes", "Writes"}, {"written", "Written"},
    {"year", "Year"}, {"years", "Years"}, {"yellow", "Yellow"},
    {"new_ticket", "New ticket"}, {"answers", "Answers"}, {"count", "Count"}, {"counts", "Counts"},
    {"more", "More"}, {"overdue_since", "Overdue since"},
    {"parent_state", "State of the whole"}, {"since", "Since"},
    {"undecided", "Undecided"}, {"what", "What"}, {"why", "Why"},
    {"connected", "Connected"}, {"delivered", "Delivered"},
    {"error", "Error"}, {"failed_attempts", "Failed attempts"},
    {"given_up", "Given up"}, {"in_flight", "At work"},
    {"long_reads", "Long reads"}, {"lost_batches", "Lost batches"},
    {"refusals", "Refusals"}, {"slowest_batch_us", "Slowest batch us"},
    {"attachments", "Attachments"}, {"files", "Files"},
    {"folder", "Folder"}, {"linked", "Shared with the original"},
    {"problem", "Problem"}, {"purpose", "Purpose"}, {"sha256", "SHA-256"},
    {"size", "Bytes"}, {"type", "Type"}, {"faults", "Faults"},
    {"turned_away", "Turned away"}, {"waiting_reads", "Reads waiting"},
    {"accounts", "Accounts"}, {"ends", "Ends"}, {"idle_minutes", "Idle minutes"},
    {"login", "Latest log-in"}, {"made", "Made"}, {"object", "Object"},
    {"outcome", "Outcome"}, {"password", "Password"},
    {"password_due", "Password is due"},
    {"password_due_in_days", "Days until the password is due"},
    {"posts", "Posts"}, {"scope", "Scope"}, {"set", "Password set"},
    {"times", "Times"}, {"token", "Token"}, {"tokens", "Tokens"},
    {"totp", "Second factor"}, {"uri", "Address for authenticators"},
    {"used", "Used"}, {"after", "After"}, {"done_at", "Done at"},
    {"names", "Named on tickets"}, {"audit.head", "Latest record"},
    {"hashes", "Passwords being hashed"},
    {"waiting_hashes", "Passwords waiting for it"},
    {"most_hashes", "Most hashed at a time"},
    {"rate_limited", "Came too often"}, {"shed_slow", "Ended as too slow"},
    {"tls_failed", "TLS failures"},
};
/* clang-format on */

/* Nor with what a terminal would obey: names come from a server too. 0xC2 and
 * what follows is where UTF-8 keeps the C1 controls. */
static const char *without_underscores(const char *name, char out[WORD_SIZE])
{
    size_t i = 0;
    for (; name[i] != '\0' && i + 1 < WORD_SIZE; i++) {
        unsigned char c = (unsigned char)name[i];
        bool obeyed = c < 0x20 || c == 0x7F || c == 0xC2 ||
                      (i > 0 && (unsigned char)name[i - 1] == 0xC2);
        out[i] = c == '_' || obeyed ? ' ' : name[i];
    }
    out[i] = '\0';
    return out;
}

const char *heading_english(size_t i)
{
    size_t n = sizeof headings / sizeof headings[0];
    return i < n ? headings[i].english : NULL;
}

static const char *find_heading(const char *name)
{
    for (size_t i = 0; i < sizeof headings / sizeof headings[0]; i++) {
        if (strcmp(headings[i].name, name) == 0) {
            return tr(headings[i].english);
        }
    }
    return NULL;
}

const char *heading(const char *name, char out[WORD_SIZE])
{
    const char *found = find_heading(name);
    return found != NULL ? found : without_underscores(name, out);
}

const char *heading_within(const char *title, const char *name,
                           char out[WORD_SIZE])
{
    char both[WORD_SIZE];
    (void)snprintf(both, sizeof both, "%s.%s", title, name);
    const char *found = find_heading(both);
    return found != NULL ? found : heading(name, out);
}

/* Of the audit record: "ok" or an error's name. */
static const char *outcome_word(const char *value)
{
    enum err err = err_from_name(value);
    if (strcmp(value, "ok") == 0) {
        return either("允许", value);
    }
    return strcmp(err_name(err), value) == 0 ? tr(err_text(err)) : value;
}

/* What was done, where it is a command's name: without what its help says in
 * brackets. */
static const char *command_word(const char *column, const char *value,
                                char out[WORD_SIZE])
{
    const struct command *command =
        strcmp(column, "what") == 0 ? command_find(value) : NULL;
    if (command == NULL || lang_now() != LANG_ZH) {
        return value;
    }
    (void)snprintf(out, WORD_SIZE, "%.*s", (int)strcspn(command->zh, "("),
                   command->zh);
    return out;
}

bool has_words(const char *column)
{
    for (size_t i = 0; i < sizeof sets / sizeof sets[0]; i++) {
        if (strcmp(sets[i].column, column) == 0) {
            return true;
        }
    }
    return false;
}

static const struct pair *find_word(const struct pair *set, const char *value)
{
    for (const struct pair *pair = set; pair->name != NULL; pair++) {
        if (strcmp(pair->name, value) == 0) {
            return pair;
        }
    }
    return NULL;
}

bool word_is_chinese_of(const char *name, const char *value, const char *said)
{
    for (size_t i = 0; i < sizeof sets / sizeof sets[0]; i++) {
        const struct pair *pair = strcmp(sets[i].column, name) == 0
                                      ? find_word(sets[i].set, value)
                                      : NULL;
        if (pair != NULL) {
            return strcmp(pair->zh, said) == 0;
        }
    }
    return false;
}

static const char *one_word(const char *column, const char *value,
                            char out[WORD_SIZE])
{
    const struct pair *pair = NULL;
    for (size_t i = 0; pair == NULL && i < sizeof sets / sizeof sets[0]; i++) {
        if (strcmp(sets[i].column, column) == 0) {
            pair = find_word(sets[i].set, value);
        }
    }
    return pair == NULL ? command_word(column, value, out)
                        : either(pair->zh, without_underscores(value, out));
}

/* "sign,finish", "head handler": each word for itself. */
static const char *many_words(const char *column, const char *value, char mark,
                              char out[WORD_SIZE])
{
    const char marks[] = {mark, '\0'};
    char name[WORD_SIZE];
    char said[WORD_SIZE];
    size_t to = 0;
    out[0] = '\0';
    for (const char *at = value; at != NULL && to < WORD_SIZE;) {
        size_t len = strcspn(at, marks);
        (void)snprintf(name, sizeof name, "%.*s", (int)len, at);
        int n = snprintf(out + to, WORD_SIZE - to, "%s%s", to == 0 ? "" : ",",
                         one_word(column, name, said));
        to += n > 0 ? (size_t)n : 0;
        at = at[len] == mark ? at + len + 1 : NULL;
    }
    return out;
}

const char *word(const char *name, const char *value, char out[WORD_SIZE])
{
    if (strcmp(name, "outcome") == 0) {
        return outcome_word(value);
    }
    if (!has_words(name)) {
        return value;
    }
    char mark = strcmp(name, "roles") == 0 ? ' ' : ',';
    return strchr(value, mark) == NULL ? one_word(name, value, out)
                                       : many_words(name, value, mark, out);
}
