/* Who may attach what, and who reads it: see attachments.h. */
#include "daemon/commands/ticket/attachments.h"

#include <stdio.h>

#include "daemon/commands/access.h"
#include "daemon/commands/names.h"
#include "daemon/commands/result.h"
#include "daemon/store/registry.h"

/* -- adding ------------------------------------------------------------------
 */

/* Who of those that have to do with a ticket may attach for a purpose. */
enum party {
    PARTY_ASKS = 1, /* enterprise, guide */
    PARTY_UNIT = 2,
    PARTY_DISPATCHER = 4,
    PARTY_SUPERVISOR = 8
};

static const unsigned parties[ATTACHMENT_PURPOSE_COUNT] = {
    [ATTACHMENT_REQUEST] = PARTY_ASKS | PARTY_DISPATCHER,
    [ATTACHMENT_SUPPLEMENT] = PARTY_ASKS | PARTY_DISPATCHER,
    [ATTACHMENT_EVIDENCE] = PARTY_UNIT | PARTY_DISPATCHER | PARTY_SUPERVISOR,
    [ATTACHMENT_ANSWER] = PARTY_UNIT | PARTY_DISPATCHER,
    [ATTACHMENT_INTERNAL] = PARTY_UNIT | PARTY_DISPATCHER | PARTY_SUPERVISOR,
};

static enum err parties_of(struct call *c, const struct work *w, unsigned *ret)
{
    const struct actor *a = &c->actor;
    const struct ticket *t = &w->row.ticket;
    bool asks = false;
    enum err err = ticket_for_enterprise(c, t, &asks);
    *ret = asks ? PARTY_ASKS : 0;
    if (ticket_works_on(a, t)) {
        *ret |= PARTY_UNIT;
    }
    if (access_post(a, ROLE_BIT(ROLE_DISPATCHER), t->dispatcher)) {
        *ret |= PARTY_DISPATCHER;
    }
    if ((a->roles & ROLE_BIT(ROLE_SUPERVISOR)) != 0) {
        *ret |= PARTY_SUPERVISOR;
    }
    return err;
}

enum err attachment_may_add(struct call *c, const struct work *w,
                            enum attachment_purpose purpose)
{
    unsigned is = 0;
    enum err err = ticket_seen(c, w);
    if (err == OK) {
        err = parties_of(c, w, &is);
    }
    if (err != OK) {
        return err;
    }
    if ((is & parties[purpose]) == 0) {
        return refuse(c, ERR_FORBIDDEN, "purpose",
                      "request or supplement of the enterprise and its guide, "
                      "evidence, answer or internal of the offices at work",
                      attachment_purpose_name(purpose));
    }
    bool resolved = w->row.ticket.state == TICKET_RESOLVED;
    return resolved && purpose != ATTACHMENT_EVIDENCE
               ? refuse(c, ERR_BAD_STATE, "purpose",
                        "evidence; the ticket is resolved",
                        attachment_purpose_name(purpose))
               : OK;
}

/* -- reading -----------------------------------------------------------------
 */

bool attachment_shown(const struct view *view, enum attachment_purpose purpose)
{
    switch (purpose) {
    case ATTACHMENT_REQUEST:
    case ATTACHMENT_SUPPLEMENT:
        return view->party;
    case ATTACHMENT_EVIDENCE:
    case ATTACHMENT_ANSWER:
        return true;
    case ATTACHMENT_INTERNAL:
    case ATTACHMENT_PURPOSE_COUNT:
        break;
    }
    return view->internal;
}

/* Columns of STMT_ATTACHMENTS. */
static struct attachment row_of(const struct rows *r)
{
    struct attachment a = {
        .n = rows_int(r, 0),
        .type = (enum file_type)rows_enum(r, 2, FILE_TYPE_COUNT),
        .size = rows_int(r, 3),
        .purpose =
            (enum attachment_purpose)rows_enum(r, 4, ATTACHMENT_PURPOSE_COUNT),
        .person = rows_int(r, 5),
        .at = rows_int(r, 6),
        .seq = rows_int(r, 8)};
    snprintf(a.name, sizeof a.name, "%s", rows_text(r, 1));
    snprintf(a.sha256, sizeof a.sha256, "%s", rows_text(r, 7));
    return a;
}

enum err attachment_find(struct call *c, ticket_id ticket,
                         const struct view *view, int64_t n,
                         struct attachment *ret)
{
    struct cell binds[] = {cell_int("", ticket), cell_int("", n)};
    struct rows rows;
    enum err err = rows_begin(c->store, STMT_ATTACHMENTS, binds, 2, &rows);
    if (err != OK) {
        return err;
    }
    bool found = rows_next(&rows);
    if (found) {
        *ret = row_of(&rows);
        found = attachment_shown(view, ret->purpose);
    }
    err = rows_end(&rows);
    return err == OK && !found ? refuse(c, ERR_NOT_FOUND, "n", "", "") : err;
}

static enum err write_row(struct call *c, ticket_id ticket,
                          const struct view *view, json_t *table,
                          const struct attachment *a)
{
    struct entry person = {.id = 0};
    enum err err =
        a->person == 0 ? OK : registry_by_id(c->store, a->person, &person);
    if (err == OK) {
        err = name_shown(c, ticket, view->internal, person.id, person.name);
    }
    json_t *row = table_row(table);
    row_int(row, a->n);
    row_text(row, a->name[0] == '\0' ? NULL : a->name);
    row_text(row, file_type_name(a->type));
    row_int(row, a->size);
    row_text(row, attachment_purpose_name(a->purpose));
    row_text(row, person.id == 0 ? "operator" : person.name);
    row_instant(row, a->at);
    row_text(row, a->sha256);
    row_int(row, a->seq);
    return err;
}

enum err attachments_table(struct call *c, ticket_id ticket,
                           const struct view *view, json_t **ret)
{
    struct cell binds[] = {cell_int("", ticket), cell_int("", 0)};
    struct rows rows;
    enum err err = rows_begin(c->store, STMT_ATTACHMENTS, binds, 2, &rows);
    if (err != OK) {
        return err;
    }
    *ret = table_new("n name type size purpose who at sha256 seq");
    while (err == OK && rows_next(&rows)) {
        struct attachment a = row_of(&rows);
        if (attachment_shown(view, a.purpose)) {
            err = write_row(c, ticket, view, *ret, &a);
        }
    }
    enum err end = rows_end(&rows);
    return err == OK ? end : err;
}
