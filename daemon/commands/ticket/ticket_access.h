/* May this actor make this move: the relations of access.h asked of a loaded
 * ticket. What the actor may not see is NOT_FOUND, as a missing ticket is; what
 * they see and yet may not move is FORBIDDEN. */
#ifndef BIHUAN_DAEMON_COMMANDS_TICKET_TICKET_ACCESS_H
#define BIHUAN_DAEMON_COMMANDS_TICKET_TICKET_ACCESS_H

#include "daemon/commands/ticket/apply.h"

/* The ticket of a parameter, by number or reference; NOT_FOUND of that
 * parameter if there is none or the actor does not see it. */
enum err ticket_named(struct call *c, const char *param, ticket_id *ret);

/* What a ticket complains of lives on in whoever took it over: FORBIDDEN to
 * send it there (core knows the unit itself only). History is taken as it was.
 */
enum err ticket_not_to_heir(struct call *c, const struct work *w);

/* Head or handler of a unit at work: sets w->event.dispatch, to the parameter's
 * or to one's own unit's open dispatch. BAD_STATE if it has none any more. */
enum err ticket_unit(struct call *c, struct work *w);

/* The same for the head of a unit only; FORBIDDEN for its handlers. */
enum err ticket_head(struct call *c, struct work *w);

/* Is the actor head or handler of a unit that has a dispatch at work, or led
 * the round that was resolved? */
bool ticket_works_on(const struct actor *a, const struct ticket *t);

/* Dispatcher of the ticket; with `supervisor` those too. */
enum err ticket_dispatcher(struct call *c, const struct work *w,
                           bool supervisor);

/* Contact of the ticket's enterprise; with `guide` its guides too. */
enum err ticket_enterprise(struct call *c, const struct work *w, bool guide);

/* Anyone who sees it. */
enum err ticket_seen(struct call *c, const struct work *w);

/* Who may write on its record: units at work on it, its dispatcher, guides of
 * its enterprise, supervisors. */
enum err ticket_noter(struct call *c, const struct work *w);

/* Who may urge: its enterprise, their guides, its dispatcher, supervisors, and
 * leaders whose name it carries or whose unit works on it. */
enum err ticket_urger(struct call *c, const struct work *w);

/* Who may order an account: supervisors, and such leaders. */
enum err ticket_overseer(struct call *c, const struct work *w);

/* Who may decide an appeal: a supervisor, or a dispatcher of a general office
 * that does not dispatch the ticket itself. */
enum err ticket_judge(struct call *c, const struct work *w);

/* Speaks the actor for the ticket's enterprise: its contact or guide? */
enum err ticket_for_enterprise(struct call *c, const struct ticket *t,
                               bool *ret);

/* How much of a ticket an actor reads who sees it (design section 8). */
struct view {
    bool internal; /* what is said between offices: all but the enterprise */
    bool ratings;  /* scores, comments and who gave them: no handling unit */
    bool party;    /* which enterprise it is, and who speaks for it: of a
                      confidential ticket not who sees it by a unit only */
};
enum err ticket_view(struct call *c, const struct ticket *t, struct view *ret);

#endif
