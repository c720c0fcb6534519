/* Settling and closing an import, a stride of tickets at a time: a million
 * tickets in one transaction would outgrow the log and the memory, and keep
 * everybody waiting. A client asks again until the answer says done.
 *
 *   first close -> no more history is taken -> what is due fires (strides)
 *               -> tickets are released by number (strides) -> done */
#include <assert.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>

#include "core/clock.h"
#include "daemon/commands/result.h"
#include "daemon/commands/ticket/apply.h"
#include "daemon/commands/ticket/deadlines.h"

static_assert(TICKET_IMPORTED == 8 && TICKET_ARCHIVED == 5 &&
                  TICKET_WITHDRAWN == 7 && TICKET_MERGED == 8,
              "as in STMT_HELD_TICKETS");

enum {
    SETTLE_TICKETS = 500,
    RELEASE_TICKETS = 2000
};

/* -- settling ----------------------------------------------------------------
 */

static enum err settle(struct call *c, int *ret_fired, bool *ret_more)
{
    struct fire f = {.now = c->recorded,
                     .until = c->recorded,
                     .held = true,
                     .importer = c->actor.account};
    return deadlines_sweep(c->store, c->book, &f, SETTLE_TICKETS, ret_fired,
                           ret_more);
}

enum err cmd_import_settle(struct call *c)
{
    int fired = 0;
    bool more = false;
    enum err err = settle(c, &fired, &more);
    if (err != OK) {
        return err;
    }
    c->seq = fired > 0 ? store_head(c->store) : 0;
    c->result = json_object();
    json_object_set_new(c->result, "done", json_boolean(!more));
    json_object_set_new(c->result, "fired", json_integer(fired));
    return OK;
}

/* -- how far the closing has come --------------------------------------------
 */

struct closing {
    ticket_id last;   /* all up to it are released, INT64_MAX: every one is */
    int64_t released; /* how many that were */
};

static const char closing_name[] = "import_closing";

/* NOT_FOUND: it has not begun. */
static enum err closing_get(struct call *c, struct closing *ret)
{
    char text[64];
    char *end = NULL;
    enum err err = meta_get(c->store, closing_name, text, sizeof text);
    if (err != OK) {
        return err;
    }
    ret->last = strtoll(text, &end, 10);
    ret->released = *end == '\0' ? 0 : strtoll(end + 1, NULL, 10);
    return OK;
}

static enum err closing_set(struct call *c, const struct closing *closing)
{
    char text[64];
    snprintf(text, sizeof text, "%" PRId64 " %" PRId64, closing->last,
             closing->released);
    return meta_set(c->store, closing_name, text);
}

/* The first call closes the import, all that follow only carry it out. */
static enum err closing_begin(struct call *c, struct closing *ret)
{
    char at[INSTANT_TEXT_SIZE];
    *ret = (struct closing){0};
    enum err err = closing_get(c, ret);
    if (err == ERR_NOT_FOUND) {
        return meta_set(c->store, "import_closed", instant_format(c->at, at));
    }
    if (err == OK && ret->last == INT64_MAX) {
        err = meta_get(c->store, "import_closed", at, sizeof at);
        return err == OK ? refuse(c, ERR_TOO_LATE, "",
                                  "history before the import was closed", at)
                         : err;
    }
    return err;
}

/* -- closing -----------------------------------------------------------------
 */

/* From now on the ticket is an ordinary one. Steps whose moment has passed
 * count as fired: nobody is urged about the past. */
static enum err release(struct call *c, ticket_id id)
{
    struct work w;
    enum err err = work_load(c->store, c->book, id, &w);
    if (err != OK) {
        return err;
    }
    w.after = w.row;
    w.after.held = false;
    for (int32_t i = 0; i < w.after.ticket.n_clocks; i++) {
        struct clock *clock = &w.after.ticket.clocks[i];
        if (clock->run != CLOCK_RUNNING) {
            continue;
        }
        clock_schedule(&w.rules, clock);
        while (clock->next != INSTANT_NONE && clock->next <= c->at &&
               clock->next_step != STEP_NEXT_DUE) {
            clock_fired(&w.rules, clock);
        }
    }
    return ticket_save(c->store, &w.row, &w.after, c->at);
}

/* The next held tickets by number. */
static enum err held_tickets(struct call *c, ticket_id after, ticket_id *ids,
                             int *ret_n)
{
    struct cell binds[] = {cell_int("", after), cell_int("", RELEASE_TICKETS)};
    struct rows rows;
    int n = 0;
    enum err err = rows_begin(c->store, STMT_HELD_TICKETS, binds, 2, &rows);
    if (err != OK) {
        return err;
    }
    while (n < RELEASE_TICKETS && rows_next(&rows)) {
        ids[n++] = rows_int(&rows, 0);
    }
    *ret_n = n;
    return rows_end(&rows);
}

static enum err release_stride(struct call *c, struct closing *closing)
{
    ticket_id ids[RELEASE_TICKETS];
    int n = 0;
    enum err err = held_tickets(c, closing->last, ids, &n);
    for (int i = 0; err == OK && i < n; i++) {
        err = release(c, ids[i]);
    }
    if (err == OK) {
        closing->released += n;
        closing->last = n < RELEASE_TICKETS ? INT64_MAX : ids[n - 1];
    }
    return err;
}

static enum err record_stride(struct call *c, struct closing *closing)
{
    struct record record = {.at = c->at,
                            .recorded = c->recorded,
                            .by = c->actor.account,
                            .method = c->command->name};
    enum err err = store_record_open(c->store, &record, &c->seq);
    if (err == OK) {
        err = release_stride(c, closing);
    }
    return err == OK ? store_record_close(c->store, &c->seq) : err;
}

enum err cmd_import_close(struct call *c)
{
    struct closing closing;
    bool more = false;
    int fired = 0;
    enum err err = closing_begin(c, &closing);
    if (err == OK) {
        err = settle(c, &fired, &more);
    }
    if (err == OK && !more) {
        err = record_stride(c, &closing);
    }
    if (err == OK) {
        err = closing_set(c, &closing);
    }
    if (err == OK) {
        c->result = json_object();
        json_object_set_new(c->result, "done",
                            json_boolean(closing.last == INT64_MAX));
        json_object_set_new(c->result, "released",
                            json_integer(closing.released));
    }
    return err;
}
