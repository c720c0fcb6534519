/* What handlers answer with: an object whose tables are {"columns", "rows"}
 * (docs/protocol.md). Nothing here fails: jansson's allocator latches, and a
 * reply made while it ran out of memory is refused as a whole. */
#ifndef BIHUAN_DAEMON_COMMANDS_RESULT_H
#define BIHUAN_DAEMON_COMMANDS_RESULT_H

#include <jansson.h>
#include <stdint.h>

#include "core/instant.h"
#include "core/ticket.h"
#include "proto/command.h"

/* RFC 3339 at +08:00; null for INSTANT_NONE. */
json_t *result_instant(instant at);
/* Days from now until then, one that has begun counted: 0 once it is past; null
 * of INSTANT_NONE. */
json_t *result_days_left(instant then, instant now);
/* YYYYMMDD-NNN. */
json_t *result_number(ticket_id id);
/* The text, or null if it is NULL or empty. */
json_t *result_text(const char *text);
/* The names of the roles whose ROLE_BIT()s are set. */
json_t *result_roles(uint32_t roles);

/* An empty table with these columns ("code name from", blank between). */
json_t *table_new(const char *columns);
/* Adds a row and returns it (borrowed) to be filled in the columns' order. */
json_t *table_row(json_t *table);
void row_int(json_t *row, int64_t number);
void row_text(json_t *row, const char *text);
void row_instant(json_t *row, instant at);
void row_number(json_t *row, ticket_id id);
/* The table's rows (borrowed). */
json_t *table_rows(json_t *table);

#endif
