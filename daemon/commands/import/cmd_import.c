/* History: one line at a time, at its own time, on tickets that import made.
 *
 *   line -> known already? -> actor, role -> the ticket's clocks due by then
 *        -> the command itself -> remembered by digest and occurrence
 *
 * How an import ends is in cmd_import_close.c. */
#include <stdio.h>
#include <string.h>

#include "daemon/commands/access.h"
#include "daemon/commands/call_run.h"
#include "daemon/commands/result.h"
#include "daemon/commands/ticket/deadlines.h"
#include "proto/message.h"

/* One line, taken apart. Texts borrow from the JSON. */
struct line {
    instant at;
    const char *as;
    const struct command *command;
    json_t *params;
    uint8_t digest[32];
    int64_t occurrence;
    struct value values[ARGS_MAX];
};

/* -- reading a line ----------------------------------------------------------
 */

static enum err bad(struct call *c, const char *param, const char *expected)
{
    return refuse(c, ERR_BAD_PARAM, param, expected, "");
}

static enum err known_members(struct call *c, json_t *event)
{
    static const char *const names[] = {"at", "as", "method", "params", "key"};
    const char *name;
    json_t *value;
    json_object_foreach(event, name, value)
    {
        bool known = false;
        for (size_t i = 0; i < sizeof names / sizeof names[0]; i++) {
            known = known || strcmp(name, names[i]) == 0;
        }
        if (!known) {
            char param[PROBLEM_PARAM_SIZE];
            snprintf(param, sizeof param, "event.%.40s", name);
            return bad(c, param, "at, as, method, params or key");
        }
    }
    return OK;
}

static enum err read_at(struct call *c, json_t *event, instant *ret)
{
    json_t *at = json_object_get(event, "at");
    if (!json_is_string(at)) {
        return bad(c, "event.at", "an RFC 3339 instant");
    }
    enum err err = instant_parse(json_string_value(at), json_string_length(at),
                                 false, ret);
    if (err != OK) {
        return refuse(c, err, "event.at", "an RFC 3339 instant",
                      json_string_value(at));
    }
    return *ret <= c->recorded ? OK : bad(c, "event.at", "not in the future");
}

/* What history is made of: registrations, meetings and the moves of tickets. */
static bool importable(const struct command *command)
{
    static const char *const prefixes[] = {
        "chain.",  "committee.", "office.",   "department.", "enterprise.",
        "person.", "guide.",     "registry.", "ticket.",     "meeting."};
    if (command == NULL || command->effect != EFFECT_WRITE) {
        return false;
    }
    for (size_t i = 0; i < sizeof prefixes / sizeof prefixes[0]; i++) {
        if (strncmp(command->name, prefixes[i], strlen(prefixes[i])) == 0) {
            return true;
        }
    }
    return false;
}

static enum err read_method(struct call *c, json_t *event, struct line *line)
{
    json_t *method = json_object_get(event, "method");
    line->command =
        json_is_string(method) ? command_find(json_string_value(method)) : NULL;
    if (!importable(line->command)) {
        return bad(c, "event.method",
                   "a command of the registry, a meeting or a ticket");
    }
    line->params = json_object_get(event, "params");
    if (line->params != NULL && !json_is_object(line->params)) {
        return bad(c, "event.params", "an object");
    }
    json_t *as = json_object_get(event, "as");
    if (as != NULL && !json_is_string(as)) {
        return bad(c, "event.as", "an account");
    }
    line->as = as == NULL ? NULL : json_string_value(as);
    return OK;
}

/* A repeat is known by its key, else by its content and by how many equal ones
 * came before it in the file. */
static enum err digest(struct call *c, json_t *event, struct line *line)
{
    json_t *key = json_object_get(event, "key");
    if (key != NULL && (!json_is_string(key) || json_string_length(key) == 0 ||
                        json_string_length(key) > KEY_BYTES_MAX)) {
        return bad(c, "event.key", "a text of 1 to 64 bytes");
    }
    line->occurrence = key == NULL ? arg(c, "occurrence")->number : 0;
    char *text = json_dumps(key == NULL ? event : key,
                            JSON_COMPACT | JSON_SORT_KEYS | JSON_ENCODE_ANY);
    if (text == NULL) {
        return ERR_NO_MEMORY;
    }
    store_digest(text, strlen(text), line->digest);
    free(text);
    return OK;
}

static enum err read_line(struct call *c, struct line *line)
{
    json_t *event = arg(c, "event")->json;
    enum err err = known_members(c, event);
    if (err == OK) {
        err = read_at(c, event, &line->at);
    }
    if (err == OK) {
        err = read_method(c, event, line);
    }
    return err == OK ? digest(c, event, line) : err;
}

/* -- running it --------------------------------------------------------------
 */

/* The call inside the call. */
static struct call inner_call(const struct call *c, const struct line *line)
{
    return (struct call){.command = line->command,
                         .values = line->values,
                         .store = c->store,
                         .book = c->book,
                         .at = line->at,
                         .recorded = c->recorded,
                         .imported = true,
                         .importer = c->actor.account};
}

/* Before each line that ticket's clocks due by then fire; of a merger those of
 * the one that goes on, too. */
static enum err fire_before(struct call *inner, const char *param)
{
    if (command_arg(inner->command, param) < 0) {
        return OK;
    }
    const struct value *value = arg(inner, param);
    ticket_id id = value->number;
    enum err err = OK;
    if (id == 0) {
        err = ticket_find_ref(inner->store, value->text, &id);
    }
    struct work w;
    if (err == OK) {
        err = work_load(inner->store, inner->book, id, &w);
    }
    if (err == ERR_NOT_FOUND) {
        return refuse(inner, err, param, "", "");
    }
    if (err != OK || !w.row.held) {
        return err;
    }
    struct fire f = {.now = inner->recorded,
                     .until = inner->at,
                     .held = true,
                     .importer = inner->importer};
    int fired = 0;
    return deadlines_ticket(&w, &f, &fired, &inner->seq);
}

static enum err run_inner(struct call *inner, const char *as)
{
    enum err err = access_actor(inner, as);
    if (err == OK) {
        err = access_role(inner, inner->command);
    }
    if (err == OK) {
        err = fire_before(inner, "ticket");
    }
    if (err == OK) {
        err = fire_before(inner, "into");
    }
    return err == OK ? call_recorded(inner) : err;
}

static enum err take(struct call *c, struct line *line)
{
    struct call inner = inner_call(c, line);
    enum err err =
        command_check(line->command, line->params, line->values, &c->problem);
    if (err != OK) {
        return err;
    }
    err = run_inner(&inner, line->as);
    if (err == OK) {
        c->seq = inner.seq;
        err =
            imported_keep(c->store, line->digest, line->occurrence, inner.seq);
    } else {
        c->problem = inner.problem;
    }
    json_t *number = json_object_get(inner.result, "number");
    if (err == OK && number != NULL) {
        json_object_set(c->result, "number", number);
    }
    json_decref(inner.result);
    return err;
}

static enum err refuse_closed(struct call *c)
{
    char closed[INSTANT_TEXT_SIZE];
    enum err err = meta_get(c->store, "import_closed", closed, sizeof closed);
    if (err == ERR_NOT_FOUND) {
        return OK;
    }
    return err == OK ? refuse(c, ERR_TOO_LATE, "",
                              "history before the import was closed", closed)
                     : err;
}

enum err cmd_import_event(struct call *c)
{
    struct line line = {.as = NULL};
    bool there = false;
    enum err err = refuse_closed(c);
    if (err == OK) {
        err = read_line(c, &line);
    }
    if (err == OK) {
        err = imported_find(c->store, line.digest, line.occurrence, &there);
    }
    if (err != OK) {
        return err;
    }
    c->result = json_object();
    json_object_set_new(c->result, "added", json_boolean(!there));
    if (!there) {
        err = take(c, &line);
    }
    if (err == OK) {
        json_object_set_new(c->result, "seq", json_integer(c->seq));
    }
    return err;
}
