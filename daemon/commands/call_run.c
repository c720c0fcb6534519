/* From a checked request to its handler: see call_run.h. */
#include "daemon/commands/call_run.h"

#include <assert.h>

#include "daemon/commands/access.h"
#include "daemon/commands/account/hasher.h"
#include "daemon/commands/identity.h"
#include "daemon/commands/ticket/follow.h"
#include "daemon/commands/ticket/ticket_access.h"

typedef enum err (*handler)(struct call *c);

#undef HANDLER_READ
#undef HANDLER_WRITE
#undef HANDLER_LOCAL
#define HANDLER_READ(id) cmd_##id
#define HANDLER_WRITE(id) cmd_##id
#define HANDLER_LOCAL(id) NULL
#define COMMAND(id, name, roles, effect, ...) [CMD_##id] = HANDLER_##effect(id),
static const handler handlers[CMD_COUNT] = {
#include "proto/commands.def"
};
#undef COMMAND

static handler handler_of(const struct command *command)
{
    return handlers[command_index(command)];
}

/* Commands that make several records (import.event, import.settle) or none
 * (login) open their own. */
static bool own_records(const struct command *command)
{
    switch (command_index(command)) {
    case CMD_import_event:
    case CMD_import_settle:
    case CMD_import_close:
    case CMD_login:
    case CMD_passwd:
    case CMD_totp_begin:
        return true;
    default:
        return false;
    }
}

/* -- writes ------------------------------------------------------------------
 */

enum err call_recorded(struct call *c)
{
    enum err err = call_open_record(c, c->command->name);
    if (err == OK) {
        err = handler_of(c->command)(c);
    }
    if (err == OK) {
        err = store_record_close(c->store, &c->seq);
    }
    struct record like = call_record(c, c->command->name);
    return err == OK
               ? follow_moves(c->store, c->book, &c->follow, &like, &c->seq)
               : err;
}

static enum err write_marked(struct call *c)
{
    enum err err = store_mark(c->store);
    if (err != OK) {
        return err;
    }
    err =
        own_records(c->command) ? handler_of(c->command)(c) : call_recorded(c);
    if (err != OK && !c->stands) {
        store_undo(c->store);
        return err;
    }
    enum err kept = store_keep(c->store);
    return kept == OK ? err : kept;
}

/* A failure that nobody explained still names itself. */
static enum err explained(struct call *c, enum err err)
{
    if (err != OK && c->problem.err != err) {
        problem_set(&c->problem, err, "", "", "");
    }
    return err;
}

enum err call_admit(struct call *c, const char *account)
{
    c->problem = (struct problem){.err = OK};
    enum err err = access_actor(c, account);
    if (err == OK) {
        err = access_role(c, c->command);
    }
    return explained(c, err);
}

enum err call_admit_for(struct call *c, const struct credentials *who)
{
    c->problem = (struct problem){.err = OK};
    c->source = who->source;
    enum err err = identity_find(c, who);
    if (err == OK) {
        err = access_role(c, c->command);
    }
    return explained(c, err);
}

enum err call_admit_again(struct call *c)
{
    if (command_arg(c->command, "ticket") < 0) {
        return OK;
    }
    ticket_id id = 0;
    return explained(c, ticket_named(c, "ticket", &id));
}

static enum err run_admitted(struct call *c, enum err err)
{
    assert(c->command->effect != EFFECT_LOCAL);
    c->result = NULL;
    c->seq = 0;
    c->stands = false;
    if (err == OK && c->proof != NULL && c->proof->err != OK) {
        c->problem = c->proof->problem; /* the hash was not made */
        err = c->proof->err;
    }
    if (err == OK) {
        err = c->command->effect == EFFECT_WRITE ? write_marked(c)
                                                 : handler_of(c->command)(c);
    }
    if (err != OK) {
        json_decref(c->result);
        c->result = NULL;
        c->seq = 0;
    }
    return explained(c, err);
}

enum err call_run(struct call *c, const char *account)
{
    return run_admitted(c, call_admit(c, account));
}

enum err call_run_for(struct call *c, const struct credentials *who)
{
    return run_admitted(c, call_admit_for(c, who));
}
