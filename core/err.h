/* The one list of ways in which a call can fail: code, stable name on the
 * wire, JSON-RPC error number, English text. The wire carries the name;
 * people's words are made in the clients from it. */
#ifndef BIHUAN_CORE_ERR_H
#define BIHUAN_CORE_ERR_H

#include <stddef.h>

/* clang-format off */
#define ERR_MAP(X)                                                             \
    /* -- JSON-RPC 2.0 section 5.1 ------------------------------------------ */ \
    X(PARSE,          "parse_error",       -32700, "the line is not JSON")       \
    X(INVALID,        "invalid_request",   -32600, "not a JSON-RPC 2.0 request") \
    X(UNKNOWN_METHOD, "unknown_method",    -32601, "there is no such method")    \
    X(BAD_PARAM,      "bad_param",         -32602, "a parameter is wrong")       \
    X(INTERNAL,       "internal",          -32603, "a fault of this program")    \
    /* -- the line and its JSON --------------------------------------------- */ \
    X(TOO_LONG,       "line_too_long",     -32010, "the line is too long")       \
    X(TOO_DEEP,       "too_deep",          -32011, "nested too deeply")          \
    X(TOO_MANY,       "too_many",          -32012, "too many values")            \
    X(BAD_UTF8,       "bad_utf8",          -32013, "not valid UTF-8")            \
    X(DUPLICATE_KEY,  "duplicate_key",     -32014, "a key stands twice")         \
    X(NUL_BYTE,       "nul_byte",          -32015, "a NUL byte in the text")     \
    X(NUMBER_RANGE,   "number_range",      -32016, "a number is out of range")   \
    X(BATCH,          "batch_unsupported", -32017, "batch arrays are not taken") \
    /* -- values ------------------------------------------------------------ */ \
    X(BAD_INSTANT,    "bad_instant",       -32020, "not an instant")             \
    X(BAD_LIMIT,      "bad_limit",         -32021, "not a time limit")           \
    X(BAD_CODE,       "bad_code",          -32022, "not a valid code")           \
    X(BAD_REGULATION, "bad_regulation",    -32023, "the regulation is wrong")    \
    X(BAD_CALENDAR,   "bad_calendar",      -32024, "the calendar is wrong")      \
    X(OUT_OF_BOUNDS,  "out_of_bounds",     -32025, "outside what the regulation allows") \
    /* -- who, what, when --------------------------------------------------- */ \
    X(NOT_FOUND,      "not_found",         -32030, "there is no such thing")     \
    X(FORBIDDEN,      "forbidden",         -32031, "this role may not do this")  \
    X(BAD_STATE,      "bad_state",         -32032, "not possible in this state") \
    X(EXISTS,         "exists",            -32033, "it is there already")        \
    X(KEY_REUSED,     "key_reused",        -32034, "the key was used for another request") \
    X(TOO_LATE,       "too_late",          -32035, "the time for this has passed") \
    X(OUT_OF_ORDER,   "out_of_order",      -32036, "earlier than what is recorded") \
    X(LIMIT,          "limit_reached",     -32037, "a limit is reached")         \
    X(BLOCKED,        "blocked",           -32038, "something else must happen first") \
    X(UNSUPPORTED,    "unsupported",       -32039, "not offered yet")            \
    X(TOO_SOON,       "too_soon",          -32040, "too soon after the last time") \
    X(UNAUTHENTICATED,"unauthenticated",   -32041, "log in first")               \
    X(LOGIN_FAILED,   "login_failed",      -32042, "account or password is wrong, or log-in is locked for now") \
    X(PASSWORD_DUE,   "password_due",      -32043, "a new password or a second factor is due first") \
    X(CODE_REQUIRED,  "code_required",     -32044, "a code of the second factor is required") \
    /* -- the machine; all retryable ---------------------------------------- */ \
    X(BUSY,           "busy",              -32050, "too busy, try again")        \
    X(NO_MEMORY,      "no_memory",         -32051, "out of memory, try again")   \
    X(DISK_FULL,      "disk_full",         -32052, "the disk is full; nothing was recorded") \
    X(STORE,          "store_error",       -32053, "the store failed; nothing was recorded") \
    X(CORRUPT,        "corrupt",           -32054, "the stored data is damaged") \
    X(CONNECTION,     "no_connection",     -32055, "no connection to the server")\
    X(IO,             "io_error",          -32056, "reading or writing failed") \
    X(RATE_LIMITED,   "rate_limited",      -32057, "too many requests, slow down") \
    X(TOO_SLOW,       "too_slow",          -32058, "the connection was too slow")
/* clang-format on */

enum err {
    OK = 0,
#define X(id, name, code, text) ERR_##id,
    ERR_MAP(X)
#undef X
    ERR_COUNT
};

/* The stable name ("bad_state"), the JSON-RPC number, the English text. */
const char *err_name(enum err err);
int err_code(enum err err);
const char *err_text(enum err err);
/* The code with this name, or ERR_INTERNAL. */
enum err err_from_name(const char *name);

enum {
    PROBLEM_TEXT_SIZE = 256,
    PROBLEM_PARAM_SIZE = 64
};

/* What a person needs to mend a refusal. Filled where the failure is
 * understood, outside core; core itself never formats. */
struct problem {
    enum err err;
    char param[PROBLEM_PARAM_SIZE];   /* which parameter or path, "" if none */
    char expected[PROBLEM_TEXT_SIZE]; /* what would be right, "" if unknown */
    char detail[PROBLEM_TEXT_SIZE];   /* what was wrong, English */
};

/* Fills *p (if not NULL) and returns `err`, so that a failure is one line:
 * return problem_set(p, ERR_BAD_PARAM, "limit", "like 5wd", "got 'x'"); NULL
 * texts count as "". Texts are cut at a whole UTF-8 character. */
enum err problem_set(struct problem *p, enum err err, const char *param,
                     const char *expected, const char *detail);

#endif
