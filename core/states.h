/* The words of the two lifecycles: the states of a ticket and of a dispatch,
 * and the events that move them, each with its stable name on the wire and in
 * Chinese. What may follow what stands in core/lifecycle.c. */
#ifndef BIHUAN_CORE_STATES_H
#define BIHUAN_CORE_STATES_H

/* The order of the maps is stored: append only. */
/* clang-format off */
#define TICKET_STATE_MAP(X)                    \
    X(FILED,      "filed",      "待受理")      \
    X(DISPATCHED, "dispatched", "待接单")      \
    X(HANDLING,   "handling",   "办理中")      \
    X(REVIEW,     "review",     "待审核")      \
    X(RESOLVED,   "resolved",   "待评价")      \
    X(ARCHIVED,   "archived",   "已归档")      \
    X(DECLINED,   "declined",   "不予受理")    \
    X(WITHDRAWN,  "withdrawn",  "已撤单")      \
    X(MERGED,     "merged",     "已并单")      \
    X(SUSPENDED,  "suspended",  "挂起")        \
    X(MEETING,    "meeting",    "会商")

#define DISPATCH_STATE_MAP(X)                    \
    X(WAITING,      "waiting",      "待前置")    \
    X(SENT,         "sent",         "待接单")    \
    X(ACCEPTED,     "accepted",     "办理中")    \
    X(RETURN_ASKED, "return_asked", "退单待审")  \
    X(DONE,         "done",         "已办结")    \
    X(RETURNED,     "returned",     "已退单")    \
    X(TRANSFERRED,  "transferred",  "已转办")    \
    X(CANCELLED,    "cancelled",    "已取消")

#define EVENT_MAP(X)                                      \
    X(FILE,            "file",             "点单")        \
    X(DECLINE,         "decline",          "不予受理")    \
    X(APPEAL,          "appeal",           "申诉")        \
    X(APPEAL_GRANT,    "appeal_grant",     "申诉成立")    \
    X(APPEAL_REFUSE,   "appeal_refuse",    "申诉不成立")  \
    X(SUPPLEMENT_ASK,  "supplement_ask",   "要求补充材料")\
    X(SUPPLEMENT_GIVE, "supplement_give",  "补充材料")    \
    X(DISPATCH,        "dispatch",         "派单")        \
    X(ACCEPT,          "accept",           "接单")        \
    X(RETURN_ASK,      "return_ask",       "申请退单")    \
    X(RETURN_GRANT,    "return_grant",     "同意退单")    \
    X(RETURN_REFUSE,   "return_refuse",    "不同意退单")  \
    X(TRANSFER,        "transfer",         "转办")        \
    X(ASSIGN,          "assign",           "分办")        \
    X(CONTACT,         "contact",          "首次联系")    \
    X(ANSWER,          "answer",           "答复")        \
    X(NOTE,            "note",             "办理记录")    \
    X(EXTEND_ASK,      "extend_ask",       "申请延期")    \
    X(EXTEND_GRANT,    "extend_grant",     "同意延期")    \
    X(EXTEND_REFUSE,   "extend_refuse",    "不同意延期")  \
    X(SUSPEND,         "suspend",          "挂起")        \
    X(RESUME,          "resume",           "恢复办理")    \
    X(RECALL,          "recall",           "撤回")        \
    X(URGE,            "urge",             "催办")        \
    X(SUPERVISE,       "supervise",        "督办")        \
    X(SUPERVISE_REPLY, "supervise_reply",  "督办回复")    \
    X(MEET,            "meet",             "提交会商")    \
    X(MEET_DISPATCH,   "meet_dispatch",    "会商派单")    \
    X(MEET_EXTEND,     "meet_extend",      "会商延期")    \
    X(MEET_SPLIT,      "meet_split",       "会商分解")    \
    X(MEET_RESOLVE,    "meet_resolve",     "会商办结")    \
    X(RESOLVE,         "resolve",          "办结")        \
    X(REVIEW_PASS,     "review_pass",      "审核通过")    \
    X(REVIEW_FAIL,     "review_fail",      "审核不通过")  \
    X(EVALUATE,        "evaluate",         "评价")        \
    X(SILENCE,         "silence",          "逾期未评价")  \
    X(REWORK,          "rework",           "重办")        \
    X(WITHDRAW,        "withdraw",         "撤单")        \
    X(MERGE,           "merge",            "并单")        \
    X(SPLIT,           "split",            "分解")        \
    X(ARCHIVE,         "archive",          "归档")        \
    X(CORRECT,         "correct",          "更正")        \
    X(ESCALATE,        "escalate",         "预警")  /* by the clock */ \
    X(SCORE_APPEAL,    "score_appeal",     "评价申诉")    \
    X(SCORE_GRANT,     "score_grant",      "评价申诉成立") \
    X(SCORE_REFUSE,    "score_refuse",     "评价申诉不成立") \
    X(COMMENT,         "comment",          "追评")        \
    X(LEADERS,         "leaders",          "领衔领办领责") \
    X(HAND,            "hand",             "移交")  /* to another dispatcher */
/* clang-format on */

enum ticket_state {
#define X(id, name, zh) TICKET_##id,
    TICKET_STATE_MAP(X)
#undef X
    TICKET_STATE_COUNT
};
enum dispatch_state {
#define X(id, name, zh) DISPATCH_##id,
    DISPATCH_STATE_MAP(X)
#undef X
    DISPATCH_STATE_COUNT
};
enum event_type {
#define X(id, name, zh) EV_##id,
    EVENT_MAP(X)
#undef X
    EV_COUNT
};

const char *ticket_state_name(enum ticket_state state);
const char *dispatch_state_name(enum dispatch_state state);
const char *event_name(enum event_type type);

#endif
