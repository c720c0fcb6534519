/* Reading an object of a document field by field. */
#include "proto/json_fields.h"

#include <stdio.h>
#include <string.h>

#include "proto/utf8.h"

enum {
    VALUE_SHOWN = 60, /* bytes of a wrong value that are quoted */
    PLACES_MAX = 12   /* deeper than any document's readers go */
};

struct json_place json_place_in(const struct json_place *up, const char *name)
{
    return (struct json_place){up, name, 0, up->errors};
}

struct json_place json_place_item(const struct json_place *up, int index)
{
    return (struct json_place){up, NULL, index, up->errors};
}

/* -- faults ---------------------------------------------------------------- */

static void write_path(const struct json_place *at, char *out, size_t size)
{
    const struct json_place *places[PLACES_MAX];
    int n = 0;
    size_t used = 0;
    for (; at->up != NULL && n < PLACES_MAX; at = at->up) {
        places[n++] = at;
    }
    out[0] = '\0';
    while (n-- > 0 && used < size) {
        const struct json_place *place = places[n];
        int len = place->name == NULL
                      ? snprintf(out + used, size - used, "[%d]", place->index)
                      : snprintf(out + used, size - used, "%s%s",
                                 used == 0 ? "" : ".", place->name);
        used += len < 0 ? size : (size_t)len;
    }
}

static void write_detail(const json_t *json, const char *reason, char *out,
                         size_t size)
{
    char *value =
        json == NULL ? NULL : json_dumps(json, JSON_COMPACT | JSON_ENCODE_ANY);
    size_t len = value == NULL ? 0 : strlen(value);
    size_t shown = value == NULL ? 0 : utf8_cut(value, len, VALUE_SHOWN);
    if (json == NULL) {
        snprintf(out, size, "%s", reason[0] == '\0' ? "it is missing" : reason);
    } else {
        snprintf(out, size, "got %.*s%s%s%s", (int)shown,
                 value == NULL ? "" : value, shown < len ? "..." : "",
                 reason[0] == '\0' ? "" : ": ", reason);
    }
    free(value);
}

void json_report(const struct json_place *at, const json_t *json,
                 const char *expected, const char *reason)
{
    struct regulation_errors *errors = at->errors;
    if (errors->n < REGULATION_ERRORS_MAX) {
        char path[256];
        char detail[PROBLEM_TEXT_SIZE];
        write_path(at, path, sizeof path);
        write_detail(json, reason, detail, sizeof detail);
        problem_set(&errors->list[errors->n], ERR_BAD_REGULATION, path,
                    expected, detail);
    }
    errors->n++;
}

/* -- objects and arrays ---------------------------------------------------- */

static bool known(const struct json_field *fields, size_t n, const char *name)
{
    for (size_t i = 0; i < n; i++) {
        if (strcmp(fields[i].name, name) == 0) {
            return true;
        }
    }
    return false;
}

void json_read_fields(const struct json_place *at, json_t *json,
                      const struct json_field *fields, size_t n, void *out)
{
    const char *name = NULL;
    json_t *value = NULL;
    if (!json_is_object(json)) {
        json_report(at, json, "an object", "");
        return;
    }
    for (size_t i = 0; i < n; i++) {
        struct json_place field = json_place_in(at, fields[i].name);
        value = json_object_get(json, fields[i].name);
        if (value == NULL) {
            json_report(&field, NULL, "this field", "");
        } else {
            fields[i].read(&field, value, out);
        }
    }
    json_object_foreach(json, name, value)
    {
        if (!known(fields, n, name)) {
            struct json_place field = json_place_in(at, name);
            json_report(&field, value, "no such field", "it is unknown here");
        }
    }
}

int json_read_array(const struct json_place *at, const json_t *json, int low,
                    int high)
{
    size_t n = json_array_size(json);
    if (!json_is_array(json) || n < (size_t)low || n > (size_t)high) {
        char expected[PROBLEM_TEXT_SIZE];
        snprintf(expected, sizeof expected, "an array of %d to %d items", low,
                 high);
        json_report(at, json, expected, "");
        return -1;
    }
    return (int)n;
}

/* -- values ---------------------------------------------------------------- */

const char *json_read_text(const struct json_place *at, const json_t *json,
                           size_t size)
{
    const char *text = json_string_value(json);
    size_t len = json_string_length(json);
    uint32_t unfit = 0;
    if (text == NULL || len < 1 || len >= size ||
        utf8_find_unfit(text, len, UTF8_LINE, &unfit)) {
        char expected[PROBLEM_TEXT_SIZE];
        snprintf(expected, sizeof expected,
                 "a text of 1 to %zu bytes on one line", size - 1);
        json_report(at, json, expected, "");
        return NULL;
    }
    return text;
}

bool json_copy_text(const struct json_place *at, const json_t *json, char *out,
                    size_t size)
{
    const char *text = json_read_text(at, json, size);
    if (text != NULL) {
        memcpy(out, text, strlen(text) + 1);
    }
    return text != NULL;
}

void json_read_int(const struct json_place *at, const json_t *json, int32_t low,
                   int32_t high, int32_t *out)
{
    json_int_t n = json_integer_value(json);
    if (!json_is_integer(json) || n < low || n > high) {
        char expected[PROBLEM_TEXT_SIZE];
        snprintf(expected, sizeof expected, "an integer from %d to %d", low,
                 high);
        json_report(at, json, expected, "");
        return;
    }
    *out = (int32_t)n;
}

void json_read_limit(const struct json_place *at, const json_t *json, bool none,
                     struct limit *out)
{
    struct limit limit = {0};
    const char *text = json_string_value(json);
    bool is_limit = text != NULL &&
                    limit_parse(text, json_string_length(json), &limit) == OK;
    if (!is_limit) {
        json_report(at, json,
                    none ? "a limit like 5wd, 2wh, 30wmin, 3d, 24h, or none"
                         : "a limit like 5wd, 2wh, 30wmin, 3d, 24h",
                    "");
    } else if (!none && limit.unit == LIMIT_NONE) {
        json_report(at, json, "a limit like 5wd, 2wh, 30wmin, 3d, 24h",
                    "this clock must have a limit");
    } else {
        *out = limit;
    }
}

static const char *read_digits(const char *text, int32_t *out)
{
    int32_t n = 0;
    const char *at = text;
    while (*at >= '0' && *at <= '9' && at - text < 7) {
        n = n * 10 + (*at++ - '0');
    }
    *out = n;
    return at;
}

bool json_fraction(const char *text, int32_t *num, int32_t *den)
{
    int32_t a = 0;
    int32_t b = 0;
    const char *at = read_digits(text, &a);
    if (*at != '/') {
        return false;
    }
    at = read_digits(at + 1, &b);
    if (*at != '\0' || a <= 0 || b <= a || b > RATIO_DEN_MAX) {
        return false;
    }
    *num = a;
    *den = b;
    return true;
}
