/* What every handler has at hand: see call.h. */
#include "daemon/commands/call.h"

const struct value *arg(const struct call *c, const char *name)
{
    return command_value(c->command, c->values, name);
}

const char *arg_text(const struct call *c, const char *name)
{
    const struct value *value = arg(c, name);
    return value->given ? value->text : NULL;
}

enum err refuse(struct call *c, enum err err, const char *param,
                const char *expected, const char *detail)
{
    return problem_set(&c->problem, err, param, expected, detail);
}

struct record call_record(const struct call *c, const char *method)
{
    return (struct record){.at = c->at,
                           .recorded = c->recorded,
                           .by = c->actor.account,
                           .method = method,
                           .imported = c->imported,
                           .importer = c->importer};
}

enum err call_open_record(struct call *c, const char *method)
{
    struct record record = call_record(c, method);
    return store_record_open(c->store, &record, &c->seq);
}

enum err call_next_record(struct call *c, const char *method)
{
    enum err err = store_record_close(c->store, &c->seq);
    return err == OK ? call_open_record(c, method) : err;
}
