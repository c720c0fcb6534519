/* Names of people as they are told: in full where they are needed, else by
 * their first character. */
#ifndef BIHUAN_DAEMON_COMMANDS_NAMES_H
#define BIHUAN_DAEMON_COMMANDS_NAMES_H

#include "daemon/commands/call.h"

enum {
    MASK_SIZE = 64
};

/* The first character stays: 张**. Returns out, or "" for no name. */
const char *mask_name(const char *name, char out[MASK_SIZE]);
/* 138****4321; a short one is hidden whole. */
const char *mask_phone(const char *phone, char out[MASK_SIZE]);

/* A person's name as it stands on a ticket, masked in place unless it is for
 * officials (`all`). Its enterprise knows officials by their units, but for
 * guides, those whose name the ticket carries and those it is assigned to, and
 * its own people. `person` 0: somebody. */
enum err name_shown(struct call *c, ticket_id ticket, bool all,
                    register_id person, char name[NAME_SIZE]);

#endif
