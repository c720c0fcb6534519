/* Request lines: the envelope of JSON-RPC 2.0 and our three members, checked,
 * then the parameters against the command table. */
#include "proto/message.h"

#include <stdio.h>
#include <string.h>

#include "proto/json.h"

static enum err invalid(struct problem *p, const char *member,
                        const char *expected)
{
    return problem_set(p, ERR_INVALID, member, expected, "");
}

/* -- members --------------------------------------------------------------- */

static enum err read_jsonrpc(struct request *r, json_t *json, struct problem *p)
{
    (void)r;
    const char *text = json_string_value(json);
    return text != NULL && strcmp(text, "2.0") == 0
               ? OK
               : invalid(p, "jsonrpc", "\"2.0\"");
}

static enum err read_id(struct request *r, json_t *json, struct problem *p)
{
    bool fits =
        json_is_null(json) || json_is_integer(json) ||
        (json_is_string(json) && json_string_length(json) <= ID_BYTES_MAX);
    if (!fits) {
        char expected[PROBLEM_TEXT_SIZE];
        snprintf(expected, sizeof expected,
                 "a text of at most %d bytes, an integer or null",
                 ID_BYTES_MAX);
        return invalid(p, "id", expected);
    }
    r->id = json;
    return OK;
}

/* The method itself is looked up when the envelope is known to be right. */
static enum err read_method(struct request *r, json_t *json, struct problem *p)
{
    (void)r;
    return json_is_string(json) ? OK : invalid(p, "method", "a text");
}

static enum err read_params(struct request *r, json_t *json, struct problem *p)
{
    if (!json_is_object(json)) {
        return invalid(p, "params", "an object: parameters go by name");
    }
    r->params = json;
    return OK;
}

/* Any text: whether it is a token is the daemon's to say, in one voice. */
static enum err read_token(struct request *r, json_t *json, struct problem *p)
{
    const char *text = json_string_value(json);
    if (text == NULL || json_string_length(json) > TOKEN_BYTES_MAX) {
        return invalid(p, "token", "what a log-in gave");
    }
    r->token = text;
    return OK;
}

static enum err read_key(struct request *r, json_t *json, struct problem *p)
{
    const char *text = json_string_value(json);
    if (text == NULL || json_string_length(json) > KEY_BYTES_MAX ||
        !ref_ok(text, json_string_length(json))) {
        char expected[PROBLEM_TEXT_SIZE];
        snprintf(expected, sizeof expected, "a text of 1 to %d visible bytes",
                 KEY_BYTES_MAX);
        return invalid(p, "key", expected);
    }
    r->key = text;
    return OK;
}

static enum err read_after(struct request *r, json_t *json, struct problem *p)
{
    if (!json_is_integer(json) || json_integer_value(json) < 0) {
        return invalid(p, "after", "a journal number: an integer from 0");
    }
    r->after = json_integer_value(json);
    return OK;
}

typedef enum err read_fn(struct request *r, json_t *json, struct problem *p);

struct member {
    const char *name;
    read_fn *read;
    bool required;
};

/* `id` first, so that whatever else is wrong can be answered to it. */
static const struct member members[] = {
    {"id", read_id, false},        {"jsonrpc", read_jsonrpc, true},
    {"method", read_method, true}, {"params", read_params, false},
    {"key", read_key, false},      {"after", read_after, false},
    {"token", read_token, false},
};
enum {
    MEMBERS = sizeof members / sizeof members[0]
};

static enum err read_members(struct request *r, struct problem *p)
{
    enum err err = OK;
    for (size_t i = 0; err == OK && i < MEMBERS; i++) {
        json_t *json = json_object_get(r->root, members[i].name);
        if (json != NULL) {
            err = members[i].read(r, json, p);
        } else if (members[i].required) {
            err = problem_set(p, ERR_INVALID, members[i].name,
                              "a JSON-RPC 2.0 request", "it is missing");
        }
    }
    return err;
}

static enum err refuse_unknown(const struct request *r, struct problem *p)
{
    const char *name = NULL;
    json_t *value = NULL;
    json_object_foreach(r->root, name, value)
    {
        size_t i = 0;
        while (i < MEMBERS && strcmp(members[i].name, name) != 0) {
            i++;
        }
        if (i == MEMBERS) {
            return problem_set(
                p, ERR_INVALID, name,
                "jsonrpc, id, method, params, token, key or after",
                "there is no such member");
        }
    }
    return OK;
}

static enum err find_command(struct request *r, struct problem *p)
{
    const char *name = json_string_value(json_object_get(r->root, "method"));
    const struct command *command = command_find(name);
    if (command == NULL) {
        return problem_set(p, ERR_UNKNOWN_METHOD, "method",
                           "a method that rpc.discover lists", name);
    }
    if (command->effect == EFFECT_LOCAL) {
        return problem_set(p, ERR_UNKNOWN_METHOD, "method",
                           "a method that rpc.discover lists",
                           "this command runs in the client");
    }
    r->command = command;
    return OK;
}

/* -- a line ---------------------------------------------------------------- */

/* An array is refused before it is parsed: a batch may be large. */
static enum err check_batch(const char *line, size_t len, struct problem *p)
{
    size_t at = 0;
    while (at < len && memchr(" \t\r", line[at], 3) != NULL) {
        at++;
    }
    if (at < len && line[at] == '[') {
        return problem_set(p, ERR_BATCH, "", "one request object a line", "");
    }
    return OK;
}

static enum err read_root(const char *line, size_t len, struct request *r,
                          struct problem *p)
{
    struct json_text source = {line, len, LINE_BYTES_MAX, JSON_VALUES_MAX};
    json_t *id = NULL;
    enum err err = check_batch(line, len, p);
    if (err == OK) {
        err = json_read(&source, &r->root, &id, p);
    }
    if (id != NULL) {
        /* the request owns the id through a root of its own */
        r->root = json_object();
        if (json_object_set_new(r->root, "id", id) == 0) {
            r->id = json_object_get(r->root, "id");
        }
    }
    return err;
}

static enum err read_envelope(struct request *r, struct problem *p)
{
    if (!json_is_object(r->root)) {
        return problem_set(p, ERR_INVALID, "", "one request object a line", "");
    }
    enum err err = read_members(r, p);
    return err == OK ? refuse_unknown(r, p) : err;
}

/* An answer with a secret in it is not kept to be given a second time. */
static enum err check_key(const struct request *r, struct problem *p)
{
    return r->key != NULL && (r->command->roles & COMMAND_SECRET) != 0
               ? problem_set(p, ERR_BAD_PARAM, "key",
                             "no key: this answer is not kept", "")
               : OK;
}

enum err request_parse(const char *line, size_t len, struct request *ret,
                       struct problem *p)
{
    *ret = (struct request){.root = NULL};
    enum err err = read_root(line, len, ret, p);
    if (err == OK) {
        err = read_envelope(ret, p);
    }
    if (err != OK) {
        /* only a right envelope without an id is a notification */
        if (ret->id == NULL) {
            ret->id = json_null();
        }
        return err;
    }
    err = find_command(ret, p);
    if (err == OK) {
        err = check_key(ret, p);
    }
    if (err == OK) {
        err = command_check(ret->command, ret->params, ret->values, p);
    }
    return err;
}

void request_done(struct request *r)
{
    json_decref(r->root);
    *r = (struct request){.root = NULL};
}

/* -- the client's side ----------------------------------------------------- */

static bool set_new(json_t *root, const char *name, json_t *value)
{
    return json_object_set_new(root, name, value) == 0;
}

static bool set_text(json_t *root, const char *name, const char *text)
{
    return text == NULL || set_new(root, name, json_string(text));
}

char *request_line(const struct line_out *o, size_t *ret_len)
{
    json_t *root = json_object();
    char *line = NULL;
    bool whole =
        set_new(root, "jsonrpc", json_string("2.0")) &&
        set_new(root, "id", json_integer(o->id)) &&
        set_text(root, "method", o->method) &&
        set_text(root, "token", o->token) && set_text(root, "key", o->key) &&
        (o->after <= 0 || set_new(root, "after", json_integer(o->after))) &&
        (o->params == NULL || json_object_set(root, "params", o->params) == 0);
    if (whole) {
        line = json_line(root, ret_len);
    }
    json_decref(root);
    json_decref(o->params);
    return line;
}
