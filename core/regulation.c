/* Look-ups in a regulation, and the names of clocks and steps. */
#include "core/regulation.h"

#include <assert.h>
#include <string.h>

static const char *const clock_names[CLOCK_KIND_COUNT] = {
#define X(id, name, zh) [CLOCK_##id] = name,
    CLOCK_MAP(X)
#undef X
};

const char *clock_kind_name(enum clock_kind kind)
{
    assert(kind < CLOCK_KIND_COUNT);
    return clock_names[kind];
}

const char *step_does_name(enum step_does does)
{
    static const char *const names[STEP_DOES_COUNT] = {
#define X(id, name) [STEP_##id] = name,
        STEP_DOES_MAP(X)
#undef X
    };
    assert(does < STEP_DOES_COUNT);
    return names[does];
}

static int32_t find(const struct choice *choices, int32_t n, const char *code)
{
    for (int32_t i = 0; i < n; i++) {
        if (strcmp(choices[i].code, code) == 0) {
            return i;
        }
    }
    return -1;
}

int32_t regulation_category(const struct regulation *reg, const char *code)
{
    return find(reg->categories, reg->n_categories, code);
}

int32_t regulation_urgency(const struct regulation *reg, const char *code)
{
    return find(reg->urgencies, reg->n_urgencies, code);
}

int32_t regulation_channel(const struct regulation *reg, const char *code)
{
    return find(reg->channels, reg->n_channels, code);
}
