/* The command table as data, and the check of a request's parameters against
 * it. Both sides use it: the daemon before a handler runs, the CLI before a
 * line is sent. */
#ifndef BIHUAN_PROTO_COMMAND_H
#define BIHUAN_PROTO_COMMAND_H

#include <jansson.h>
#include <stdbool.h>
#include <stdint.h>

#include "core/err.h"
#include "core/instant.h"
#include "core/limit.h"
#include "core/limits.h"
#include "core/ticket.h"

/* What a person may be (design section 8), as stored in a relation and as a
 * bit in a command's row. The order is stored: append only. */
/* clang-format off */
#define ROLE_MAP(X)                                    \
    X(ENTERPRISE, "enterprise", "企业联系人")          \
    X(GUIDE,      "guide",      "党建指导员")          \
    X(DISPATCHER, "dispatcher", "派单员")              \
    X(HEAD,       "head",       "部门负责人")          \
    X(HANDLER,    "handler",    "经办人")              \
    X(LEADER,     "leader",     "领导")                \
    X(SUPERVISOR, "supervisor", "督查员")              \
    X(SYSTEM,     "system",     "系统管理员")          \
    X(SECURITY,   "security",   "安全管理员")          \
    X(AUDIT,      "audit",      "审计管理员")          \
    X(OPERATOR,   "operator",   "操作员") /* the program itself: --init; nobody */
/* clang-format on */

enum role {
#define X(id, name, zh) ROLE_##id,
    ROLE_MAP(X)
#undef X
    ROLE_COUNT
};
#define ROLE_BIT(role) (UINT32_C(1) << (role))

/* What else stands in the `roles` of a command's row, above the roles. */
#define COMMAND_OPEN (UINT32_C(1) << 31) /* no log-in is asked for */
#define COMMAND_PERSON                                   \
    (UINT32_C(1) << 30) /* whoever is logged in, with or \
                           without a role */
#define COMMAND_SESSION                                     \
    (UINT32_C(1) << 29) /* of the log-in itself: also while \
                           the password is due; not by an   \
                           API token */
#define COMMAND_NOTED                                     \
    (UINT32_C(1) << 28) /* each call, granted or refused, \
                           goes into the audit record */
#define COMMAND_PERSONAL                                    \
    (UINT32_C(1) << 27) /* gives personal data: a read goes \
                           into the audit record */
#define COMMAND_SECRET                                      \
    (UINT32_C(1) << 26) /* its answer or parameters are     \
                           secrets: no key, no kept answer, \
                           nothing of it in a log */
#define COMMAND_HASHED                                       \
    (UINT32_C(1) << 25) /* a password is hashed for it: slow \
                           by design, so at most so many at  \
                           once, and seldom from one place */
const char *role_name(enum role role);
const char *role_zh(enum role role);
/* ROLE_COUNT if there is none of that name. */
enum role role_from_name(const char *name);

enum effect {
    EFFECT_READ,
    EFFECT_WRITE,
    EFFECT_LOCAL
};

enum arg_type {
    ARG_TYPE_TEXT,    /* UTF-8, low..high bytes; to TITLE_BYTES_MAX a LINE,
                         beyond it FREE: utf8.h */
    ARG_TYPE_CODE,    /* 1..CODE_SIZE-1 bytes of letters, digits, Han, _-. */
    ARG_TYPE_CREDIT,  /* 18 characters of GB 32100, normalised */
    ARG_TYPE_REF,     /* outside reference: 1..REF_SIZE-1 visible bytes */
    ARG_TYPE_TICKET,  /* number YYYYMMDD-NNN, or ref:..., or an outside ref */
    ARG_TYPE_MEETING, /* number, or ref:..., or an outside ref */
    ARG_TYPE_INT,
    ARG_TYPE_BOOL,
    ARG_TYPE_INSTANT,
    ARG_TYPE_LIMIT,
    ARG_TYPE_CHOICE,
    ARG_TYPE_JSON /* an object */
};
enum arg_flag {
    ARG_REQUIRED = 1,
    ARG_ASKED = 2 /* a secret: people are asked for it, it is no word of their
                     command line */
};

struct arg {
    const char *name;
    enum arg_type type;
    int flags;
    int64_t low;
    int64_t high;
    const char *choices; /* "a|b|c" */
    const char *zh;
    const char *en;
};

struct command {
    const char *id;   /* "ticket_file" */
    const char *name; /* "ticket.file" */
    uint32_t roles;   /* ROLE_BIT()s and COMMAND_ flags */
    enum effect effect;
    const char *zh;
    const char *en;
    const struct arg *args; /* in the row's order */
    int n_args;             /* 0..ARGS_MAX */
};

/* Index of each row: CMD_ticket_file, ... CMD_COUNT. */
enum command_id {
#define COMMAND(id, ...) CMD_##id,
#include "proto/commands.def"
#undef COMMAND
    CMD_COUNT
};

const struct command *command_at(int index);
/* By wire name; NULL if there is none. */
const struct command *command_find(const char *name);
int command_index(const struct command *command);
/* Index of the argument with this name in the row, or -1. */
int command_arg(const struct command *command, const char *name);

/* One checked parameter. `given` is false for an absent optional one. Texts
 * borrow from the request's JSON. */
struct value {
    bool given;
    const char *text; /* TEXT CODE CREDIT REF TICKET MEETING CHOICE, NUL-ended;
                         of a MEETING given as a JSON number NULL */
    size_t len;
    int64_t number; /* INT; CHOICE: index into choices; BOOL 0/1;
                       TICKET, MEETING: its id, or 0 when text is a reference;
                       CREDIT: 1 if both check digits agree, else 0 */
    instant at;     /* INSTANT */
    struct limit limit;
    json_t *json;         /* JSON: borrowed */
    char code[CODE_SIZE]; /* CREDIT normalised (upper case, half width) */
};

/* Checks params (an object, or NULL for none) against the row; fills
 * ret[0..n_args-1] in the row's order. Refuses what is unknown, missing, of the
 * wrong type, too long, out of range or not a choice: BAD_PARAM, or BAD_CODE,
 * BAD_INSTANT, BAD_LIMIT for a text of the wrong form; p names the first such
 * parameter and what was expected.
 *
 * Where a row has a `ticket`, a request may name it by its outside reference in
 * a member `ref` instead (design section 9, import). A TICKET's text is then
 * the bare reference, without `ref:`. */
enum err command_check(const struct command *command, json_t *params,
                       struct value ret[ARGS_MAX], struct problem *p);

/* The value of a parameter by name; the name must be in the row (assert). */
const struct value *command_value(const struct command *command,
                                  const struct value values[ARGS_MAX],
                                  const char *name);

/* What a value of this argument looks like, in English, for people. */
void arg_expected(const struct arg *arg, char out[PROBLEM_TEXT_SIZE]);
/* Index of a word in "a|b|c", or -1. */
int choice_index(const char *choices, const char *text, size_t len);
/* The forms of ARG_TYPE_CODE and ARG_TYPE_REF. Any bytes are taken. */
bool code_ok(const char *text, size_t len);
bool ref_ok(const char *text, size_t len);

/* Unified social credit code GB 32100-2015: normalises (strips blanks, upper
 * case, half width) into out; returns OK, or BAD_CODE when the form is wrong.
 * *ret_valid says whether both check digits agree (a warning, domain fact:
 * some legally valid early codes fail the last one). */
enum err credit_code_check(const char *text, size_t len, char out[CODE_SIZE],
                           bool *ret_valid);

#endif
