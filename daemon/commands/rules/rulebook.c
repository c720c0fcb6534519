/* The regulations and calendars of the store, decoded. A book is built once,
 * then only read: threads share it by reference count. */
#include "daemon/commands/rules/rulebook.h"

#include <assert.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>

#include "proto/calendar_json.h"
#include "proto/message.h"
#include "proto/regulation_json.h"

/* The extra days of one dispatching unit, laid over the national calendar. */
struct own_calendar {
    register_id organisation;
    struct calendar *calendar;
};

struct rulebook {
    atomic_int references;
    struct regulation **regulations; /* by version, 1 first */
    size_t n_regulations;
    struct calendar *national;
    struct own_calendar *own;
    size_t n_own;
    struct rulebook *before; /* the writer's: see rulebook_before() */
    int64_t before_seq;
};

struct rulebook *rulebook_ref(struct rulebook *b)
{
    atomic_fetch_add(&b->references, 1);
    return b;
}

void rulebook_free(struct rulebook *b)
{
    if (b == NULL || atomic_fetch_sub(&b->references, 1) != 1) {
        return;
    }
    for (size_t i = 0; i < b->n_regulations; i++) {
        free(b->regulations[i]);
    }
    for (size_t i = 0; i < b->n_own; i++) {
        free(b->own[i].calendar);
    }
    rulebook_free(b->before);
    free(b->regulations);
    free(b->own);
    free(b->national);
    free(b);
}

const struct regulation *rulebook_regulation(const struct rulebook *b,
                                             int64_t version)
{
    bool there = version >= 1 && version <= (int64_t)b->n_regulations;
    return there ? b->regulations[version - 1] : NULL;
}

const struct regulation *rulebook_in_force(const struct rulebook *b, instant at)
{
    const struct regulation *found = NULL;
    for (size_t i = 0; i < b->n_regulations; i++) {
        const struct regulation *reg = b->regulations[i];
        if (reg->effective <= at &&
            (found == NULL || reg->effective >= found->effective)) {
            found = reg;
        }
    }
    return found;
}

const struct calendar *rulebook_calendar(const struct rulebook *b,
                                         register_id dispatcher)
{
    for (size_t i = 0; i < b->n_own; i++) {
        if (b->own[i].organisation == dispatcher) {
            return b->own[i].calendar;
        }
    }
    return b->national;
}

/* -- loading -----------------------------------------------------------------
 */

static enum err decode_body(const char *body, struct regulation *reg,
                            struct problem *p)
{
    json_t *json = NULL;
    enum err err = json_parse(body, strlen(body), &json, p);
    if (err != OK) {
        return err;
    }
    struct regulation_errors *errors = malloc(sizeof *errors);
    if (errors == NULL) {
        err = ERR_NO_MEMORY;
    } else {
        err = regulation_decode(json, reg, errors);
    }
    if (err == ERR_BAD_REGULATION) {
        *p = errors->list[0];
        p->err = err;
    }
    free(errors);
    json_decref(json);
    return err;
}

static enum err add_regulation(struct rulebook *b, int64_t version,
                               const char *body, struct problem *p)
{
    struct regulation **list = realloc(
        b->regulations, (b->n_regulations + 1) * sizeof(struct regulation *));
    if (list == NULL) {
        return ERR_NO_MEMORY;
    }
    b->regulations = list;
    struct regulation *reg = malloc(sizeof *reg);
    if (reg == NULL) {
        return ERR_NO_MEMORY;
    }
    enum err err = decode_body(body, reg, p);
    if (err == OK && version != (int64_t)b->n_regulations + 1) {
        err = problem_set(p, ERR_CORRUPT, "regulation",
                          "versions 1, 2, 3 without a gap", "");
    }
    if (err != OK) {
        free(reg);
        return err;
    }
    reg->version = (int32_t)version;
    b->regulations[b->n_regulations++] = reg;
    return OK;
}

static enum err load_regulations(struct store *s, struct rulebook *b,
                                 struct problem *p)
{
    struct rows rows;
    enum err err = rows_begin(s, STMT_REGULATIONS, NULL, 0, &rows);
    if (err != OK) {
        return err;
    }
    while (err == OK && rows_next(&rows)) {
        err = add_regulation(b, rows_int(&rows, 0), rows_text(&rows, 1), p);
    }
    enum err end = rows_end(&rows);
    return err == OK ? end : err;
}

/* Days come ordered by organisation, the nation's (0) first. */
static enum err calendar_of(struct rulebook *b, register_id organisation,
                            struct calendar **ret)
{
    if (organisation == 0) {
        *ret = b->national;
        return OK;
    }
    if (b->n_own > 0 && b->own[b->n_own - 1].organisation == organisation) {
        *ret = b->own[b->n_own - 1].calendar;
        return OK;
    }
    struct own_calendar *list =
        realloc(b->own, (b->n_own + 1) * sizeof(struct own_calendar));
    if (list == NULL) {
        return ERR_NO_MEMORY;
    }
    b->own = list;
    struct calendar *calendar = malloc(sizeof *calendar);
    if (calendar == NULL) {
        return ERR_NO_MEMORY;
    }
    memcpy(calendar, b->national, sizeof *calendar);
    b->own[b->n_own++] = (struct own_calendar){organisation, calendar};
    *ret = calendar;
    return OK;
}

static enum err load_years(struct store *s, int64_t before, struct rulebook *b)
{
    struct cell bind = cell_int("", before);
    struct rows rows;
    enum err err = rows_begin(s, STMT_CALENDAR_YEARS, &bind, 1, &rows);
    if (err != OK) {
        return err;
    }
    while (err == OK && rows_next(&rows)) {
        if (rows_int(&rows, 1) == 0) {
            err = calendar_publish_year(b->national, (int)rows_int(&rows, 2));
        }
    }
    enum err end = rows_end(&rows);
    return err == OK ? end : err;
}

static enum err load_day(struct rulebook *b, const struct rows *rows)
{
    struct calendar *calendar = NULL;
    enum err err = calendar_of(b, rows_int(rows, 0), &calendar);
    if (err != OK) {
        return err;
    }
    struct special_day day = {.day = (daynum)rows_int(rows, 1),
                              .working = rows_int(rows, 2) != 0};
    snprintf(day.name, sizeof day.name, "%s", rows_text(rows, 3));
    return calendar_set_day(calendar, (int)rows_int(rows, 4), &day);
}

/* What a book is made of: the calendars as they were before a record, and, if
 * it is not NULL, a notice that is not in the store. */
struct origin {
    int64_t before;
    const struct notice *notice;
};

/* The days, the nation's first; an organisation's own are laid over them and
 * over the notice. */
static enum err load_days(struct store *s, const struct origin *from,
                          struct rulebook *b, struct problem *p)
{
    struct cell bind = cell_int("", from->before);
    struct rows rows;
    bool noticed = from->notice == NULL;
    enum err err = rows_begin(s, STMT_CALENDAR_DAYS, &bind, 1, &rows);
    if (err != OK) {
        return err;
    }
    while (err == OK && rows_next(&rows)) {
        if (!noticed && rows_int(&rows, 0) != 0) {
            err = calendar_apply(b->national, from->notice, false, p);
            noticed = true;
        }
        if (err == OK) {
            err = load_day(b, &rows);
        }
    }
    enum err end = rows_end(&rows);
    if (err == OK && !noticed) {
        err = calendar_apply(b->national, from->notice, false, p);
    }
    return err == OK ? end : err;
}

static enum err load_calendars(struct store *s, const struct origin *from,
                               struct rulebook *b, struct problem *p)
{
    b->national = malloc(sizeof *b->national);
    if (b->national == NULL) {
        return ERR_NO_MEMORY;
    }
    calendar_init(b->national);
    enum err err = load_years(s, from->before, b);
    if (err == OK) {
        err = load_days(s, from, b, p);
    }
    calendar_seal(b->national);
    for (size_t i = 0; i < b->n_own; i++) {
        calendar_seal(b->own[i].calendar);
    }
    return err;
}

static enum err load(struct store *s, const struct origin *from,
                     struct rulebook **ret, struct problem *p)
{
    struct rulebook *b = calloc(1, sizeof *b);
    if (b == NULL) {
        return problem_set(p, ERR_NO_MEMORY, "", "", "loading the rules");
    }
    atomic_init(&b->references, 1);
    struct problem why = {.err = OK};
    enum err err = load_regulations(s, b, &why);
    if (err == OK) {
        err = load_calendars(s, from, b, &why);
    }
    if (err != OK) {
        rulebook_free(b);
        return problem_set(p, err, why.param, why.expected,
                           why.err == err ? why.detail : "loading the rules");
    }
    *ret = b;
    return OK;
}

enum err rulebook_load(struct store *s, struct rulebook **ret,
                       struct problem *p)
{
    return rulebook_load_before(s, INT64_MAX, ret, p);
}

enum err rulebook_load_before(struct store *s, int64_t seq,
                              struct rulebook **ret, struct problem *p)
{
    struct origin from = {.before = seq};
    return load(s, &from, ret, p);
}

enum err rulebook_load_with(struct store *s, const struct notice *notice,
                            struct rulebook **ret, struct problem *p)
{
    struct origin from = {.before = INT64_MAX, .notice = notice};
    return load(s, &from, ret, p);
}

enum err rulebook_before(struct rulebook *b, struct store *s, int64_t seq,
                         struct rulebook **ret, struct problem *p)
{
    if (b->before == NULL || b->before_seq != seq) {
        struct rulebook *before = NULL;
        enum err err = rulebook_load_before(s, seq, &before, p);
        if (err != OK) {
            return err;
        }
        rulebook_free(b->before);
        b->before = before;
        b->before_seq = seq;
    }
    *ret = rulebook_ref(b->before);
    return OK;
}
