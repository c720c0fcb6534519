/* The `limits` of a regulation: for each clock a default, and others for a
 * category, an urgency or both. The most specific one wins; where a category's
 * and an urgency's meet and disagree, the regulation must say which. */
#include "proto/regulation_limits.h"

#include <stdio.h>
#include <string.h>

struct override {
    int32_t category; /* -1: any */
    int32_t urgency;  /* -1: any */
    struct limit limit;
};

enum {
    OVERRIDES_MAX = CATEGORIES_MAX * URGENCIES_MAX
};

struct clock_limits {
    const struct regulation *reg;
    bool none; /* may this clock go without a limit */
    struct limit standard;
    int n;
    struct override list[OVERRIDES_MAX];
};

struct override_draft {
    struct clock_limits *clock;
    struct override made;
};

/* -- one override ---------------------------------------------------------- */

static void read_category(const struct json_place *at, json_t *json, void *out)
{
    struct override_draft *draft = out;
    const char *code = json_string_value(json);
    draft->made.category =
        code == NULL ? -1 : regulation_category(draft->clock->reg, code);
    if (draft->made.category < 0) {
        json_report(at, json, "the code of one of the categories", "");
    }
}

static void read_urgency(const struct json_place *at, json_t *json, void *out)
{
    struct override_draft *draft = out;
    const char *code = json_string_value(json);
    draft->made.urgency =
        code == NULL ? -1 : regulation_urgency(draft->clock->reg, code);
    if (draft->made.urgency < 0) {
        json_report(at, json, "the code of one of the urgencies", "");
    }
}

static void read_limit(const struct json_place *at, json_t *json, void *out)
{
    struct override_draft *draft = out;
    json_read_limit(at, json, draft->clock->none, &draft->made.limit);
}

/* Either selector may be left out, not both. */
static void read_selectors(const struct json_place *at, json_t *json,
                           struct override_draft *draft)
{
    struct json_field fields[3];
    size_t n = 0;
    if (json_object_get(json, "category") != NULL) {
        fields[n++] = (struct json_field){"category", read_category};
    }
    if (json_object_get(json, "urgency") != NULL) {
        fields[n++] = (struct json_field){"urgency", read_urgency};
    }
    if (n == 0 && json_is_object(json)) {
        json_report(at, json, "a category, an urgency or both", "");
    }
    fields[n++] = (struct json_field){"limit", read_limit};
    json_read_fields(at, json, fields, n, draft);
}

static const struct override *find(const struct clock_limits *c,
                                   int32_t category, int32_t urgency)
{
    for (int i = 0; i < c->n; i++) {
        if (c->list[i].category == category && c->list[i].urgency == urgency) {
            return &c->list[i];
        }
    }
    return NULL;
}

static void read_override(const struct json_place *at, json_t *json,
                          struct clock_limits *c)
{
    struct override_draft draft = {c, {-1, -1, {0}}};
    int before = at->errors->n;
    read_selectors(at, json, &draft);
    if (at->errors->n > before) {
        return;
    }
    if (find(c, draft.made.category, draft.made.urgency) != NULL) {
        json_report(at, json, "each category and urgency once",
                    "an earlier item is about the same");
        return;
    }
    c->list[c->n++] = draft.made;
}

/* -- one clock ------------------------------------------------------------- */

static void read_default(const struct json_place *at, json_t *json, void *out)
{
    struct clock_limits *c = out;
    json_read_limit(at, json, c->none, &c->standard);
}

static void read_by(const struct json_place *at, json_t *json, void *out)
{
    struct clock_limits *c = out;
    int n = json_read_array(at, json, 0, OVERRIDES_MAX);
    for (int i = 0; i < n; i++) {
        struct json_place item = json_place_item(at, i);
        read_override(&item, json_array_get(json, (size_t)i), c);
    }
}

static bool same_limit(struct limit a, struct limit b)
{
    return a.unit == b.unit && a.n == b.n;
}

/* The limit of one cell; reports two that disagree. */
static struct limit cell(const struct json_place *at,
                         const struct clock_limits *c, int32_t category,
                         int32_t urgency)
{
    const struct override *both = find(c, category, urgency);
    const struct override *by_category = find(c, category, -1);
    const struct override *by_urgency = find(c, -1, urgency);
    if (both != NULL) {
        return both->limit;
    }
    if (by_category != NULL && by_urgency != NULL &&
        !same_limit(by_category->limit, by_urgency->limit)) {
        char reason[PROBLEM_TEXT_SIZE];
        snprintf(reason, sizeof reason,
                 "category %s and urgency %s both apply and disagree",
                 c->reg->categories[category].code,
                 c->reg->urgencies[urgency].code);
        json_report(at, NULL, "an item for this category and this urgency",
                    reason);
    }
    return by_category != NULL  ? by_category->limit
           : by_urgency != NULL ? by_urgency->limit
                                : c->standard;
}

static void fill(const struct json_place *at, const struct clock_limits *c,
                 struct limit out[CATEGORIES_MAX][URGENCIES_MAX])
{
    for (int32_t i = 0; i < c->reg->n_categories; i++) {
        for (int32_t j = 0; j < c->reg->n_urgencies; j++) {
            out[i][j] = cell(at, c, i, j);
        }
    }
}

/* Only the measures of courtesy may be left out: each state that somebody must
 * act in has a clock (design: the loop is closed). */
static bool may_be_none(enum clock_kind kind)
{
    return kind == CLOCK_CONTACT || kind == CLOCK_ANSWER ||
           kind == CLOCK_SUPPLEMENT;
}

static void read_cells(const struct json_place *at, json_t *json,
                       struct clock_limits *c,
                       struct limit out[CATEGORIES_MAX][URGENCIES_MAX])
{
    static const struct json_field fields[] = {{"default", read_default},
                                               {"by", read_by}};
    int before = at->errors->n;
    if (json_is_object(json)) {
        json_read_fields(at, json, fields, 2, c);
    } else {
        json_read_limit(at, json, c->none, &c->standard);
    }
    if (at->errors->n == before) {
        fill(at, c, out);
    }
}

static enum clock_kind clock_from_name(const char *name)
{
    int kind = 0;
    while (kind < CLOCK_KIND_COUNT &&
           strcmp(clock_kind_name((enum clock_kind)kind), name) != 0) {
        kind++;
    }
    return (enum clock_kind)kind;
}

static void read_clock_field(const struct json_place *at, json_t *json,
                             void *out)
{
    struct regulation *reg = out;
    enum clock_kind kind = clock_from_name(at->name);
    struct clock_limits c = {.reg = reg, .none = may_be_none(kind)};
    read_cells(at, json, &c, reg->limits[kind]);
}

static void read_co(const struct json_place *at, json_t *json, void *out)
{
    struct regulation *reg = out;
    struct clock_limits c = {.reg = reg};
    read_cells(at, json, &c, reg->co);
}

/* Two came later than the first regulations: what is absent is no limit for
 * the enterprise's supplement, and for a co-handler that of the lead. */
void regulation_read_limits(const struct json_place *at, json_t *json,
                            void *out)
{
    struct regulation *reg = out;
    struct json_field fields[CLOCK_KIND_COUNT + 1];
    size_t n = 0;
    bool supplement = json_object_get(json, "supplement") != NULL;
    bool co = json_object_get(json, "co") != NULL;
    for (int i = 0; i < CLOCK_KIND_COUNT; i++) {
        if (i != CLOCK_SUPPLEMENT || supplement) {
            fields[n++] = (struct json_field){
                clock_kind_name((enum clock_kind)i), read_clock_field};
        }
    }
    if (co) {
        fields[n++] = (struct json_field){"co", read_co};
    }
    if (!supplement) {
        struct clock_limits none = {.reg = reg,
                                    .standard = {.unit = LIMIT_NONE}};
        fill(at, &none, reg->limits[CLOCK_SUPPLEMENT]);
    }
    json_read_fields(at, json, fields, n, out);
    if (!co) {
        memcpy(reg->co, reg->limits[CLOCK_FINISH], sizeof reg->co);
    }
}

/* -- escalation ------------------------------------------------------------ */

static void read_step_clocks(const struct json_place *at, json_t *json,
                             void *out)
{
    struct step *step = out;
    int n = json_read_array(at, json, 1, CLOCK_KIND_COUNT);
    for (int i = 0; i < n; i++) {
        struct json_place item = json_place_item(at, i);
        json_t *name = json_array_get(json, (size_t)i);
        const char *text = json_string_value(name);
        enum clock_kind kind =
            text == NULL ? CLOCK_KIND_COUNT : clock_from_name(text);
        uint32_t bit = UINT32_C(1) << kind;
        if (kind == CLOCK_KIND_COUNT) {
            json_report(&item, name, "the name of a clock", "");
        } else if ((step->clocks & bit) != 0) {
            json_report(&item, name, "each clock once", "");
        } else {
            step->clocks |= bit;
        }
    }
}

static bool parse_when(const char *text, struct step *step)
{
    static const char fraction[] = "fraction ";
    if (strcmp(text, "yellow") == 0) {
        step->when = STEP_YELLOW;
        return true;
    }
    if (strcmp(text, "red") == 0) {
        step->when = STEP_RED;
        return true;
    }
    if (strncmp(text, fraction, sizeof fraction - 1) == 0) {
        step->when = STEP_FRACTION;
        return json_fraction(text + sizeof fraction - 1, &step->num,
                             &step->den);
    }
    step->when = STEP_AFTER_RED;
    return strncmp(text, "red+", 4) == 0 &&
           limit_parse(text + 4, strlen(text + 4), &step->after) == OK &&
           step->after.unit != LIMIT_NONE;
}

static void read_when(const struct json_place *at, json_t *json, void *out)
{
    const char *text = json_string_value(json);
    if (text == NULL || !parse_when(text, out)) {
        json_report(at, json, "fraction 1/2, yellow, red, or red+2wd", "");
    }
}

static void read_does(const struct json_place *at, json_t *json, void *out)
{
#define X(id, name) "|" name
    static const char *const words = &STEP_DOES_MAP(X)[1];
#undef X
    struct step *step = out;
    const char *text = json_string_value(json);
    int index = text == NULL ? -1 : choice_index(words, text, strlen(text));
    if (index < 0) {
        json_report(at, json, words, "");
    } else {
        step->does = (enum step_does)index;
    }
}

void regulation_read_escalation(const struct json_place *at, json_t *json,
                                void *out)
{
    static const struct json_field fields[] = {
        {"clocks", read_step_clocks},
        {"when", read_when},
        {"does", read_does},
    };
    struct regulation *reg = out;
    int n = json_read_array(at, json, 0, STEPS_MAX);
    for (int i = 0; i < n; i++) {
        struct json_place item = json_place_item(at, i);
        reg->steps[i] = (struct step){.clocks = 0};
        json_read_fields(&item, json_array_get(json, (size_t)i), fields, 3,
                         &reg->steps[i]);
        reg->n_steps = i + 1;
    }
}
