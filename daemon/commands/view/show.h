/* The parts of ticket.show: each adds its members to the result. */
#ifndef BIHUAN_DAEMON_COMMANDS_VIEW_SHOW_H
#define BIHUAN_DAEMON_COMMANDS_VIEW_SHOW_H

#include "daemon/commands/ticket/apply.h"
#include "daemon/commands/ticket/ticket_access.h"

enum {
    HOLDERS_MAX = 64
};

/* Design section 4, bounce: the time between sent and asked counts for the
 * unit, between asked and decided for the dispatcher; after a granted return
 * the unit's time follows the fault. */
struct holder {
    register_id unit;
    char name[NAME_SIZE];
    int64_t held_s;
    int64_t working_s;
};

struct show {
    struct call *c;
    struct work w;
    struct view view;
    json_t *result; /* borrowed: c->result */
    int n_holders;
    struct holder holders[HOLDERS_MAX];
};

/* Every clock with its verdict, and how long each unit held the ticket. */
enum err show_clocks(struct show *s);

/* Who has to do with it, by duty, and then what it hangs together with
 * (show_family.h). */
enum err show_people(struct show *s);

/* -- M12 ---------------------------------------------------------------------
 */

/* From filing to the first response, or to the end. */
struct span {
    int64_t days; /* how many dates later */
    int64_t working_days;
    int64_t minutes;
    int64_t working_minutes;
};
struct span span_of(const struct rules *rules, instant from, instant to);

/* When handling ended: resolved; `now` for one that is handled yet (again);
 * INSTANT_NONE for one that ended otherwise. */
instant span_end(const struct ticket *t, instant now);

/* The first response and the lead time. */
enum err show_spans(struct show *s);

#endif
