/* The check of a request's parameters against its row of the command table. */
#include "proto/command.h"

#include <assert.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "proto/utf8.h"

struct check {
    const struct arg *arg;
    json_t *json;
    struct value *ret;
    struct problem *p;
};

/* -- what is said of a wrong one ------------------------------------------- */

static const char *json_type_name(const json_t *json)
{
    switch (json_typeof(json)) {
    case JSON_OBJECT:
        return "got an object";
    case JSON_ARRAY:
        return "got an array";
    case JSON_STRING:
        return "got a text";
    case JSON_INTEGER:
        return "got an integer";
    case JSON_REAL:
        return "got a number with a fraction";
    case JSON_TRUE:
    case JSON_FALSE:
        return "got true or false";
    case JSON_NULL:
        break;
    }
    return "got null";
}

static enum err refused(const struct check *c, enum err err, const char *detail)
{
    char text[PROBLEM_TEXT_SIZE];
    arg_expected(c->arg, text);
    return problem_set(c->p, err, c->arg->name, text, detail);
}

/* Named by its number: to show it would be no help. */
static enum err refused_char(const struct check *c, enum err err,
                             uint32_t unfit)
{
    char detail[PROBLEM_TEXT_SIZE];
    char name[UTF8_NAME_SIZE];
    snprintf(detail, sizeof detail, "the character '%s' may not stand in it",
             utf8_name(unfit, name));
    return refused(c, err, detail);
}

/* A text that is wrong is quoted as far as it fits. */
static enum err refused_text(const struct check *c, enum err err)
{
    uint32_t unfit = 0;
    if (utf8_find_unfit(json_string_value(c->json), json_string_length(c->json),
                        UTF8_LINE, &unfit)) {
        return refused_char(c, err, unfit);
    }
    char detail[PROBLEM_TEXT_SIZE];
    size_t len = json_string_length(c->json);
    size_t shown = utf8_cut(json_string_value(c->json), len, 80);
    snprintf(detail, sizeof detail, "got '%.*s'%s", (int)shown,
             json_string_value(c->json), shown < len ? "..." : "");
    return refused(c, err, detail);
}

/* -- texts ----------------------------------------------------------------- */

/* A text may have what is invisible between the rest; of such alone it is
 * blank. */
static bool is_space(uint32_t c)
{
    return c == '\t' || c == '\n' || utf8_is_blank(c) || utf8_is_invisible(c);
}

static bool is_blank(const char *text, size_t len)
{
    for (size_t i = 0; i < len;) {
        if (!is_space(utf8_next(text, len, &i))) {
            return false;
        }
    }
    return true;
}

/* A text that does not go beyond a title tells one thing from another. */
static enum utf8_use use_of(const struct arg *arg)
{
    return arg->high > TITLE_BYTES_MAX ? UTF8_FREE : UTF8_LINE;
}

static enum err check_text(const struct check *c)
{
    const char *text = c->ret->text;
    size_t len = c->ret->len;
    uint32_t unfit = 0;
    if (len < (size_t)c->arg->low || len > (size_t)c->arg->high) {
        char detail[PROBLEM_TEXT_SIZE];
        snprintf(detail, sizeof detail, "got %zu bytes", len);
        return refused(c, ERR_BAD_PARAM, detail);
    }
    if ((c->arg->flags & ARG_REQUIRED) != 0 && is_blank(text, len)) {
        return refused(c, ERR_BAD_PARAM, "it is blank");
    }
    if (utf8_find_unfit(text, len, use_of(c->arg), &unfit)) {
        return refused_char(c, ERR_BAD_PARAM, unfit);
    }
    return OK;
}

static bool code_char(uint32_t c)
{
    return (c >= '0' && c <= '9') || (c >= 'A' && c <= 'Z') ||
           (c >= 'a' && c <= 'z') || c == '_' || c == '-' || c == '.' ||
           utf8_is_han(c);
}

bool code_ok(const char *text, size_t len)
{
    for (size_t i = 0; i < len;) {
        if (!code_char(utf8_next(text, len, &i))) {
            return false;
        }
    }
    return len >= 1 && len < CODE_SIZE;
}

bool ref_ok(const char *text, size_t len)
{
    for (size_t i = 0; i < len;) {
        uint32_t c = utf8_next(text, len, &i);
        if (is_space(c) || utf8_is_control(c)) {
            return false;
        }
    }
    return len >= 1 && len < REF_SIZE;
}

static enum err check_code(const struct check *c)
{
    return code_ok(c->ret->text, c->ret->len) ? OK
                                              : refused_text(c, ERR_BAD_CODE);
}

static enum err check_ref(const struct check *c)
{
    return ref_ok(c->ret->text, c->ret->len) ? OK
                                             : refused_text(c, ERR_BAD_CODE);
}

static enum err check_credit(const struct check *c)
{
    bool valid = false;
    enum err err =
        credit_code_check(c->ret->text, c->ret->len, c->ret->code, &valid);
    if (err != OK) {
        return refused_text(c, err);
    }
    c->ret->text = c->ret->code;
    c->ret->len = strlen(c->ret->code);
    c->ret->number = valid;
    return OK;
}

/* A number first; what is not one is an outside reference. One that looks like
 * a number is written ref:20261120-001. */
static enum err check_ticket(const struct check *c)
{
    struct value *v = c->ret;
    ticket_id id = 0;
    if (ticket_id_parse(v->text, v->len, &id) == OK) {
        v->number = id;
        return OK;
    }
    if (strncmp(v->text, "ref:", 4) == 0) {
        v->text += 4;
        v->len -= 4;
    }
    v->number = 0;
    return ref_ok(v->text, v->len) ? OK : refused_text(c, ERR_BAD_CODE);
}

enum {
    MEETING_DIGITS = 10
};

/* On the wire a JSON number, or a text as that of a ticket. */
static enum err check_meeting(const struct check *c)
{
    struct value *v = c->ret;
    if (json_is_integer(c->json)) {
        v->text = NULL;
        v->number = json_integer_value(c->json);
        return v->number > 0 ? OK : refused(c, ERR_BAD_PARAM, "not above 0");
    }
    if (!json_is_string(c->json)) {
        return refused(c, ERR_BAD_PARAM, json_type_name(c->json));
    }
    v->text = json_string_value(c->json);
    v->len = json_string_length(c->json);
    if (strncmp(v->text, "ref:", 4) == 0) {
        v->text += 4;
        v->len -= 4;
    } else if (v->len <= MEETING_DIGITS &&
               strspn(v->text, "0123456789") == v->len) {
        v->number = strtoll(v->text, NULL, 10);
        return v->number > 0 ? OK : refused_text(c, ERR_BAD_CODE);
    }
    return ref_ok(v->text, v->len) ? OK : refused_text(c, ERR_BAD_CODE);
}

static enum err check_instant(const struct check *c)
{
    enum err err = instant_parse(c->ret->text, c->ret->len, false, &c->ret->at);
    return err == OK ? OK : refused_text(c, err);
}

static enum err check_limit(const struct check *c)
{
    enum err err = limit_parse(c->ret->text, c->ret->len, &c->ret->limit);
    return err == OK ? OK : refused_text(c, err);
}

int choice_index(const char *choices, const char *text, size_t len)
{
    int index = 0;
    for (const char *at = choices;; index++) {
        size_t n = strcspn(at, "|");
        if (n == len && memcmp(at, text, n) == 0) {
            return index;
        }
        if (at[n] == '\0') {
            return -1;
        }
        at += n + 1;
    }
}

static enum err check_choice(const struct check *c)
{
    int index = choice_index(c->arg->choices, c->ret->text, c->ret->len);
    if (index < 0) {
        return refused_text(c, ERR_BAD_PARAM);
    }
    c->ret->number = index;
    return OK;
}

/* -- the rest -------------------------------------------------------------- */

static enum err check_int(const struct check *c)
{
    if (!json_is_integer(c->json)) {
        return refused(c, ERR_BAD_PARAM, json_type_name(c->json));
    }
    int64_t n = json_integer_value(c->json);
    if (n < c->arg->low || n > c->arg->high) {
        char detail[PROBLEM_TEXT_SIZE];
        snprintf(detail, sizeof detail, "got %" PRId64, n);
        return refused(c, ERR_BAD_PARAM, detail);
    }
    c->ret->number = n;
    return OK;
}

static enum err check_bool(const struct check *c)
{
    if (!json_is_boolean(c->json)) {
        return refused(c, ERR_BAD_PARAM, json_type_name(c->json));
    }
    c->ret->number = json_is_true(c->json);
    return OK;
}

static enum err check_json(const struct check *c)
{
    if (!json_is_object(c->json)) {
        return refused(c, ERR_BAD_PARAM, json_type_name(c->json));
    }
    c->ret->json = c->json;
    return OK;
}

typedef enum err check_fn(const struct check *c);

struct type_row {
    check_fn *check;
    bool text; /* a JSON string is wanted */
};

static const struct type_row types[] = {
    [ARG_TYPE_TEXT] = {check_text, true},
    [ARG_TYPE_CODE] = {check_code, true},
    [ARG_TYPE_CREDIT] = {check_credit, true},
    [ARG_TYPE_REF] = {check_ref, true},
    [ARG_TYPE_TICKET] = {check_ticket, true},
    [ARG_TYPE_MEETING] = {check_meeting, false},
    [ARG_TYPE_INT] = {check_int, false},
    [ARG_TYPE_BOOL] = {check_bool, false},
    [ARG_TYPE_INSTANT] = {check_instant, true},
    [ARG_TYPE_LIMIT] = {check_limit, true},
    [ARG_TYPE_CHOICE] = {check_choice, true},
    [ARG_TYPE_JSON] = {check_json, false},
};

static enum err check_one(const struct check *c)
{
    const struct type_row *type = &types[c->arg->type];
    if (type->text) {
        if (!json_is_string(c->json)) {
            return refused(c, ERR_BAD_PARAM, json_type_name(c->json));
        }
        c->ret->text = json_string_value(c->json);
        c->ret->len = json_string_length(c->json);
    }
    c->ret->given = true;
    return type->check(c);
}

/* `ref` names the ticket of a row that has one and no `ref` of its own. */
static bool ref_for_ticket(const struct command *command)
{
    return command_arg(command, "ticket") >= 0 &&
           command_arg(command, "ref") < 0;
}

static enum err check_names(const struct command *command, json_t *params,
                            struct problem *p)
{
    const char *name = NULL;
    json_t *value = NULL;
    json_object_foreach(params, name, value)
    {
        if (command_arg(command, name) >= 0) {
            continue;
        }
        if (strcmp(name, "ref") != 0 || !ref_for_ticket(command)) {
            return problem_set(p, ERR_BAD_PARAM, name,
                               "a parameter that the method has",
                               "there is no such parameter");
        }
        if (json_object_get(params, "ticket") != NULL) {
            return problem_set(p, ERR_BAD_PARAM, name, "ticket or ref",
                               "ticket and ref are both given");
        }
    }
    return OK;
}

static enum err check_ticket_ref(struct check *c, json_t *ref)
{
    static const struct arg as_ref = {
        .name = "ref", .type = ARG_TYPE_REF, .flags = ARG_REQUIRED};
    c->arg = &as_ref;
    c->json = ref;
    return check_one(c);
}

enum err command_check(const struct command *command, json_t *params,
                       struct value ret[ARGS_MAX], struct problem *p)
{
    assert(params == NULL || json_is_object(params));

    enum err err = check_names(command, params, p);
    for (int i = 0; err == OK && i < command->n_args; i++) {
        const struct arg *arg = &command->args[i];
        struct check c = {arg, json_object_get(params, arg->name), &ret[i], p};
        json_t *ref = arg->type == ARG_TYPE_TICKET && ref_for_ticket(command)
                          ? json_object_get(params, "ref")
                          : NULL;
        ret[i] = (struct value){.given = false};
        if (c.json != NULL) {
            err = check_one(&c);
        } else if (ref != NULL) {
            err = check_ticket_ref(&c, ref);
        } else if ((arg->flags & ARG_REQUIRED) != 0) {
            err = refused(&c, ERR_BAD_PARAM, "it is missing");
        }
    }
    return err;
}
