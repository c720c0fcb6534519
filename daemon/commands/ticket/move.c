/* What the handlers of moves have in common: see move.h. */
#include "daemon/commands/ticket/move.h"

#include "daemon/commands/ticket/ticket_access.h"

enum err move_finish(struct call *c, struct work *w, const struct said *said,
                     int n)
{
    enum err err = OK;
    for (int i = 0; err == OK && i < n; i++) {
        int64_t id = 0;
        err = work_text(c, said[i].param, said[i].purpose, &id);
    }
    if (err == OK) {
        err = work_step(c, w);
    }
    if (err == OK) {
        c->result = work_result(c, w);
    }
    return err;
}

enum err move_dispatcher(struct call *c, struct work *w, enum event_type type,
                         bool supervisor)
{
    enum err err = work_begin(c, w);
    if (err == OK) {
        err = ticket_dispatcher(c, w, supervisor);
    }
    if (err == OK) {
        w->event.type = type;
    }
    return err;
}

enum err move_enterprise(struct call *c, struct work *w, enum event_type type,
                         bool guide)
{
    enum err err = work_begin(c, w);
    if (err == OK) {
        err = ticket_enterprise(c, w, guide);
    }
    if (err == OK) {
        w->event.type = type;
    }
    return err;
}

enum err move_unit(struct call *c, struct work *w, enum event_type type)
{
    enum err err = work_begin(c, w);
    if (err == OK) {
        err = ticket_unit(c, w);
    }
    if (err == OK) {
        w->event.type = type;
    }
    return err;
}
