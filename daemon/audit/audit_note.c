/* What of a call goes into the audit record: see audit_note.h. */
#include "daemon/audit/audit_note.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#define IMPORTED "imported "
#define IMPORTED_LEN (sizeof IMPORTED - 1)

/* -- of what -----------------------------------------------------------------
 */

/* These only say how much of it. */
static bool is_measure(const char *name)
{
    static const char *const measures[] = {"limit", "offset", "size", "score",
                                           "occurrence"};
    for (size_t i = 0; i < sizeof measures / sizeof measures[0]; i++) {
        if (strcmp(name, measures[i]) == 0) {
            return true;
        }
    }
    return false;
}

/* "" for what is not told. */
static void one(const struct arg *arg, const struct value *v,
                char out[AUDIT_OBJECT_SIZE])
{
    char number[TICKET_TEXT_SIZE];
    out[0] = '\0';
    switch (arg->type) {
    case ARG_TYPE_CODE:
        snprintf(out, AUDIT_OBJECT_SIZE, "%s", v->text);
        break;
    case ARG_TYPE_CREDIT:
        snprintf(out, AUDIT_OBJECT_SIZE, "%s", v->code);
        break;
    case ARG_TYPE_TICKET:
        if (v->number != 0) {
            snprintf(out, AUDIT_OBJECT_SIZE, "%s",
                     ticket_id_format(v->number, number));
        } else {
            snprintf(out, AUDIT_OBJECT_SIZE, "ref:%s", v->text);
        }
        break;
    case ARG_TYPE_MEETING:
        if (v->number != 0) {
            snprintf(out, AUDIT_OBJECT_SIZE, "meeting=%" PRId64, v->number);
        } else {
            snprintf(out, AUDIT_OBJECT_SIZE, "meeting=ref:%s", v->text);
        }
        break;
    case ARG_TYPE_INT:
        if (!is_measure(arg->name)) {
            snprintf(out, AUDIT_OBJECT_SIZE, "%s=%" PRId64, arg->name,
                     v->number);
        }
        break;
    case ARG_TYPE_CHOICE:
        snprintf(out, AUDIT_OBJECT_SIZE, "%s=%s", arg->name, v->text);
        break;
    case ARG_TYPE_BOOL:
        snprintf(out, AUDIT_OBJECT_SIZE, "%s", v->number != 0 ? arg->name : "");
        break;
    case ARG_TYPE_TEXT:
    case ARG_TYPE_REF:
    case ARG_TYPE_INSTANT:
    case ARG_TYPE_LIMIT:
    case ARG_TYPE_JSON:
        break;
    }
}

/* Whole ones only: half a code names somebody else. */
void audit_object(const struct command *command, const struct value *values,
                  char out[AUDIT_OBJECT_SIZE])
{
    size_t len = 0;
    out[0] = '\0';
    for (int i = 0; i < command->n_args; i++) {
        char text[AUDIT_OBJECT_SIZE];
        if (!values[i].given) {
            continue;
        }
        one(&command->args[i], &values[i], text);
        size_t more = strlen(text) + (len > 0);
        if (text[0] == '\0' || len + more >= AUDIT_OBJECT_SIZE) {
            continue;
        }
        if (len > 0) {
            out[len] = ' ';
        }
        memcpy(out + len + (len > 0), text, strlen(text) + 1);
        len += more;
    }
}

/* -- whether -----------------------------------------------------------------
 */

/* Whose absence is worth a line: it tells who looks around. */
static bool names_somebody(const struct command *command)
{
    for (int i = 0; i < command->n_args; i++) {
        const struct arg *a = &command->args[i];
        if (a->type == ARG_TYPE_TICKET || a->type == ARG_TYPE_MEETING ||
            strcmp(a->name, "account") == 0 || strcmp(a->name, "person") == 0) {
            return true;
        }
    }
    return false;
}

static bool is_refusal(const struct command *command, enum err err)
{
    switch (err) {
    case ERR_UNAUTHENTICATED:
    case ERR_FORBIDDEN:
    case ERR_PASSWORD_DUE:
    case ERR_LOGIN_FAILED:
    case ERR_CODE_REQUIRED:
    case ERR_RATE_LIMITED:
        return true;
    case ERR_NOT_FOUND:
        return names_somebody(command);
    default:
        return false;
    }
}

static bool wanted(const struct command *command, enum err err)
{
    return (command->roles & COMMAND_NOTED) != 0 ||
           (err == OK ? (command->roles & COMMAND_PERSONAL) != 0
                      : is_refusal(command, err));
}

/* Whoever logs in is the account that they claim; whether they are, says the
 * outcome. */
static const char *account_of(const struct call *c)
{
    return c->command == command_at(CMD_login) ? arg_text(c, "account")
                                               : c->actor.account;
}

static void fill(const struct call *c, const char *source, enum err err,
                 struct audit_event *ret)
{
    *ret = (struct audit_event){.at = c->recorded, .times = 1};
    snprintf(ret->account, sizeof ret->account, "%s", account_of(c));
    snprintf(ret->source, sizeof ret->source, "%s",
             source == NULL ? "" : source);
    snprintf(ret->what, sizeof ret->what, "%s", c->command->name);
    snprintf(ret->outcome, sizeof ret->outcome, "%s", err_name(err));
    if (err == OK && c->command->effect == EFFECT_WRITE) {
        ret->seq = c->seq;
    }
}

/* -- in a line of history ----------------------------------------------------
 */

/* What changes the register stands in the record however it came; a line taken
 * before changes nothing. */
static bool note_line(const struct call *c, const char *source, enum err err,
                      struct audit_event *ret)
{
    struct value values[ARGS_MAX];
    struct problem p;
    char object[AUDIT_OBJECT_SIZE];
    json_t *event = command_value(c->command, c->values, "event")->json;
    const char *name = json_string_value(json_object_get(event, "method"));
    const struct command *inner = name == NULL ? NULL : command_find(name);
    json_t *params = json_object_get(event, "params");
    bool shaped = params == NULL || json_is_object(params);
    if (inner == NULL || (inner->roles & COMMAND_NOTED) == 0 || !shaped ||
        json_is_false(json_object_get(c->result, "added")) ||
        command_check(inner, params, values, &p) != OK) {
        return false;
    }
    fill(c, source, err, ret);
    audit_object(inner, values, object);
    size_t len = strlen(object);
    size_t before = len + sizeof IMPORTED <= sizeof object ? IMPORTED_LEN : 0;
    snprintf(ret->what, sizeof ret->what, "%s", inner->name);
    memcpy(ret->object, IMPORTED, before);
    memcpy(ret->object + before, object, len + 1);
    return true;
}

/* -- all in all --------------------------------------------------------------
 */

bool audit_note(const struct call *c, const char *source, enum err err,
                struct audit_event *ret)
{
    if (c->command == command_at(CMD_import_event) &&
        err != ERR_UNAUTHENTICATED && note_line(c, source, err, ret)) {
        return true;
    }
    if (!wanted(c->command, err)) {
        return false;
    }
    fill(c, source, err, ret);
    /* a stranger's many guesses are one line */
    if (err != ERR_UNAUTHENTICATED && err != ERR_RATE_LIMITED &&
        c->command != command_at(CMD_login)) {
        audit_object(c->command, c->values, ret->object);
    }
    return true;
}
