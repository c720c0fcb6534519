/* The one way in which a ticket moves:
 *
 *   work_load -> (access, texts) -> work_step -> ticket_save -> notices
 *
 * A struct work lives on the handler's stack; it is large (about 40 KiB). */
#ifndef BIHUAN_DAEMON_COMMANDS_TICKET_APPLY_H
#define BIHUAN_DAEMON_COMMANDS_TICKET_APPLY_H

#include "daemon/commands/call.h"

enum {
    ALSO_MAX = 32
};

struct work {
    struct store *store;
    struct rules rules;
    struct ticket_row row; /* as loaded */
    struct ticket_row after;
    struct outcome outcome; /* of the last step */
    struct event event;
    struct follow follow; /* what it asks for on other tickets: parts.h */
    int n_also;           /* people and units told beside the outcome's */
    register_id also[ALSO_MAX];
};

/* Loads a ticket with its pinned regulation and its dispatcher's calendar.
 * NOT_FOUND. The event is zeroed. */
enum err work_load(struct store *s, const struct rulebook *book, ticket_id id,
                   struct work *ret);

/* Which ticket a parameter names, by number or reference: it need not be there,
 * nor be seen. */
enum err ticket_given(struct call *c, const char *param, ticket_id *ret);

/* The ticket that the command names (its `ticket`), loaded; its event has the
 * call's time. NOT_FOUND "ticket"; FORBIDDEN for a live one in an import. The
 * journal record is told which ticket it is about. */
enum err work_begin(struct call *c, struct work *ret);

/* Steps, saves and tells; explains a refusal in c->problem. */
enum err work_step(struct call *c, struct work *w);

/* The same for what the clock does, without a call. */
enum err work_fire(struct work *w, int64_t seq);

/* A text of the command's parameter, if it is given, noted in the record. */
enum err work_text(struct call *c, const char *param, enum text_purpose purpose,
                   int64_t *ret_id);

/* {number, state, light, dispatch?, due?}: the answer to every move. `due` is
 * that of the moved dispatch, else of what the ticket waits for. */
json_t *work_result(const struct call *c, const struct work *w);

/* The clock that a ticket's present state waits for, of those that run (its
 * lead's finish clock, rework, triage, review, evaluate, ...), or NULL. */
const struct clock *work_main_clock(const struct ticket *t);

/* A held ticket does by itself only what moves it; nobody is urged about the
 * past. Called before it is saved. */
void work_hold(struct ticket *t);

/* -- notify.c ----------------------------------------------------------------
 */
/* Writes the notices of the outcome: `before` says who was at work. */
enum err notify_outcome(const struct work *w, int64_t seq);

/* One notice of the event of `w`, on the number of `ticket`, to a unit or
 * person. */
enum err notify_one(const struct work *w, ticket_id ticket, register_id target,
                    int64_t seq);

#endif
