/* What a move of one ticket means to others: the last part of a split ends, and
 * its whole is to be resolved; a whole is evaluated, and its parts are to have
 * its score; what was merged is told. Nothing moves here: follow.h does that.
 */
#ifndef BIHUAN_DAEMON_COMMANDS_TICKET_PARTS_H
#define BIHUAN_DAEMON_COMMANDS_TICKET_PARTS_H

#include "daemon/commands/ticket/apply.h"

/* What the move that w has just made asks for; *ret is left alone when it is
 * nothing. */
void parts_note(const struct work *w, struct follow *ret);

/* Tells the enterprises of what was merged into a ticket that it is resolved,
 * each on the number of their own ticket. */
enum err parts_tell_merged(const struct work *w, int64_t seq);

#endif
