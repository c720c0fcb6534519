/* The moves that a move of one ticket brings about on others: the whole of
 * parts that have all ended is resolved, the parts of a whole have its score.
 * Each is a record of its own, in the same transaction, once the record of the
 * move is closed. No clock ends a part or evaluates a whole: what a clock does
 * by itself, silence and archiving, comes after the resolve. */
#ifndef BIHUAN_DAEMON_COMMANDS_TICKET_FOLLOW_H
#define BIHUAN_DAEMON_COMMANDS_TICKET_FOLLOW_H

#include "daemon/commands/ticket/apply.h"

/* Does what `follow` asks for. `like` is the record of the move: its time, who
 * made it and whether it was imported. *ret_seq is the last record made,
 * untouched if there is none. */
enum err follow_moves(struct store *s, const struct rulebook *book,
                      const struct follow *follow, const struct record *like,
                      int64_t *ret_seq);

#endif
