/* See register_row.h. */
#include "client/cli/commands/register/register_row.h"

#include <stdio.h>
#include <string.h>

enum err row_resolve(const struct rows *r, struct entry *e, struct problem *p)
{
    int n = 0;
    const struct field *fields = fields_of(r->kind, &n);
    for (int i = 0; i < n; i++) {
        json_t *value = json_object_get(e->params, fields[i].param);
        if (fields[i].form != FORM_PLACE || value == NULL) {
            continue;
        }
        const char *code =
            known_code(&r->known, fields[i].param, json_string_value(value), p);
        if (code == NULL) {
            return p->err;
        }
        (void)json_object_set_new(e->params, fields[i].param,
                                  json_string(code));
    }
    return OK;
}

/* 18 digits that end in zeros and do not agree are what is left of a code that
 * a spreadsheet took for a number. */
static bool rounded(const char *code)
{
    size_t len = strlen(code);
    return len == strspn(code, "0123456789") && len > 15 &&
           strcmp(code + 15, "000") == 0;
}

/* Some legally valid early codes fail the last check digit. */
static enum row_verdict doubt(const struct rows *r, const struct entry *e,
                              const char *code, struct problem *p)
{
    if (r->force) {
        (void)json_object_set_new(e->params, "force", json_true());
        return ROW_NEW;
    }
    (void)problem_set(p, ERR_BAD_CODE, "code",
                      rounded(code)
                          ? "a column formatted as text before it is filled: "
                            "this one lost digits"
                          : "18 characters whose check digits agree; "
                            "force=true takes it all the same",
                      code);
    return ROW_DOUBTED;
}

/* As the server will check it; credit codes come out as they are registered. */
static enum row_verdict check(const struct rows *r, const struct entry *e,
                              struct problem *p)
{
    struct value values[ARGS_MAX];
    if (command_check(r->command, e->params, values, p) != OK) {
        return ROW_REFUSED;
    }
    if (r->kind != ROWS_ENTERPRISES) {
        return ROW_NEW;
    }
    const struct value *code = command_value(r->command, values, "code");
    (void)json_object_set_new(e->params, "code", json_string(code->code));
    return code->number != 0 ? ROW_NEW : doubt(r, e, code->code, p);
}

/* What an entry is about: a second row on it says the same or is wrong. */
static void entry_id(const struct rows *r, const struct entry *e, char *out,
                     size_t size)
{
    const char *as = json_string_value(json_object_get(e->params, "as"));
    const char *name = r->kind == ROWS_GUIDES ? "enterprise" : "code";
    (void)snprintf(out, size, "%s %s",
                   json_string_value(json_object_get(e->params, name)),
                   as == NULL ? "" : as);
}

/* Against the rows of this table before it. */
static enum row_verdict repeated(const struct rows *r, const struct entry *e,
                                 struct problem *p)
{
    char id[2 * CODE_SIZE];
    char detail[PROBLEM_TEXT_SIZE];
    entry_id(r, e, id, sizeof id);
    json_t *before = json_object_get(r->mine, id);
    if (before == NULL) {
        (void)json_object_set_new(r->mine, id,
                                  json_pack("{s:I, s:O}", "line",
                                            (json_int_t)e->line, "params",
                                            e->params));
        return ROW_NEW;
    }
    if (json_equal(json_object_get(before, "params"), e->params)) {
        return ROW_THERE;
    }
    (void)snprintf(detail, sizeof detail, "line %" JSON_INTEGER_FORMAT,
                   json_integer_value(json_object_get(before, "line")));
    (void)problem_set(p, ERR_EXISTS,
                      r->kind == ROWS_GUIDES ? "enterprise" : "code",
                      "one row for each, with all its data", detail);
    return ROW_REFUSED;
}

/* Against the register. */
static enum row_verdict registered(const struct rows *r, const struct entry *e,
                                   struct problem *p)
{
    switch (known_presence(&r->known, r->kind, e->params, p)) {
    case NOT_THERE:
        return ROW_NEW;
    case THERE:
        return ROW_THERE;
    case THERE_OTHER:
        break;
    }
    return ROW_REFUSED;
}

enum row_verdict row_judge(struct rows *r, const struct entry *e,
                           struct problem *p)
{
    enum row_verdict verdict = check(r, e, p);
    if (verdict == ROW_NEW) {
        verdict = repeated(r, e, p);
    }
    if (verdict == ROW_NEW) {
        verdict = registered(r, e, p);
    }
    return verdict;
}
