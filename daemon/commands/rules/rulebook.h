/* The regulations and calendars in force, decoded once and shared by all
 * threads read-only; replaced whole (under its own lock, reference-counted)
 * when calendar.import or regulation.add commits. */
#ifndef BIHUAN_DAEMON_COMMANDS_RULES_RULEBOOK_H
#define BIHUAN_DAEMON_COMMANDS_RULES_RULEBOOK_H

#include "core/calendar.h"
#include "core/regulation.h"
#include "daemon/store/store.h"

struct rulebook;
struct notice; /* proto/calendar_json.h */

/* Decodes every regulation version and calendar of the store. */
enum err rulebook_load(struct store *s, struct rulebook **ret,
                       struct problem *p);
/* The same with the calendars as they were before the record `seq`. */
enum err rulebook_load_before(struct store *s, int64_t seq,
                              struct rulebook **ret, struct problem *p);
/* The same, kept with `b` for the strides to come: only for the writer, which
 * asks for one at a time. */
enum err rulebook_before(struct rulebook *b, struct store *s, int64_t seq,
                         struct rulebook **ret, struct problem *p);
/* The same as it will be once that notice of the nation's is imported. */
enum err rulebook_load_with(struct store *s, const struct notice *notice,
                            struct rulebook **ret, struct problem *p);
struct rulebook *rulebook_ref(struct rulebook *b);
void rulebook_free(struct rulebook *b); /* drops one reference */
/* The version with that number, or the one in force at an instant (NULL if
 * none); the calendar of a dispatching unit (national plus its extra days). */
const struct regulation *rulebook_regulation(const struct rulebook *b,
                                             int64_t version);
const struct regulation *rulebook_in_force(const struct rulebook *b,
                                           instant at);
const struct calendar *rulebook_calendar(const struct rulebook *b,
                                         register_id dispatcher);

#endif
