/* The regulation: what is accepted keeps every promise of core/regulation.h;
 * what is refused says where and why. */
#include <assert.h>
#include <stdbool.h>
#include <stdint.h>
#include <string.h>

#include "proto/message.h"
#include "proto/regulation_json.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void check_limits(const struct regulation *reg)
{
    for (int k = 0; k < CLOCK_KIND_COUNT; k++) {
        for (int c = 0; c < reg->n_categories; c++) {
            for (int u = 0; u < reg->n_urgencies; u++) {
                struct limit limit = reg->limits[k][c][u];
                assert(limit_ok(limit) && limit.unit != LIMIT_UNTIL);
                assert(limit.unit != LIMIT_NONE || k == CLOCK_CONTACT ||
                       k == CLOCK_ANSWER || k == CLOCK_SUPPLEMENT);
            }
        }
    }
}

static void check_co(const struct regulation *reg)
{
    for (int c = 0; c < reg->n_categories; c++) {
        for (int u = 0; u < reg->n_urgencies; u++) {
            assert(limit_ok(reg->co[c][u]) && reg->co[c][u].n > 0);
        }
    }
}

static void check_choices(const struct choice *list, int n, int max)
{
    assert(n >= 1 && n <= max);
    for (int i = 0; i < n; i++) {
        assert(list[i].code[0] != '\0' && list[i].zh[0] != '\0' &&
               list[i].en[0] != '\0');
        for (int j = 0; j < i; j++) {
            assert(strcmp(list[i].code, list[j].code) != 0);
        }
    }
}

static void check_steps(const struct regulation *reg)
{
    assert(reg->n_steps >= 0 && reg->n_steps <= STEPS_MAX);
    for (int i = 0; i < reg->n_steps; i++) {
        const struct step *s = &reg->steps[i];
        assert(s->clocks != 0 && s->clocks >> CLOCK_KIND_COUNT == 0);
        assert(s->does < STEP_DOES_COUNT);
        assert(s->when != STEP_FRACTION || (s->num > 0 && s->num < s->den));
        assert(s->when != STEP_AFTER_RED ||
               (limit_ok(s->after) && s->after.n > 0));
    }
}

static void check_accepted(const struct regulation *reg)
{
    int32_t wrong = 0;
    int sum = 0;
    assert(reg->version == 0 && reg->name[0] != '\0');
    assert(reg->effective >= INSTANT_MIN && reg->effective <= INSTANT_MAX);
    assert(worktime_check(&reg->worktime, &wrong) == OK);
    check_choices(reg->categories, reg->n_categories, CATEGORIES_MAX);
    check_choices(reg->urgencies, reg->n_urgencies, URGENCIES_MAX);
    check_choices(reg->channels, reg->n_channels, CHANNELS_MAX);
    check_limits(reg);
    check_co(reg);
    check_steps(reg);
    assert(reg->lights.yellow_num > 0 &&
           reg->lights.yellow_num < reg->lights.yellow_den);
    for (int i = 0; i < reg->n_weights; i++) {
        sum += reg->weights[i].percent;
    }
    assert(sum == 100);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static struct regulation reg;
    static struct regulation_errors errors;
    static bool ready;
    json_t *body = NULL;
    if (!ready) {
        message_setup();
        ready = true;
    }
    if (json_parse((const char *)data, size, &body, NULL) != OK) {
        return 0;
    }
    if (regulation_decode(body, &reg, &errors) == OK) {
        check_accepted(&reg);
    } else {
        assert(errors.n > 0);
        for (int i = 0; i < errors.n && i < REGULATION_ERRORS_MAX; i++) {
            assert(errors.list[i].err == ERR_BAD_REGULATION);
            assert(errors.list[i].expected[0] != '\0');
            assert(errors.list[i].detail[0] != '\0');
        }
    }
    json_decref(body);
    return 0;
}
