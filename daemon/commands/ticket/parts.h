/* What a move of one ticket brings about on others: the last part of a split
 * ends, and its whole is resolved; a whole is evaluated, and its parts have its
 * score. Each is a record of its own, in the same transaction, once the record
 * of the move is closed. No clock ends a part or evaluates a whole: what a
 * clock does by itself, silence and archiving, comes after the resolve. */
#ifndef BIHUAN_DAEMON_COMMANDS_TICKET_PARTS_H
#define BIHUAN_DAEMON_COMMANDS_TICKET_PARTS_H

#include "daemon/commands/ticket/apply.h"

/* What the move that w has just made asks for; *ret is left alone when it is
 * nothing. */
void parts_note(const struct work *w, struct follow *ret);

/* Does what `follow` asks for. `like` is the record of the move: its time, who
 * made it and whether it was imported. *ret_seq is the last record made,
 * untouched if there is none. */
enum err parts_follow(struct store *s, const struct rulebook *book,
                      const struct follow *follow, const struct record *like,
                      int64_t *ret_seq);

/* Tells the enterprises of what was merged into a ticket that it is resolved,
 * each on the number of their own ticket. */
enum err parts_tell_merged(const struct work *w, int64_t seq);

#endif
