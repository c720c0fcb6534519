/* The JSON form of a regulation: what stands at its top, and the small tables.
 * Limits and escalation are in regulation_limits.c. */
#include "proto/regulation_json.h"

#include <assert.h>
#include <stdio.h>
#include <string.h>

#include "proto/command.h"
#include "proto/json_fields.h"
#include "proto/message.h"
#include "proto/regulation_limits.h"

#define COUNT(fields) (sizeof(fields) / sizeof(fields)[0])

/* -- texts and times ------------------------------------------------------- */

static void read_name(const struct json_place *at, json_t *json, void *out)
{
    struct regulation *reg = out;
    json_copy_text(at, json, reg->name, sizeof reg->name);
}

static void read_source(const struct json_place *at, json_t *json, void *out)
{
    struct regulation *reg = out;
    json_copy_text(at, json, reg->source, sizeof reg->source);
}

static void read_effective(const struct json_place *at, json_t *json, void *out)
{
    struct regulation *reg = out;
    const char *text = json_string_value(json);
    if (text == NULL || instant_parse(text, json_string_length(json), false,
                                      &reg->effective) != OK) {
        json_report(at, json, "an instant like 2026-01-01T00:00:00+08:00", "");
    }
}

static void read_review(const struct json_place *at, json_t *json, void *out)
{
    struct regulation *reg = out;
    reg->review = json_is_true(json);
    if (!json_is_boolean(json)) {
        json_report(at, json, "true or false", "");
    }
}

static void read_silence(const struct json_place *at, json_t *json, void *out)
{
    struct regulation *reg = out;
    const char *text = json_string_value(json);
    int index = text == NULL ? -1
                             : choice_index("unscored|satisfied", text,
                                            json_string_length(json));
    reg->silence_satisfied = index == 1;
    if (index < 0) {
        json_report(at, json, "unscored or satisfied", "");
    }
}

/* -- worktime -------------------------------------------------------------- */

static bool two_digits(const char *text, int max, int *ret)
{
    if (text[0] < '0' || text[0] > '9' || text[1] < '0' || text[1] > '9') {
        return false;
    }
    *ret = (text[0] - '0') * 10 + (text[1] - '0');
    return *ret <= max;
}

/* "08:30" at text; 24:00 is the end of a day. */
static bool clock_time(const char *text, int32_t *ret)
{
    int hour = 0;
    int minute = 0;
    if (!two_digits(text, 24, &hour) || text[2] != ':' ||
        !two_digits(text + 3, 59, &minute) || (hour == 24 && minute > 0)) {
        return false;
    }
    *ret = (hour * 60 + minute) * 60;
    return true;
}

static void read_segment(const struct json_place *at, json_t *json,
                         struct segment *out)
{
    const char *text = json_string_value(json);
    bool right = text != NULL && json_string_length(json) == 11 &&
                 text[5] == '-' && clock_time(text, &out->from) &&
                 clock_time(text + 6, &out->to);
    if (!right) {
        json_report(at, json, "hours like 08:30-12:00", "");
    }
}

static void check_segments(const struct json_place *at, json_t *json,
                           const struct worktime *wt)
{
    struct worktime copy = *wt;
    int32_t wrong = 0;
    copy.start_rule = START_NEXT_DAY; /* not read yet */
    if (worktime_check(&copy, &wrong) != OK) {
        struct json_place item = json_place_item(at, wrong);
        json_report(wrong < 0 ? at : &item,
                    wrong < 0 ? json : json_array_get(json, (size_t)wrong),
                    "segments in the order of the day",
                    "it ends before it begins, or overlaps the one before");
    }
}

static void read_segments(const struct json_place *at, json_t *json, void *out)
{
    struct worktime *wt = out;
    int before = at->errors->n;
    int n = json_read_array(at, json, 1, SEGMENTS_MAX);
    for (int i = 0; i < n; i++) {
        struct json_place item = json_place_item(at, i);
        read_segment(&item, json_array_get(json, (size_t)i), &wt->segments[i]);
    }
    wt->segments_n = n;
    if (at->errors->n == before) {
        check_segments(at, json, wt);
    }
}

static void read_start_rule(const struct json_place *at, json_t *json,
                            void *out)
{
    static const char words[] = "next_day|same_day|deemed_next_workday";
    struct worktime *wt = out;
    const char *text = json_string_value(json);
    int index =
        text == NULL ? -1 : choice_index(words, text, json_string_length(json));
    if (index < 0) {
        json_report(at, json, words, "");
    } else {
        wt->start_rule = (enum start_rule)index;
    }
}

static void read_worktime(const struct json_place *at, json_t *json, void *out)
{
    static const struct json_field fields[] = {{"segments", read_segments},
                                               {"start_rule", read_start_rule}};
    struct regulation *reg = out;
    json_read_fields(at, json, fields, COUNT(fields), &reg->worktime);
}

/* -- categories, urgencies, channels --------------------------------------- */

static void read_choice_code(const struct json_place *at, json_t *json,
                             void *out)
{
    struct choice *choice = out;
    const char *text = json_string_value(json);
    if (text == NULL || !code_ok(text, json_string_length(json))) {
        json_report(at, json, "a code of letters, digits, Han, '_', '-', '.'",
                    "");
    } else {
        json_copy_text(at, json, choice->code, sizeof choice->code);
    }
}

static void read_choice_zh(const struct json_place *at, json_t *json, void *out)
{
    struct choice *choice = out;
    json_copy_text(at, json, choice->zh, sizeof choice->zh);
}

static void read_choice_en(const struct json_place *at, json_t *json, void *out)
{
    struct choice *choice = out;
    json_copy_text(at, json, choice->en, sizeof choice->en);
}

static void read_choice(const struct json_place *at, json_t *json,
                        struct choice *list, int i)
{
    static const struct json_field fields[] = {{"code", read_choice_code},
                                               {"zh", read_choice_zh},
                                               {"en", read_choice_en}};
    json_read_fields(at, json, fields, COUNT(fields), &list[i]);
    for (int j = 0; j < i; j++) {
        if (list[i].code[0] != '\0' &&
            strcmp(list[i].code, list[j].code) == 0) {
            json_report(at, json, "each code once", "");
        }
    }
}

static int32_t read_choices(const struct json_place *at, json_t *json,
                            struct choice *list, int max)
{
    int n = json_read_array(at, json, 1, max);
    for (int i = 0; i < n; i++) {
        struct json_place item = json_place_item(at, i);
        read_choice(&item, json_array_get(json, (size_t)i), list, i);
    }
    return n < 0 ? 0 : n;
}

static void read_categories(const struct json_place *at, json_t *json,
                            void *out)
{
    struct regulation *reg = out;
    reg->n_categories = read_choices(at, json, reg->categories, CATEGORIES_MAX);
}

static void read_urgencies(const struct json_place *at, json_t *json, void *out)
{
    struct regulation *reg = out;
    reg->n_urgencies = read_choices(at, json, reg->urgencies, URGENCIES_MAX);
}

static void read_channels(const struct json_place *at, json_t *json, void *out)
{
    struct regulation *reg = out;
    reg->n_channels = read_choices(at, json, reg->channels, CHANNELS_MAX);
}

/* -- lights and bounds ----------------------------------------------------- */

static void read_yellow_wd(const struct json_place *at, json_t *json, void *out)
{
    struct lights *lights = out;
    json_read_int(at, json, 0, LIMIT_WD_MAX, &lights->yellow_wd);
}

static void read_yellow_fraction(const struct json_place *at, json_t *json,
                                 void *out)
{
    struct lights *lights = out;
    const char *text = json_string_value(json);
    if (text == NULL ||
        !json_fraction(text, &lights->yellow_num, &lights->yellow_den)) {
        json_report(at, json, "a fraction like 1/3, less than 1", "");
    }
}

static void read_lights(const struct json_place *at, json_t *json, void *out)
{
    static const struct json_field fields[] = {
        {"yellow_wd", read_yellow_wd},
        {"yellow_fraction", read_yellow_fraction}};
    struct regulation *reg = out;
    json_read_fields(at, json, fields, COUNT(fields), &reg->lights);
}

static void read_finish_max(const struct json_place *at, json_t *json,
                            void *out)
{
    struct bounds *bounds = out;
    json_read_limit(at, json, true, &bounds->finish_max);
}

static void read_extension_max(const struct json_place *at, json_t *json,
                               void *out)
{
    struct bounds *bounds = out;
    json_read_limit(at, json, true, &bounds->extension_max);
}

static void read_bound(const struct json_place *at, json_t *json, void *out)
{
    struct bounds *bounds = out;
    if (strcmp(at->name, "extensions") == 0) {
        json_read_int(at, json, 0, 100, &bounds->extensions);
    } else if (strcmp(at->name, "returns_meeting") == 0) {
        json_read_int(at, json, 1, 100, &bounds->returns_meeting);
    } else if (strcmp(at->name, "rounds_meeting") == 0) {
        json_read_int(at, json, 1, ROUNDS_MAX, &bounds->rounds_meeting);
    } else if (strcmp(at->name, "urge_gap_min") == 0) {
        json_read_int(at, json, 0, 100000, &bounds->urge_gap_min);
    } else {
        json_read_int(at, json, 1, 4, &bounds->score_bad);
    }
}

static void read_bounds(const struct json_place *at, json_t *json, void *out)
{
    static const struct json_field fields[] = {
        {"finish_max", read_finish_max}, {"extension_max", read_extension_max},
        {"extensions", read_bound},      {"returns_meeting", read_bound},
        {"rounds_meeting", read_bound},  {"urge_gap_min", read_bound},
        {"score_bad", read_bound},
    };
    struct regulation *reg = out;
    json_read_fields(at, json, fields, COUNT(fields), &reg->bounds);
}

/* -- weights --------------------------------------------------------------- */

static void read_weight(const struct json_place *at, json_t *json, void *out)
{
    struct regulation *reg = out;
    struct weight *weight = &reg->weights[reg->n_weights++];
    memcpy(weight->rate, at->name, strlen(at->name) + 1);
    json_read_int(at, json, 0, 100, &weight->percent);
}

static void read_weights(const struct json_place *at, json_t *json, void *out)
{
    static const struct json_field fields[] = {
        {"response", read_weight},  {"solved", read_weight},
        {"satisfied", read_weight}, {"on_time", read_weight},
        {"returned", read_weight},  {"reworked", read_weight},
    };
    struct regulation *reg = out;
    int before = at->errors->n;
    int32_t sum = 0;
    json_read_fields(at, json, fields, COUNT(fields), reg);
    for (int i = 0; i < reg->n_weights; i++) {
        sum += reg->weights[i].percent;
    }
    if (at->errors->n == before && sum != 100) {
        char reason[PROBLEM_TEXT_SIZE];
        snprintf(reason, sizeof reason, "their sum is %d", sum);
        json_report(at, json, "percentages whose sum is 100", reason);
    }
}

/* -- the whole ------------------------------------------------------------- */

enum err regulation_decode(json_t *body, struct regulation *ret,
                           struct regulation_errors *errors)
{
    /* limits name categories and urgencies, which therefore come first */
    static const struct json_field fields[] = {
        {"name", read_name},
        {"source", read_source},
        {"effective", read_effective},
        {"worktime", read_worktime},
        {"categories", read_categories},
        {"urgencies", read_urgencies},
        {"channels", read_channels},
        {"limits", regulation_read_limits},
        {"lights", read_lights},
        {"escalation", regulation_read_escalation},
        {"bounds", read_bounds},
        {"weights", read_weights},
        {"review", read_review},
        {"silence", read_silence},
    };
    struct json_place top = {NULL, NULL, 0, errors};
    struct regulation reg;
    memset(&reg, 0, sizeof reg);
    errors->n = 0;
    json_read_fields(&top, body, fields, COUNT(fields), &reg);
    if (errors->n > 0) {
        return ERR_BAD_REGULATION;
    }
    *ret = reg;
    return OK;
}

enum err regulation_default(struct regulation *ret)
{
    json_t *body = NULL;
    struct regulation_errors *errors = malloc(sizeof *errors);
    if (errors == NULL) {
        return ERR_NO_MEMORY;
    }
    enum err err = json_parse(regulation_default_json,
                              strlen(regulation_default_json), &body, NULL);
    if (err == OK) {
        err = regulation_decode(body, ret, errors);
    }
    assert(err == OK || err == ERR_NO_MEMORY);
    json_decref(body);
    free(errors);
    return err;
}
