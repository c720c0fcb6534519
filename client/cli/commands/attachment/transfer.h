/* What sending a file to the server and fetching one have in common. */
#ifndef BIHUAN_CLIENT_CLI_COMMANDS_ATTACHMENT_TRANSFER_H
#define BIHUAN_CLIENT_CLI_COMMANDS_ATTACHMENT_TRANSFER_H

#include "client/cli/commands/local.h"

struct transfer {
    const struct run_context *context;
    struct bihuan *b;
    bool terminal; /* progress is told */
    enum exit_status status;
};

void transfer_progress(const struct transfer *t, int64_t done, int64_t size);
void transfer_end_progress(const struct transfer *t);

/* Tells what was found here. */
enum exit_status transfer_refused(const struct problem *p);

/* One call; its result, or NULL: told, and t->status set. Takes `params`. `key`
 * may be NULL. */
json_t *transfer_ask(struct transfer *t, const char *method, json_t *params,
                     const char *key);

/* A member of a result: "" or 0 if it is not there. */
const char *transfer_text(json_t *result, const char *name);
int64_t transfer_number(json_t *result, const char *name);

#endif
