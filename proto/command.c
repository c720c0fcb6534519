/* The command table, built from commands.def, and look-ups in it. The checks of
 * parameters are in check.c. */
#include "proto/command.h"

#include <assert.h>
#include <string.h>

/* -- the words of commands.def ------------------------------------------- */

#define ENTERPRISE ROLE_BIT(ROLE_ENTERPRISE)
#define GUIDE ROLE_BIT(ROLE_GUIDE)
#define DISPATCHER ROLE_BIT(ROLE_DISPATCHER)
#define HEAD ROLE_BIT(ROLE_HEAD)
#define HANDLER ROLE_BIT(ROLE_HANDLER)
#define LEADER ROLE_BIT(ROLE_LEADER)
#define SUPERVISOR ROLE_BIT(ROLE_SUPERVISOR)
#define SYSTEM ROLE_BIT(ROLE_SYSTEM)
#define AUDIT ROLE_BIT(ROLE_AUDIT)
#define SECURITY ROLE_BIT(ROLE_SECURITY)
#define BUSINESS \
    (ENTERPRISE | GUIDE | DISPATCHER | HEAD | HANDLER | LEADER | SUPERVISOR)
#define ANYONE (COMMAND_PERSON | (ROLE_BIT(ROLE_COUNT) - 1))
#define OPEN COMMAND_OPEN
#define SESSION (COMMAND_SESSION | ANYONE)
#define NOTED COMMAND_NOTED
#define PERSONAL COMMAND_PERSONAL
#define SECRET COMMAND_SECRET
#define HASHED COMMAND_HASHED

#define REQUIRED ARG_REQUIRED
#define ASKED ARG_ASKED

/* Both follow the maps' order, so that the index of a choice is the enum's
 * value; tests/unit/test_command.c compares them with the maps. The operator
 * is nobody's role. */
#define ROLE_CHOICES                                                     \
    "enterprise|guide|dispatcher|head|handler|leader|supervisor|system|" \
    "security|audit"
#define TICKET_STATE_CHOICES                                                 \
    "filed|dispatched|handling|review|resolved|archived|declined|withdrawn|" \
    "merged|suspended|meeting"

/* In the order of core/attachment.h, likewise. */
#define ATTACHMENT_PURPOSES "request|supplement|evidence|answer|internal"

/* clang-format off */
#define ARG(name, type, flags, low, high, choices, zh, en)                     \
    {name, ARG_TYPE_##type, flags, low, high, choices, zh, en}
#define NO_ARGS
#define PAGE_ARGS                                                              \
    ARG("limit", INT, 0, 1, ROWS_MAX, NULL, "每页行数", "rows a page"),        \
    ARG("after", TEXT, 0, 1, 200, NULL, "下一页标记",                          \
        "next-page mark of the page before")
#define TICKET_ARG                                                             \
    ARG("ticket", TICKET, REQUIRED, 0, 0, NULL, "工单号", "ticket number")
#define MEETING_ARG                                                            \
    ARG("meeting", MEETING, REQUIRED, 0, 0, NULL, "会议编号",                  \
        "number of the meeting")
/* `ref` names the whole, as everywhere. */
#define PART_REF_ARG                                                           \
    ARG("part_ref", REF, 0, 0, 0, NULL, "分解事项的外部编号",                  \
        "outside reference of the part, unique")
#define PART_ARGS                                                              \
    ARG("title", TEXT, REQUIRED, 1, TITLE_BYTES_MAX, NULL, "标题", "title"),   \
    ARG("text", TEXT, 0, 1, TEXT_BYTES_MAX, NULL, "内容", "in full"),          \
    ARG("category", CODE, 0, 0, 0, NULL, "类别(默认同原单)",                   \
        "category; the whole's if absent"),                                    \
    ARG("unit", CODE, 0, 0, 0, NULL, "责任单位代码",                           \
        "code of the responsible unit"),                                       \
    ARG("measure", TEXT, 0, 1, TEXT_BYTES_MAX, NULL, "解决措施",               \
        "planned measure; required with a unit"),                              \
    ARG("limit", LIMIT, 0, 0, 0, NULL, "完成时限", "finish limit"),            \
    ARG("due", INSTANT, 0, 0, 0, NULL, "完成时刻", "finish by this instant"),  \
    PART_REF_ARG
#define DISPATCH_ARG                                                           \
    ARG("dispatch", INT, 0, 1, 1000000, NULL, "派单序号(默认本单位的)",        \
        "number of the dispatch; one's own unit's if absent")
/* clang-format on */

/* The empty first element lets a row have no arguments at all: C11 has no
 * empty list. */
/* clang-format off */
#define ARG_LIST(...) ((const struct arg[]){{.name = ""}, __VA_ARGS__})
#define ARG_COUNT(...)                                                         \
    ((int)(sizeof ARG_LIST(__VA_ARGS__) / sizeof(struct arg)) - 1)
#define COMMAND(id, wire, may, kind, chinese, english, ...)                    \
    [CMD_##id] = {#id, wire, may, EFFECT_##kind, chinese, english,             \
                  ARG_LIST(__VA_ARGS__) + 1, ARG_COUNT(__VA_ARGS__)},
/* clang-format on */

static const struct command table[CMD_COUNT] = {
#include "proto/commands.def"
};

/* -- roles ----------------------------------------------------------------- */

struct role_row {
    const char *name;
    const char *zh;
};

static const struct role_row role_rows[ROLE_COUNT] = {
#define X(id, name, zh) [ROLE_##id] = {name, zh},
    ROLE_MAP(X)
#undef X
};

const char *role_name(enum role role)
{
    assert((unsigned)role < ROLE_COUNT);
    return role_rows[role].name;
}

const char *role_zh(enum role role)
{
    assert((unsigned)role < ROLE_COUNT);
    return role_rows[role].zh;
}

enum role role_from_name(const char *name)
{
    for (int i = 0; i < ROLE_COUNT; i++) {
        if (strcmp(role_rows[i].name, name) == 0) {
            return (enum role)i;
        }
    }
    return ROLE_COUNT;
}

/* -- look-ups -------------------------------------------------------------- */

const struct command *command_at(int index)
{
    assert(index >= 0 && index < CMD_COUNT);
    return &table[index];
}

const struct command *command_find(const char *name)
{
    for (int i = 0; i < CMD_COUNT; i++) {
        if (strcmp(table[i].name, name) == 0) {
            return &table[i];
        }
    }
    return NULL;
}

int command_index(const struct command *command)
{
    assert(command >= table && command < table + CMD_COUNT);
    return (int)(command - table);
}

int command_arg(const struct command *command, const char *name)
{
    for (int i = 0; i < command->n_args; i++) {
        if (strcmp(command->args[i].name, name) == 0) {
            return i;
        }
    }
    return -1;
}

const struct value *command_value(const struct command *command,
                                  const struct value values[ARGS_MAX],
                                  const char *name)
{
    int index = command_arg(command, name);
    assert(index >= 0);
    return &values[index];
}
