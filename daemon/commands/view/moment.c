/* From journal records to moments: see moment.h. */
#include "daemon/commands/view/moment.h"

#include <stdio.h>
#include <string.h>

#include "core/attachment.h"

static int64_t member(json_t *row, const char *name, int64_t none)
{
    json_t *value = json_object_get(row, name);
    return json_is_integer(value) ? json_integer_value(value) : none;
}

/* -- effects -----------------------------------------------------------------
 */

static void take_text(struct moment *m, json_t *row)
{
    if (m->n_texts < MOMENT_TEXTS) {
        m->texts[m->n_texts++] = (struct moment_text){
            .id = member(row, "id", 0),
            .purpose = (enum text_purpose)member(row, "purpose", TEXT_TITLE)};
    }
}

/* A row that says its unit is a new one: a dispatch made goes before those that
 * it ends. `several` counts the others. */
static void take_dispatch(struct moment *m, json_t *row, int *others,
                          bool *made)
{
    int64_t n = member(row, "n", 0);
    m->state = member(row, "state", m->state);
    m->handler = member(row, "handler", m->handler);
    m->extended = m->extended || member(row, "extensions", 0) > 0;
    if (json_object_get(row, "unit") != NULL) {
        m->dispatch = n;
        *made = true;
    } else if (!*made) {
        m->dispatch = ++*others == 1 ? n : 0;
    }
}

static void take_clock(struct moment *m, json_t *row)
{
    int64_t kind = member(row, "kind", -1);
    int64_t due = member(row, "due_at", INSTANT_NONE);
    if (kind >= 0 && kind < CLOCK_KIND_COUNT && m->dues[kind] == INSTANT_NONE) {
        m->dues[kind] = due;
    }
}

static void take_effects(struct moment *m, json_t *put)
{
    size_t i;
    json_t *effect;
    int others = 0;
    bool made = false;
    json_array_foreach(put, i, effect)
    {
        const char *table = json_string_value(json_array_get(effect, 0));
        json_t *row = json_array_get(effect, 1);
        if (table == NULL) {
            continue;
        }
        if (strcmp(table, "text") == 0) {
            take_text(m, row);
        } else if (strcmp(table, "dispatch") == 0) {
            take_dispatch(m, row, &others, &made);
        } else if (strcmp(table, "clock") == 0) {
            take_clock(m, row);
        } else if (strcmp(table, "meeting_item") == 0) {
            m->decision = member(row, "decision", m->decision);
        } else if (strcmp(table, "attachment") == 0) {
            m->attached = member(row, "purpose", m->attached);
        } else if (strcmp(table, "ticket") == 0) {
            m->ticket_state = member(row, "state", m->ticket_state);
            m->score = member(row, "score", 0);
        }
    }
}

/* -- the chain ---------------------------------------------------------------
 */

static enum err read_moment(const char *text, json_t **record,
                            struct moment *ret)
{
    json_t *r = json_loads(text, 0, NULL);
    *record = r;
    *ret = (struct moment){
        .ticket = member(r, "ticket", 0),
        .seq = member(r, "seq", 0),
        .at = member(r, "at", INSTANT_NONE),
        .method = json_string_value(json_object_get(r, "method")),
        .by = json_string_value(json_object_get(r, "by")),
        .state = -1,
        .ticket_state = -1,
        .attached = -1,
        .decision = -1,
    };
    for (int i = 0; i < CLOCK_KIND_COUNT; i++) {
        ret->dues[i] = INSTANT_NONE;
    }
    if (ret->method == NULL || ret->by == NULL) {
        return ERR_CORRUPT;
    }
    take_effects(ret, json_object_get(r, "put"));
    return OK;
}

static enum err visit_one(struct call *c, int64_t *seq,
                          enum err (*visit)(const struct moment *, void *),
                          void *user)
{
    struct cell bind = cell_int("", *seq);
    struct rows rows;
    enum err err = rows_begin(c->store, STMT_JOURNAL_AT, &bind, 1, &rows);
    if (err != OK) {
        return err;
    }
    *seq = 0;
    if (rows_next(&rows)) {
        struct moment m;
        json_t *record = NULL;
        *seq = rows_int(&rows, 0);
        err = read_moment(rows_text(&rows, 1), &record, &m);
        if (err == OK) {
            err = visit(&m, user);
        }
        json_decref(record);
    }
    enum err end = rows_end(&rows);
    return err == OK ? end : err;
}

enum err moments(struct call *c, int64_t seq,
                 enum err (*visit)(const struct moment *m, void *user),
                 void *user)
{
    enum err err = OK;
    for (int i = 0; err == OK && seq != 0 && i < MOMENTS_MAX; i++) {
        err = visit_one(c, &seq, visit, user);
    }
    return err;
}

/* -- words -------------------------------------------------------------------
 */

/* Methods whose word is another than what follows their dot. */
static const struct {
    const char *method;
    enum event_type event;
} renamed[] = {
    {"ticket.return", EV_RETURN_ASK},
    {"ticket.require", EV_SUPPLEMENT_ASK},
    {"ticket.supplement", EV_SUPPLEMENT_GIVE},
    {"ticket.extend", EV_EXTEND_ASK},
    {"ticket.reply", EV_SUPERVISE_REPLY},
    {"ticket.appeal_score", EV_SCORE_APPEAL},
    {"meeting.add", EV_MEET},
    {"enterprise.move", EV_HAND},
    {"person.handover", EV_ASSIGN},
};

static bool method_is(const struct moment *m, const char *method)
{
    return strcmp(m->method, method) == 0;
}

static bool prefixed(const struct moment *m, const char *prefix)
{
    return strncmp(m->method, prefix, strlen(prefix)) == 0;
}

/* A decision's outcome is in its effects. */
static const char *decided(const struct moment *m)
{
    static const struct {
        const char *method;
        enum event_type yes;
        enum event_type no;
    } decisions[] = {
        {"ticket.decide", EV_RETURN_GRANT, EV_RETURN_REFUSE},
        {"ticket.decide_extension", EV_EXTEND_GRANT, EV_EXTEND_REFUSE},
        {"ticket.decide_appeal", EV_APPEAL_GRANT, EV_APPEAL_REFUSE},
        {"ticket.decide_score", EV_SCORE_GRANT, EV_SCORE_REFUSE},
        {"ticket.review", EV_REVIEW_PASS, EV_REVIEW_FAIL},
    };
    const bool yes[] = {m->state == DISPATCH_RETURNED, m->extended,
                        m->ticket_state == TICKET_FILED,
                        m->ticket_state == TICKET_RESOLVED,
                        m->ticket_state == TICKET_RESOLVED};
    for (size_t i = 0; i < sizeof decisions / sizeof decisions[0]; i++) {
        if (method_is(m, decisions[i].method)) {
            return event_name(yes[i] ? decisions[i].yes : decisions[i].no);
        }
    }
    bool meets = method_is(m, "meeting.decide") && m->decision >= 0 &&
                 m->decision < EV_COUNT;
    return meets ? event_name((enum event_type)m->decision) : NULL;
}

const char *moment_word(const struct moment *m)
{
    const char *word = m->attached >= 0 ? "attachment" : decided(m);
    for (size_t i = 0; word == NULL && i < sizeof renamed / sizeof renamed[0];
         i++) {
        if (method_is(m, renamed[i].method)) {
            word = event_name(renamed[i].event);
        }
    }
    bool plain = prefixed(m, "ticket.") || prefixed(m, "clock.");
    if (word == NULL && plain) {
        word = strchr(m->method, '.') + 1;
    }
    return word == NULL ? m->method : word;
}

bool moment_is(const struct moment *m, enum event_type type)
{
    return strcmp(moment_word(m), event_name(type)) == 0;
}

/* -- texts -------------------------------------------------------------------
 */

/* Reasons that offices give each other. */
static bool between_offices(const struct moment *m)
{
    static const char *const methods[] = {
        "ticket.return",       "ticket.decide",
        "ticket.transfer",     "ticket.extend",
        "ticket.recall",       "ticket.appeal_score",
        "ticket.decide_score", "ticket.correct",
        "ticket.review",       "ticket.decide_extension",
        "meeting.add",         "meeting.decide",
        "text.redact"};
    for (size_t i = 0; i < sizeof methods / sizeof methods[0]; i++) {
        if (method_is(m, methods[i])) {
            return true;
        }
    }
    return false;
}

/* As daemon/commands/ticket/attachments.h says. */
static enum audience file_audience(const struct moment *m)
{
    switch (m->attached) {
    case ATTACHMENT_REQUEST:
    case ATTACHMENT_SUPPLEMENT:
        return AUDIENCE_PARTY;
    case ATTACHMENT_EVIDENCE:
    case ATTACHMENT_ANSWER:
        return AUDIENCE_ALL;
    default:
        return AUDIENCE_OFFICIALS;
    }
}

enum audience moment_audience(const struct moment *m, enum text_purpose purpose)
{
    switch (purpose) {
    case TEXT_INTERNAL:
    case TEXT_NOTE:
    case TEXT_PLAN:
    case TEXT_MEETING:
        return AUDIENCE_OFFICIALS;
    case TEXT_REASON:
        return between_offices(m) ? AUDIENCE_OFFICIALS : AUDIENCE_ALL;
    case TEXT_COMMENT:
        return AUDIENCE_RATERS;
    case TEXT_FILE:
        return file_audience(m);
    case TEXT_BODY:
    case TEXT_MEASURE:
    case TEXT_PUBLIC:
        return AUDIENCE_ALL;
    case TEXT_TITLE:
    case TEXT_NAME:
    case TEXT_PHONE:
    case TEXT_PURPOSE_COUNT:
        break;
    }
    return AUDIENCE_NONE;
}

enum err moment_body(struct call *c, int64_t id, json_t **ret)
{
    struct cell bind = cell_int("", id);
    struct rows rows;
    enum err err = rows_begin(c->store, STMT_TEXT_BODY, &bind, 1, &rows);
    if (err != OK) {
        return err;
    }
    *ret = rows_next(&rows) && !rows_null(&rows, 0)
               ? json_string(rows_text(&rows, 0))
               : NULL;
    return rows_end(&rows);
}

/* -- who ---------------------------------------------------------------------
 */

enum err moment_acting(struct call *c, const struct moment *m,
                       struct acting *ret)
{
    const struct command *command = command_find(m->method);
    *ret = (struct acting){.role = ROLE_COUNT};
    if (command == NULL || strcmp(m->by, "clock") == 0 ||
        strcmp(m->by, "operator") == 0) {
        return OK;
    }
    struct cell binds[] = {cell_text("", m->by), cell_int("", m->ticket),
                           cell_int("", command->roles), cell_int("", m->seq),
                           cell_int("", m->at)};
    struct rows rows;
    enum err err = rows_begin(c->store, STMT_ACTING_UNIT, binds, 5, &rows);
    if (err != OK) {
        return err;
    }
    if (rows_next(&rows)) {
        snprintf(ret->unit, sizeof ret->unit, "%s", rows_text(&rows, 0));
        ret->role = (enum role)rows_enum(&rows, 1, ROLE_COUNT);
        snprintf(ret->away, sizeof ret->away, "%s", rows_text(&rows, 2));
    }
    return rows_end(&rows);
}
