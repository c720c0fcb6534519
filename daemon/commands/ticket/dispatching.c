/* What every dispatch says: see dispatching.h. */
#include "daemon/commands/ticket/dispatching.h"

#include "daemon/commands/registry/registry_put.h"

enum err dispatching_limit(struct call *c, struct event *ev)
{
    const struct value *limit = arg(c, "limit");
    bool due = command_arg(c->command, "due") >= 0 && arg(c, "due")->given;
    if (limit->given && due) {
        return refuse(c, ERR_BAD_PARAM, "due", "either a limit or a due", "");
    }
    if (limit->given && limit->limit.unit == LIMIT_NONE && !c->imported) {
        return refuse(c, ERR_BAD_PARAM, "limit", "a limit like 5wd",
                      "only an import may say none");
    }
    ev->has_limit = limit->given || due;
    if (limit->given) {
        ev->limit = limit->limit;
    }
    if (due) {
        ev->limit =
            (struct limit){.unit = LIMIT_UNTIL, .until = arg(c, "due")->at};
    }
    return OK;
}

enum err dispatching_unit(struct call *c, struct event *ev)
{
    struct entry entry;
    enum err err = registry_unit(c->store, arg_text(c, "unit"), &entry);
    if (err == OK && entry.kind == REGISTER_ENTERPRISE) {
        err = ERR_NOT_FOUND;
    }
    if (err == ERR_NOT_FOUND) {
        return refuse_unit(c, "unit",
                           "the code of a department, office or committee");
    }
    if (err == OK) {
        ev->unit = entry.id;
    }
    return err;
}

static bool planned(const struct call *c)
{
    return command_arg(c->command, "plan") >= 0 && arg(c, "plan")->given;
}

/* An individual plan is beyond the bound and therefore says its own limit. */
static enum err plan(struct call *c, struct event *ev)
{
    ev->special = planned(c);
    return !ev->special || ev->has_limit
               ? OK
               : refuse(c, ERR_BAD_PARAM, "limit",
                        "the limit of the individual plan", "missing");
}

enum err dispatching_facts(struct call *c, struct event *ev)
{
    if (!c->imported && !arg(c, "measure")->given) {
        return refuse(c, ERR_BAD_PARAM, "measure", "the planned measure",
                      "missing");
    }
    enum err err = dispatching_limit(c, ev);
    if (err == OK) {
        err = plan(c, ev);
    }
    return err == OK ? dispatching_unit(c, ev) : err;
}

enum err dispatching_measure(struct call *c, const struct work *w)
{
    int64_t text = 0;
    int64_t plan_text = 0;
    enum err err =
        planned(c) ? work_text(c, "plan", TEXT_PLAN, &plan_text) : OK;
    if (err == OK) {
        err = work_text(c, "measure", TEXT_MEASURE, &text);
    }
    if (err != OK || (text == 0 && plan_text == 0)) {
        return err;
    }
    struct cell cells[] = {
        cell_int("ticket", w->outcome.after.id),
        cell_int("n", w->outcome.dispatch),
        cell_int_or_null("measure_text", text, 0),
        cell_int("plan_text", plan_text),
    };
    return store_put(c->store, TABLE_DISPATCH, cells, plan_text != 0 ? 4 : 3);
}
