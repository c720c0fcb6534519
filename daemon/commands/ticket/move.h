/* What the handlers of moves have in common: find, may they (ticket_access.h),
 * texts, step, answer. */
#ifndef BIHUAN_DAEMON_COMMANDS_TICKET_MOVE_H
#define BIHUAN_DAEMON_COMMANDS_TICKET_MOVE_H

#include "daemon/commands/ticket/apply.h"

/* A parameter that is kept as a text, and what it then is: the purpose decides
 * who reads it (moment.h). */
struct said {
    const char *param;
    enum text_purpose purpose;
};

/* Keeps the texts, steps, answers. */
enum err move_finish(struct call *c, struct work *w, const struct said *said,
                     int n);

/* The ticket of the command, for its dispatcher (with `supervisor` for those
 * too), its event of that type. */
enum err move_dispatcher(struct call *c, struct work *w, enum event_type type,
                         bool supervisor);
/* For a contact of its enterprise, with `guide` for the guides too. */
enum err move_enterprise(struct call *c, struct work *w, enum event_type type,
                         bool guide);
/* For who works on it; ev->dispatch is that of their unit. */
enum err move_unit(struct call *c, struct work *w, enum event_type type);

#endif
