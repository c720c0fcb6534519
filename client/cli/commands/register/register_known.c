/* The lists are read page by page before the first row is sent. Names and
 * phones of people are masked there for who may not read them: two names that
 * look the same masked count as the same. */
#include "client/cli/commands/register/register_known.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "client/cli/commands/register/register_text.h"
#include "client/cli/show/cell.h"
#include "proto/command.h"
#include "proto/utf8.h"

enum {
    PAGE = 500,
    MASK_SIZE = 64 /* of a name in person.list */
};

/* A list of the server: its members by column name. */
struct list {
    const char *method;
    const char *member;
    bool units; /* its rows have a code and a name that others refer to */
};

static const struct list lists[] = {
    {"chain.list", "chains", true},
    {"committee.list", "committees", true},
    {"office.list", "offices", true},
    {"department.list", "departments", true},
    {"enterprise.list", "enterprises", true},
    {"person.list", "people", false},
};
enum {
    CHAINS = 1,
    COMMITTEES = 2,
    OFFICES = 4,
    DEPARTMENTS = 8,
    ENTERPRISES = 16,
    PEOPLE = 32
};
/* Which lists a kind needs, and the one of its own rows. */
static const struct {
    int needs;
    int own;
} wants[ROWS_KINDS] = {
    [ROWS_ENTERPRISES] = {CHAINS, ENTERPRISES},
    [ROWS_DEPARTMENTS] = {0, DEPARTMENTS},
    [ROWS_PEOPLE] = {COMMITTEES | OFFICES | DEPARTMENTS | ENTERPRISES, PEOPLE},
    [ROWS_GUIDES] = {0, ENTERPRISES},
};

/* -- reading the lists -------------------------------------------------------
 */

static void append(json_t *map, const char *key, json_t *value)
{
    json_t *list = json_object_get(map, key);
    if (list == NULL) {
        list = json_array();
        (void)json_object_set_new(map, key, list);
    }
    (void)json_array_append_new(list, value);
}

void known_add(struct known *known, const char *code, const char *name)
{
    char *folded = text_folded(name);
    append(known->names, folded, json_string(code));
    free(folded);
    (void)json_object_set_new(known->codes, code, json_string(name));
}

/* A row as an object of its columns. */
static json_t *row_object(json_t *columns, json_t *row)
{
    json_t *object = json_object();
    size_t i;
    json_t *name;
    json_array_foreach(columns, i, name)
    {
        (void)json_object_set(object, json_string_value(name),
                              json_array_get(row, i));
    }
    return object;
}

static const char *text_of(json_t *object, const char *name)
{
    const char *text = json_string_value(json_object_get(object, name));
    return text == NULL ? "" : text;
}

static void take_rows(struct known *known, const struct list *list, bool own,
                      json_t *table)
{
    size_t i;
    json_t *row;
    json_array_foreach(json_object_get(table, "rows"), i, row)
    {
        json_t *o = row_object(json_object_get(table, "columns"), row);
        const char *code = text_of(o, list->units ? "code" : "account");
        if (list->units) {
            known_add(known, code, text_of(o, "name"));
        }
        if (own) {
            append(known->there, code, json_incref(o));
        }
        json_decref(o);
    }
}

static enum bihuan_status ask(struct bihuan *b, const char *method,
                              json_t *params, json_t **ret,
                              struct bihuan_error *ret_error)
{
    char *text = json_dumps(params, JSON_COMPACT);
    struct bihuan_request request = {.method = method, .params = text};
    struct bihuan_reply reply;
    enum bihuan_status status = bihuan_call(b, &request, &reply);
    *ret = NULL;
    *ret_error = reply.error;
    if (status == BIHUAN_DONE) {
        *ret = json_loadb(reply.result, reply.result_len, 0, NULL);
    }
    bihuan_reply_done(&reply);
    json_give_back(text);
    return status;
}

/* A page that leads to itself would be asked for for ever. */
static bool next_page(json_t *params, json_t *result)
{
    const char *next = text_of(result, "next");
    bool on = next[0] != '\0' && strcmp(next, text_of(params, "after")) != 0;
    if (on) {
        (void)json_object_set_new(params, "after", json_string(next));
    }
    return on;
}

static enum bihuan_status load_list(struct known *known, struct bihuan *b,
                                    const struct list *list, bool own,
                                    struct bihuan_error *ret_error)
{
    json_t *params = json_pack("{s:i}", "limit", PAGE);
    enum bihuan_status status = BIHUAN_DONE;
    for (bool more = true; more && status == BIHUAN_DONE;) {
        json_t *result = NULL;
        status = ask(b, list->method, params, &result, ret_error);
        take_rows(known, list, own, json_object_get(result, list->member));
        more = status == BIHUAN_DONE && next_page(params, result);
        json_decref(result);
    }
    json_decref(params);
    return status;
}

enum bihuan_status known_load(struct known *known, struct bihuan *b,
                              enum register_rows kind,
                              struct bihuan_error *ret_error)
{
    *known = (struct known){
        .names = json_object(), .codes = json_object(), .there = json_object()};
    json_t *params = json_object();
    json_t *info = NULL;
    enum bihuan_status status = ask(b, "server.info", params, &info, ret_error);
    known->head = json_integer_value(json_object_get(info, "head"));
    json_decref(info);
    json_decref(params);
    int all = wants[kind].needs | wants[kind].own;
    for (size_t i = 0; i < sizeof lists / sizeof lists[0]; i++) {
        if (status == BIHUAN_DONE && (all >> i & 1) != 0) {
            status = load_list(known, b, &lists[i],
                               (wants[kind].own >> i & 1) != 0, ret_error);
        }
    }
    return status;
}

void known_done(struct known *known)
{
    json_decref(known->names);
    json_decref(known->codes);
    json_decref(known->there);
    *known = (struct known){.names = NULL};
}

/* -- codes by names ----------------------------------------------------------
 */

static enum err several(const char *param, json_t *codes, struct problem *p)
{
    char detail[PROBLEM_TEXT_SIZE] = "";
    size_t len = 0;
    size_t i;
    json_t *code;
    json_array_foreach(codes, i, code)
    {
        int n = snprintf(detail + len, sizeof detail - len, "%s%s",
                         len == 0 ? "" : ", ", json_string_value(code));
        len += n > 0 && len + (size_t)n < sizeof detail ? (size_t)n : 0;
    }
    return problem_set(p, ERR_BAD_PARAM, param,
                       "the code: several have this name", detail);
}

/* The register's own copy of this code, NULL if there is none. */
static const char *code_of_code(const struct known *known, const char *code)
{
    void *at = json_object_iter_at(known->codes, code);
    return at == NULL ? NULL : json_object_iter_key(at);
}

const char *known_code(const struct known *known, const char *param,
                       const char *text, struct problem *p)
{
    char detail[PROBLEM_TEXT_SIZE];
    char credit[CODE_SIZE];
    bool valid;
    const char *found = NULL;
    if (credit_code_check(text, strlen(text), credit, &valid) == OK) {
        text = credit; /* as it is registered: upper case */
    }
    found = code_of_code(known, text);
    if (found != NULL) {
        return found;
    }
    char *folded = text_folded(text);
    json_t *codes = json_object_get(known->names, folded);
    free(folded);
    if (json_array_size(codes) == 1) {
        found = json_string_value(json_array_get(codes, 0));
    } else if (json_array_size(codes) > 1) {
        (void)several(param, codes, p);
    } else {
        (void)snprintf(detail, sizeof detail, "got '%.100s'", text);
        (void)problem_set(p, ERR_NOT_FOUND, param,
                          "the code or the name of one that is registered",
                          detail);
    }
    return found;
}

/* -- what is there -----------------------------------------------------------
 */

static enum presence other(struct problem *p, const char *param,
                           const char *there)
{
    char detail[PROBLEM_TEXT_SIZE];
    (void)snprintf(detail, sizeof detail, "registered with '%.150s'", there);
    (void)problem_set(p, ERR_EXISTS, param,
                      "the same data, or a change by its own command", detail);
    return THERE_OTHER;
}

static bool same_name(const char *a, const char *b)
{
    char *x = text_folded(a);
    char *y = text_folded(b);
    bool same = strcmp(x, y) == 0;
    free(x);
    free(y);
    return same;
}

/* A parameter that names a unit or chain by its code; the lists tell names. */
static bool same_place(const struct known *known, json_t *params,
                       const char *param, const char *there)
{
    const char *code = text_of(params, param);
    const char *name = json_string_value(json_object_get(known->codes, code));
    return code[0] == '\0' || (name != NULL && strcmp(name, there) == 0);
}

static enum presence enterprise_there(const struct known *known, json_t *params,
                                      json_t *row, struct problem *p)
{
    const char *position = text_of(params, "position");
    if (!same_name(text_of(params, "name"), text_of(row, "name"))) {
        return other(p, "name", text_of(row, "name"));
    }
    if (!same_place(known, params, "chain", text_of(row, "chain"))) {
        return other(p, "chain", text_of(row, "chain"));
    }
    if (position[0] != '\0' &&
        strcmp(position, text_of(row, "position")) != 0) {
        return other(p, "position", text_of(row, "position"));
    }
    return THERE;
}

static enum presence department_there(const struct known *known, json_t *params,
                                      json_t *row, struct problem *p)
{
    if (!same_name(text_of(params, "name"), text_of(row, "name"))) {
        return other(p, "name", text_of(row, "name"));
    }
    if (!same_place(known, params, "parent", text_of(row, "parent"))) {
        return other(p, "parent", text_of(row, "parent"));
    }
    return THERE;
}

/* As the server masks a name: 张**. */
static bool same_masked(const char *name, const char *masked)
{
    char out[MASK_SIZE];
    size_t len = strlen(name);
    size_t at = 0;
    if (len > 0) {
        (void)utf8_next(name, len, &at);
    }
    size_t to = (size_t)snprintf(out, sizeof out, "%.*s", (int)at, name);
    while (at < len && to + 2 < sizeof out) {
        (void)utf8_next(name, len, &at);
        out[to++] = '*';
    }
    out[to] = '\0';
    return strcmp(name, masked) == 0 || strcmp(out, masked) == 0;
}

static bool same_phone(const char *phone, const char *masked)
{
    char out[MASK_SIZE];
    size_t len = strlen(phone);
    if (len == 0 || strcmp(phone, masked) == 0) {
        return true;
    }
    if (len < 8) {
        return strcmp(masked, "****") == 0;
    }
    (void)snprintf(out, sizeof out, "%.3s****%s", phone, phone + len - 4);
    return strcmp(out, masked) == 0;
}

/* One row a role: any of them may be the one meant. */
static enum presence person_there(const struct known *known, json_t *params,
                                  json_t *rows, struct problem *p)
{
    json_t *first = json_array_get(rows, 0);
    const char *role = text_of(params, "role");
    size_t i;
    json_t *row;
    if (!same_masked(text_of(params, "name"), text_of(first, "name"))) {
        return other(p, "name", text_of(first, "name"));
    }
    if (!same_phone(text_of(params, "phone"), text_of(first, "phone"))) {
        return other(p, "phone", text_of(first, "phone"));
    }
    json_array_foreach(rows, i, row)
    {
        if (role[0] == '\0' ||
            (strcmp(role, text_of(row, "role")) == 0 &&
             same_place(known, params, "unit", text_of(row, "unit")))) {
            return THERE;
        }
    }
    return other(p, "role", text_of(first, "role"));
}

static enum presence guide_there(json_t *params, json_t *row, struct problem *p)
{
    bool specialist = strcmp(text_of(params, "as"), "specialist") == 0;
    const char *now = text_of(row, specialist ? "specialist" : "guide");
    if (now[0] == '\0') {
        return NOT_THERE;
    }
    return strcmp(now, text_of(params, "person")) == 0
               ? THERE
               : other(p, "person", now);
}

enum presence known_presence(const struct known *known, enum register_rows kind,
                             json_t *params, struct problem *p)
{
    const char *code =
        text_of(params, kind == ROWS_GUIDES ? "enterprise" : "code");
    json_t *rows = json_object_get(known->there, code);
    json_t *row = json_array_get(rows, 0);
    if (row == NULL) {
        return NOT_THERE;
    }
    switch (kind) {
    case ROWS_ENTERPRISES:
        return enterprise_there(known, params, row, p);
    case ROWS_DEPARTMENTS:
        return department_there(known, params, row, p);
    case ROWS_PEOPLE:
        return person_there(known, params, rows, p);
    default:
        return guide_there(params, row, p);
    }
}
