/* The OpenRPC document, from the command table. */
#include "proto/openrpc.h"

#include <string.h>

#include "proto/command.h"
#include "proto/latch.h"

static const char version[] = BIHUAN_VERSION;

static void set(json_t *object, const char *name, json_t *value)
{
    /* a failure is latched, and seen in openrpc_document() */
    json_object_set_new(object, name, value);
}

static void set_text(json_t *object, const char *name, const char *text)
{
    set(object, name, json_string(text));
}

/* -- parameters ------------------------------------------------------------ */

static json_t *words(const char *choices)
{
    json_t *list = json_array();
    for (const char *at = choices; at != NULL;) {
        size_t n = strcspn(at, "|");
        json_array_append_new(list, json_stringn(at, n));
        at = at[n] == '\0' ? NULL : at + n + 1;
    }
    return list;
}

static const char *schema_type(enum arg_type type)
{
    switch (type) {
    case ARG_TYPE_INT:
        return "integer";
    case ARG_TYPE_BOOL:
        return "boolean";
    case ARG_TYPE_JSON:
        return "object";
    case ARG_TYPE_TEXT:
    case ARG_TYPE_CODE:
    case ARG_TYPE_CREDIT:
    case ARG_TYPE_REF:
    case ARG_TYPE_TICKET:
    case ARG_TYPE_MEETING:
    case ARG_TYPE_INSTANT:
    case ARG_TYPE_LIMIT:
    case ARG_TYPE_CHOICE:
        break;
    }
    return "string";
}

static json_t *schema_of(const struct arg *arg)
{
    char expected[PROBLEM_TEXT_SIZE];
    json_t *schema = json_object();
    arg_expected(arg, expected);
    set_text(schema, "type", schema_type(arg->type));
    set_text(schema, "description", expected);
    if (arg->type == ARG_TYPE_INT) {
        set(schema, "minimum", json_integer(arg->low));
        set(schema, "maximum", json_integer(arg->high));
    } else if (arg->type == ARG_TYPE_CHOICE) {
        set(schema, "enum", words(arg->choices));
    } else if (arg->type == ARG_TYPE_INSTANT) {
        set_text(schema, "format", "date-time");
    }
    return schema;
}

static json_t *params_of(const struct command *command)
{
    json_t *list = json_array();
    for (int i = 0; i < command->n_args; i++) {
        const struct arg *arg = &command->args[i];
        json_t *param = json_object();
        set_text(param, "name", arg->name);
        set_text(param, "summary", arg->en);
        set_text(param, "x-zh", arg->zh);
        set(param, "required", json_boolean((arg->flags & ARG_REQUIRED) != 0));
        set(param, "schema", schema_of(arg));
        json_array_append_new(list, param);
    }
    return list;
}

/* -- methods --------------------------------------------------------------- */

static json_t *roles_of(const struct command *command)
{
    json_t *list = json_array();
    if ((command->roles & COMMAND_OPEN) != 0) {
        json_array_append_new(list, json_string("anyone"));
    }
    for (int i = 0; i < ROLE_COUNT; i++) {
        if ((command->roles & ROLE_BIT(i)) != 0 && i != ROLE_OPERATOR) {
            json_array_append_new(list, json_string(role_name((enum role)i)));
        }
    }
    return list;
}

static json_t *result_of(void)
{
    json_t *result = json_object();
    json_t *schema = json_object();
    set_text(schema, "type", "object");
    set_text(result, "name", "result");
    set(result, "schema", schema);
    return result;
}

static json_t *method_of(const struct command *command)
{
    json_t *method = json_object();
    set_text(method, "name", command->name);
    set_text(method, "summary", command->en);
    set_text(method, "x-zh", command->zh);
    set_text(method, "x-effect",
             command->effect == EFFECT_READ ? "read" : "write");
    set(method, "x-roles", roles_of(command));
    set_text(method, "paramStructure", "by-name");
    set(method, "params", params_of(command));
    set(method, "result", result_of());
    return method;
}

static json_t *errors(void)
{
    json_t *object = json_object();
    for (int i = OK + 1; i < ERR_COUNT; i++) {
        json_t *error = json_object();
        set(error, "code", json_integer(err_code((enum err)i)));
        set_text(error, "message", err_text((enum err)i));
        set(object, err_name((enum err)i), error);
    }
    return object;
}

json_t *openrpc_document(void)
{
    json_t *root = json_object();
    json_t *info = json_object();
    json_t *methods = json_array();
    json_t *components = json_object();

    latch_take();
    for (int i = 0; i < CMD_COUNT; i++) {
        if (command_at(i)->effect != EFFECT_LOCAL) {
            json_array_append_new(methods, method_of(command_at(i)));
        }
    }
    set_text(info, "title", "Bihuan");
    set_text(info, "version", version);
    set(components, "errors", errors());
    set_text(root, "openrpc", "1.3.2");
    set(root, "info", info);
    set(root, "methods", methods);
    set(root, "components", components);
    if (latch_take() || json_object_size(root) != 4) {
        json_decref(root);
        return NULL;
    }
    return root;
}
