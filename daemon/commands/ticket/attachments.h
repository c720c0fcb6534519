/* Attachments of tickets: who may attach what, and who reads it.
 *
 *   purpose     attached by                      read by
 *   request     enterprise, guide, dispatcher    who sees the ticket; of a
 *   supplement  the same                         confidential one no unit: what
 *                                                an enterprise shows names it
 *   evidence    units, dispatcher, supervisor    who sees the ticket
 *   answer      units, dispatcher                who sees the ticket
 *   internal    units, dispatcher, supervisor    officials who see it
 *
 * A unit may while it has a dispatch at work, or was the lead that resolved.
 * Any state but the final ones; once resolved only evidence. What one may not
 * read is answered as what does not exist. A dispatcher hands on to the units
 * of a confidential ticket what they need, as evidence or internal. */
#ifndef BIHUAN_DAEMON_COMMANDS_TICKET_ATTACHMENTS_H
#define BIHUAN_DAEMON_COMMANDS_TICKET_ATTACHMENTS_H

#include "core/attachment.h"
#include "daemon/commands/ticket/apply.h"
#include "daemon/commands/ticket/ticket_access.h"
#include "daemon/store/files.h"
#include "proto/filetype.h"

/* May the actor, who sees the ticket or not, attach this to it? NOT_FOUND,
 * FORBIDDEN, BAD_STATE. */
enum err attachment_may_add(struct call *c, const struct work *w,
                            enum attachment_purpose purpose);

/* Does a reader of this view see what was attached for that purpose? */
bool attachment_shown(const struct view *view, enum attachment_purpose purpose);

/* One of a ticket that the reader sees. */
struct attachment {
    int64_t n;
    char name[FILE_NAME_BYTES_MAX + 1]; /* or what redaction left */
    enum file_type type;
    int64_t size;
    enum attachment_purpose purpose;
    register_id person;
    instant at;
    char sha256[SHA256_SIZE];
    int64_t seq;
};
/* The one numbered `n`. NOT_FOUND "n", also when it is not for the reader. */
enum err attachment_find(struct call *c, ticket_id ticket,
                         const struct view *view, int64_t n,
                         struct attachment *ret);

/* The table {n, name, type, size, purpose, who, at, sha256, seq} of what the
 * reader sees. New reference. */
enum err attachments_table(struct call *c, ticket_id ticket,
                           const struct view *view, json_t **ret);

#endif
