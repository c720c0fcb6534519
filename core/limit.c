/* Limits in and out: a number and one of a short list of unit words. */
#include "core/limit.h"

#include <assert.h>
#include <string.h>

#include "core/limits.h"

struct unit {
    const char *word;
    enum limit_unit unit;
    bool measure; /* may stand after the measure word ge4 */
};

/* clang-format off */
/* The short form stands first: it is the one that is written. */
static const struct unit units[] = {
    {"wd",       LIMIT_WD,   false},
    {"wh",       LIMIT_WH,   false},
    {"wmin",     LIMIT_WMIN, false},
    {"d",        LIMIT_D,    false},
    {"h",        LIMIT_H,    false},
    {"min",      LIMIT_MIN,  false},
    {"工作日",   LIMIT_WD,   true},
    {"工作小时", LIMIT_WH,   true},
    {"工作分钟", LIMIT_WMIN, true},
    {"自然日",   LIMIT_D,    true},
    {"天",       LIMIT_D,    false},
    {"日",       LIMIT_D,    false},
    {"小时",     LIMIT_H,    true},
    {"分钟",     LIMIT_MIN,  true},
};

static const int32_t n_max[] = {
    [LIMIT_WD]   = LIMIT_WD_MAX,
    [LIMIT_WH]   = LIMIT_H_MAX,
    [LIMIT_WMIN] = LIMIT_H_MAX * 60,
    [LIMIT_D]    = LIMIT_D_MAX,
    [LIMIT_H]    = LIMIT_H_MAX,
    [LIMIT_MIN]  = LIMIT_H_MAX * 60,
};
/* clang-format on */

enum {
    DIGITS_MAX = 9
}; /* what an int32_t always holds */

bool limit_ok(struct limit limit)
{
    switch (limit.unit) {
    case LIMIT_WD:
    case LIMIT_WH:
    case LIMIT_WMIN:
    case LIMIT_D:
    case LIMIT_H:
    case LIMIT_MIN:
        return limit.n >= 1 && limit.n <= n_max[limit.unit];
    case LIMIT_NONE:
        return limit.n == 0;
    case LIMIT_UNTIL:
        return limit.n == 0 && limit.until >= INSTANT_MIN &&
               limit.until <= INSTANT_MAX;
    }
    return false;
}

bool limit_by_day(struct limit limit)
{
    return limit.unit == LIMIT_WD || limit.unit == LIMIT_D;
}

static bool equals(const char *text, size_t len, const char *word)
{
    return strlen(word) == len && memcmp(text, word, len) == 0;
}

static bool find_unit(const char *text, size_t len, enum limit_unit *ret)
{
    static const char measure[] = "个";
    size_t skip = sizeof measure - 1;
    bool measured = len > skip && memcmp(text, measure, skip) == 0;
    if (measured) {
        text += skip;
        len -= skip;
    }
    for (size_t i = 0; i < sizeof units / sizeof units[0]; i++) {
        if (equals(text, len, units[i].word) &&
            (!measured || units[i].measure)) {
            *ret = units[i].unit;
            return true;
        }
    }
    return false;
}

enum err limit_parse(const char *text, size_t len, struct limit *ret)
{
    struct limit limit = {.unit = LIMIT_NONE, .until = INSTANT_NONE};
    size_t digits = 0;

    if (equals(text, len, "none") || equals(text, len, "不限")) {
        *ret = limit;
        return OK;
    }
    while (digits < len && text[digits] >= '0' && text[digits] <= '9') {
        if (digits == DIGITS_MAX) {
            return ERR_BAD_LIMIT;
        }
        limit.n = limit.n * 10 + (text[digits] - '0');
        digits++;
    }
    if (digits == 0 || !find_unit(text + digits, len - digits, &limit.unit) ||
        !limit_ok(limit)) {
        return ERR_BAD_LIMIT;
    }
    *ret = limit;
    return OK;
}

enum err limit_parse_any(const char *text, size_t len, struct limit *ret)
{
    instant until = INSTANT_NONE;
    if (instant_parse(text, len, false, &until) != OK) {
        return limit_parse(text, len, ret);
    }
    *ret = (struct limit){.unit = LIMIT_UNTIL, .until = until};
    return OK;
}

char *limit_format(struct limit limit, char out[LIMIT_TEXT_SIZE])
{
    assert(limit_ok(limit));

    if (limit.unit == LIMIT_UNTIL) {
        return instant_format(limit.until, out);
    }
    if (limit.unit == LIMIT_NONE) {
        memcpy(out, "none", sizeof "none");
        return out;
    }
    char digits[DIGITS_MAX];
    size_t n = 0;
    for (int32_t rest = limit.n; rest > 0; rest /= 10) {
        digits[n++] = (char)('0' + rest % 10);
    }
    for (size_t i = 0; i < n; i++) {
        out[i] = digits[n - 1 - i];
    }
    const char *word = units[limit.unit].word; /* rows stand in this order */
    assert(units[limit.unit].unit == limit.unit);
    memcpy(out + n, word, strlen(word) + 1);
    return out;
}
