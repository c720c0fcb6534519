/* What a value is follows from its name and its form (docs/protocol.md, the
 * shape of results); nothing here knows a command. */
#include "client/cli/show/cell.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "client/cli/files/file.h"
#include "client/cli/language/lang.h"
#include "client/cli/language/words.h"
#include "client/cli/show/width.h"
#include "core/instant.h"
#include "core/limit.h"

struct unit {
    json_int_t seconds;
    const char *zh;
    const char *en;
};

static const struct unit units[] = {
    {86400, "天", "d"}, {3600, "小时", "h"}, {60, "分", "min"}, {1, "秒", "s"}};
enum {
    UNITS = 4
};

char *duration_format(json_int_t seconds, char out[DURATION_SIZE])
{
    const char *sign = seconds < 0 ? "-" : "";
    /* the lowest number has no positive one: a second less is shown */
    json_int_t low = seconds == INT64_MIN ? seconds + 1 : seconds;
    json_int_t left = low < 0 ? -low : low;
    size_t i = 0;
    while (i + 1 < UNITS && left < units[i].seconds) {
        i++;
    }
    int n = snprintf(out, DURATION_SIZE, "%s%" JSON_INTEGER_FORMAT "%s", sign,
                     left / units[i].seconds, either(units[i].zh, units[i].en));
    left %= units[i].seconds;
    if (i + 1 < UNITS && left >= units[i + 1].seconds) {
        i++;
        (void)snprintf(out + n, DURATION_SIZE - (size_t)n,
                       "%s%" JSON_INTEGER_FORMAT "%s", either("", " "),
                       left / units[i].seconds,
                       either(units[i].zh, units[i].en));
    }
    return out;
}

static bool is_duration(const char *name)
{
    size_t len = strlen(name);
    return strcmp(name, "late_by") == 0 ||
           (len > 2 && strcmp(name + len - 2, "_s") == 0);
}

/* A limit in words: "5个工作日"; English readers get the short form. */
static bool limit_words(const char *name, const char *text, char *out,
                        size_t size)
{
    static const char *const said[] = {
        [LIMIT_WD] = "个工作日",     [LIMIT_WH] = "个工作小时",
        [LIMIT_WMIN] = "个工作分钟", [LIMIT_D] = "天",
        [LIMIT_H] = "小时",          [LIMIT_MIN] = "分钟",
        [LIMIT_NONE] = "不限",       [LIMIT_UNTIL] = ""};
    struct limit limit;
    bool named = strcmp(name, "limit") == 0 || strcmp(name, "budget") == 0 ||
                 strcmp(name, "left") == 0;
    if (!named || lang_now() != LANG_ZH ||
        limit_parse(text, strlen(text), &limit) != OK) {
        return false;
    }
    if (limit.unit == LIMIT_NONE) {
        (void)snprintf(out, size, "%s", said[limit.unit]);
    } else {
        (void)snprintf(out, size, "%" PRId32 "%s", limit.n, said[limit.unit]);
    }
    return true;
}

/* Exactly as instant_format() writes it: anything else stays a text. */
static bool is_instant(const char *text, char out[INSTANT_TEXT_SIZE])
{
    size_t len = strlen(text);
    instant at;
    if (len != 25 || text[10] != 'T' || strcmp(text + 19, "+08:00") != 0 ||
        instant_parse(text, len, false, &at) != OK) {
        return false;
    }
    memcpy(out, text, 19);
    out[10] = ' ';
    out[19] = '\0';
    return true;
}

static enum paint paint_of(const char *light)
{
    static const char *const names[] = {"", "green", "yellow", "red", "grey"};
    for (size_t i = 1; i < sizeof names / sizeof names[0]; i++) {
        if (strcmp(light, names[i]) == 0) {
            return (enum paint)i;
        }
    }
    return PAINT_NONE;
}

/* A count in a column of that name: of lights, or of what is late now. */
static enum paint paint_of_count(const char *name, json_int_t count)
{
    if (count <= 0) {
        return PAINT_NONE;
    }
    return strcmp(name, "overdue_still_open") == 0 ? PAINT_RED : paint_of(name);
}

static bool is_light(const char *name)
{
    size_t len = strlen(name);
    return len >= 5 && strcmp(name + len - 5, "light") == 0;
}

static struct cell text_cell(const char *name, const char *text, bool dot)
{
    char out[WORD_SIZE > INSTANT_TEXT_SIZE ? WORD_SIZE : INSTANT_TEXT_SIZE];
    char dotted[WORD_SIZE + 8];
    struct cell cell = {.paint = PAINT_NONE};
    bool ours =
        is_instant(text, out) || limit_words(name, text, out, sizeof out);
    const char *said = ours ? out : word(name, text, out);
    if (strcmp(text, "[redacted]") == 0) {
        said = either("〔已隐去〕", text);
    } else if (is_light(name) && strcmp(text, "none") == 0) {
        said = ""; /* a clock that has stopped has no light */
    } else if (is_light(name)) {
        cell.paint = paint_of(text);
        if (dot && cell.paint != PAINT_NONE) {
            (void)snprintf(dotted, sizeof dotted, "● %s", said);
            said = dotted;
        }
    } else if (strcmp(text, "late") == 0 && strcmp(name, "verdict") == 0) {
        cell.paint = PAINT_RED;
    }
    cell.text = text_clean(said, false);
    return cell;
}

/* The five levels by their name; English readers get the number. */
static void score_words(json_int_t score, char *out, size_t size)
{
    char number[DURATION_SIZE];
    char said[WORD_SIZE];
    (void)snprintf(number, sizeof number, "%" JSON_INTEGER_FORMAT, score);
    const char *name = word("score", number, said);
    bool named = strcmp(name, number) != 0;
    (void)snprintf(out, size, "%s%s%s", number, named ? " " : "",
                   named ? name : "");
}

static struct cell number_cell(const char *name, const json_t *value)
{
    char out[WORD_SIZE];
    if (!json_is_integer(value)) {
        (void)snprintf(out, sizeof out, "%.10g", json_real_value(value));
    } else if (strcmp(name, "score") == 0) {
        score_words(json_integer_value(value), out, sizeof out);
    } else if (is_duration(name)) {
        (void)duration_format(json_integer_value(value), out);
    } else {
        (void)snprintf(out, sizeof out, "%" JSON_INTEGER_FORMAT,
                       json_integer_value(value));
    }
    return (struct cell){.text = text_clean(out, false),
                         .paint =
                             paint_of_count(name, json_integer_value(value)),
                         .number = true};
}

void json_give_back(char *text)
{
    json_free_t give_back;
    json_get_alloc_funcs(NULL, &give_back);
    give_back(text);
}

static struct cell json_cell(const json_t *value)
{
    char *text = json_dumps(value, JSON_COMPACT | JSON_ENCODE_ANY);
    struct cell cell = {.text = text_clean(text == NULL ? "" : text, false)};
    json_give_back(text);
    return cell;
}

bool cell_is_list(const char *name, const json_t *value)
{
    size_t i;
    json_t *one;
    if (!json_is_array(value) || !has_words(name)) {
        return false;
    }
    json_array_foreach(value, i, one)
    {
        if (!json_is_string(one)) {
            return false;
        }
    }
    return true;
}

/* ["head", "handler"]: as a list in a sentence. */
static struct cell texts_cell(const char *name, const json_t *array)
{
    char out[WORD_SIZE];
    char *text = NULL;
    size_t len = 0;
    size_t i;
    json_t *one;
    FILE *stream = open_memstream(&text, &len);
    json_array_foreach(array, i, one)
    {
        (void)fprintf(stream, "%s%s", i == 0 ? "" : either("、", ", "),
                      word(name, json_string_value(one), out));
    }
    (void)fclose(stream);
    struct cell cell = {.text = text_clean(text, false)};
    free(text);
    return cell;
}

bool cell_is_number(const json_t *value)
{
    const char *text = json_string_value(value);
    if (text == NULL) {
        return json_is_number(value);
    }
    text += text[0] == '-' ? 1 : 0;
    size_t whole = strspn(text, "0123456789");
    size_t rest =
        text[whole] == '.' ? strspn(text + whole + 1, "0123456789") : 0;
    return whole > 0 && rest > 0 && text[whole + 1 + rest] == '\0';
}

struct cell cell_make(const char *name, const json_t *value, bool dot)
{
    struct cell cell;
    switch (json_typeof(value)) {
    case JSON_STRING:
        cell = text_cell(name, json_string_value(value), dot);
        cell.number = cell_is_number(value);
        return cell;
    case JSON_INTEGER:
    case JSON_REAL:
        return number_cell(name, value);
    case JSON_TRUE:
        return (struct cell){.text = text_clean(tr("yes"), false)};
    case JSON_FALSE:
        return (struct cell){.text = text_clean(tr("no"), false)};
    case JSON_NULL:
        return (struct cell){.text = text_clean("", false)};
    case JSON_ARRAY:
        return cell_is_list(name, value) ? texts_cell(name, value)
                                         : json_cell(value);
    default:
        return json_cell(value);
    }
}
