/* What waits for a person: see daemon/store/duty.h for what counts. */
#ifndef BIHUAN_DAEMON_COMMANDS_DUTIES_H
#define BIHUAN_DAEMON_COMMANDS_DUTIES_H

#include "daemon/store/store.h"

struct duty_counts {
    int64_t todo;    /* all, */
    int64_t soon;    /* of them yellow, */
    int64_t overdue; /* of them red */
};
/* Their own and those of whom they act for, at an instant. */
enum err duties_count(struct store *s, register_id person, instant at,
                      struct duty_counts *ret);

#endif
