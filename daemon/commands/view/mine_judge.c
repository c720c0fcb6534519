/* Which clock of a ticket waits for a person, and as what: see mine.h. */
#include "core/clock.h"
#include "daemon/commands/access.h"
#include "daemon/commands/view/mine.h"
#include "daemon/store/registry.h"

/* Columns of STMT_MINE_CLOCKS. */
struct waiting {
    struct clock clock;
    register_id handler; /* of its dispatch, or of the lead's */
    bool to_me;          /* it is assigned to whom the actor stands for */
    bool co;
    bool guided;  /* its enterprise, by the actor */
    int64_t duty; /* that the actor's name is on it for, -1: it is not */
};

static struct waiting read_waiting(const struct rows *r)
{
    return (struct waiting){
        .clock = {.n = (int32_t)rows_int(r, 0),
                  .kind = (enum clock_kind)rows_enum(r, 1, CLOCK_KIND_COUNT),
                  .unit = rows_int(r, 2),
                  .due = {.at = rows_instant(r, 3),
                          .by_day = rows_int(r, 4) != 0},
                  .yellow = rows_instant(r, 5),
                  .start = rows_instant(r, 6)},
        .handler = rows_int(r, 7),
        .to_me = rows_int(r, 8) != 0,
        .co = rows_int(r, 9) == DISPATCH_CO,
        .guided = rows_int(r, 10) != 0,
        .duty = rows_int_or(r, 11, -1)};
}

/* -- as what -----------------------------------------------------------------
 */

/* A head sees all that is their unit's; a handler what is theirs, and what is
 * nobody's yet. */
static bool works(const struct actor *a, const struct waiting *w)
{
    register_id unit = w->clock.unit;
    return w->to_me || access_post(a, ROLE_BIT(ROLE_HEAD), unit) ||
           (w->handler == 0 && access_post(a, ROLE_BIT(ROLE_HANDLER), unit));
}

/* A dispatcher of a general office that did not decline it. */
static enum err other_office(struct call *c, register_id declined, bool *ret)
{
    const struct actor *a = &c->actor;
    enum err err = OK;
    *ret = false;
    for (int i = 0; err == OK && !*ret && i < a->n_posts; i++) {
        struct entry unit;
        if (a->posts[i].role == ROLE_DISPATCHER &&
            a->posts[i].unit != declined) {
            err = registry_by_id(c->store, a->posts[i].unit, &unit);
            *ret = err == OK && unit.kind == REGISTER_OFFICE;
        }
    }
    return err;
}

/* Of a score (unit 0) a supervisor decides, of a refusal an office too. */
static enum err judges(struct call *c, const struct waiting *w,
                       const char **ret)
{
    bool office = false;
    enum err err = OK;
    if ((c->actor.roles & ROLE_BIT(ROLE_SUPERVISOR)) != 0) {
        *ret = "supervisor";
    } else if (w->clock.unit != 0) {
        err = other_office(c, w->clock.unit, &office);
        *ret = office ? "dispatcher" : NULL;
    }
    return err;
}

static const char *name_on_it(const struct call *c, const struct waiting *w)
{
    static const char *const duties[DUTY_COUNT] = {"sponsor", "leader",
                                                   "responsible"};
    bool late = clock_light(&w->clock, c->at) == LIGHT_RED;
    enum clock_kind kind = w->clock.kind;
    bool counts =
        kind == CLOCK_FINISH || kind == CLOCK_OVERALL || kind == CLOCK_REWORK;
    return w->duty >= 0 && late && counts ? duties[w->duty] : NULL;
}

static const char *at_work(const struct call *c, const struct waiting *w)
{
    if (works(&c->actor, w)) {
        return w->co ? "co" : "lead";
    }
    bool parent =
        w->clock.kind == CLOCK_REWORK &&
        access_post(&c->actor, ROLE_BIT(ROLE_DISPATCHER), w->clock.unit);
    return parent ? "dispatcher" : NULL;
}

static enum err role_in(struct call *c, const struct waiting *w,
                        const char **ret)
{
    const struct actor *a = &c->actor;
    register_id unit = w->clock.unit;
    *ret = NULL;
    switch (w->clock.kind) {
    case CLOCK_SIGN:
    case CLOCK_FINISH:
    case CLOCK_SUPERVISE:
    case CLOCK_REWORK:
        *ret = at_work(c, w);
        break;
    case CLOCK_EVALUATE:
    case CLOCK_SUPPLEMENT:
        *ret = access_post(a, ROLE_BIT(ROLE_ENTERPRISE), unit) ? "enterprise"
               : w->guided                                     ? "guide"
                                                               : NULL;
        break;
    case CLOCK_APPEAL:
        return judges(c, w, ret);
    case CLOCK_OVERALL:
        break;
    default:
        *ret = access_post(a, ROLE_BIT(ROLE_DISPATCHER), unit) ? "dispatcher"
                                                               : NULL;
        break;
    }
    if (*ret == NULL) {
        *ret = name_on_it(c, w);
    }
    return OK;
}

/* -- the first ---------------------------------------------------------------
 */

static void take(const struct call *c, const struct waiting *w,
                 const char *role, struct mine_row *ret, bool *ret_found)
{
    const struct clock *clock = &w->clock;
    int64_t due = clock->due.at == INSTANT_NONE ? INT64_MAX : clock->due.at;
    if (*ret_found && ret->spot.due <= due) {
        return;
    }
    ret->spot.due = due;
    ret->kind = clock->kind;
    ret->role = role;
    ret->light = clock_light(clock, c->at);
    ret->since = clock->start;
    *ret_found = true;
}

enum err mine_judge(struct call *c, ticket_id ticket, struct mine_row *ret,
                    bool *ret_found)
{
    struct cell binds[] = {cell_text("", c->actor.people), cell_int("", ticket),
                           cell_int("", access_all(&c->actor))};
    struct rows rows;
    *ret = (struct mine_row){.spot = {.ticket = ticket}};
    *ret_found = false;
    enum err err = rows_begin(c->store, STMT_MINE_CLOCKS, binds, 3, &rows);
    if (err != OK) {
        return err;
    }
    while (err == OK && rows_next(&rows)) {
        struct waiting w = read_waiting(&rows);
        const char *role = NULL;
        err = role_in(c, &w, &role);
        if (err == OK && role != NULL) {
            take(c, &w, role, ret, ret_found);
        }
    }
    enum err end = rows_end(&rows);
    return err == OK ? end : err;
}
