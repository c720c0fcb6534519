/* Calendar days and regulations as rows: what seeding a store shares with
 * calendar.import and regulation.add. Errors are the store's. */
#ifndef BIHUAN_DAEMON_COMMANDS_RULES_RULE_ROWS_H
#define BIHUAN_DAEMON_COMMANDS_RULES_RULE_ROWS_H

#include "daemon/commands/call.h"

/* Whose day, by which notice (year, 0: own), in the record `seq`. */
struct day_source {
    register_id organisation;
    int notice;
    int64_t seq;
};
enum err calendar_put_day(struct store *s, const struct day_source *source,
                          const struct special_day *day);
/* A version of the calendar: this year is published by this paper. */
enum err calendar_put_year(struct store *s, const struct day_source *source,
                           int year, const char *paper);

enum err regulation_put(struct store *s, int64_t version, instant effective,
                        const char *body, int64_t seq);

#endif
