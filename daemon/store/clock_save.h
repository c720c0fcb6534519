/* Saving the clocks of a ticket: a clock's row is one version of it. What is
 * promised (due, budget, lights) and whether it runs or is paused never change
 * in a row, so that every past instant can be looked at again. A change that
 * does not fit its row ends the version and starts the next. */
#ifndef BIHUAN_STORE_CLOCK_SAVE_H
#define BIHUAN_STORE_CLOCK_SAVE_H

#include "daemon/store/store.h"

/* Inside ticket_save(), with its arguments; writes after->versions. */
enum err clocks_save(struct store *s, const struct ticket_row *before,
                     struct ticket_row *after, instant at);

#endif
