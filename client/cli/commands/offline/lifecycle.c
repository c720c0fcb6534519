/* The two tables of moves, drawn or listed; from core's own data, so that what
 * is printed is what is done. */
#include "core/lifecycle.h"

#include <stdlib.h>
#include <string.h>

#include "client/cli/commands/local.h"
#include "client/cli/files/file.h"

static void put_line(void *user, const char *line)
{
    FILE *out = user;
    (void)fprintf(out, "%s\n", line);
}

static const char *guard_word(enum guard guard)
{
    static const char *const names[GUARD_COUNT] = {
        [GUARD_NONE] = "",
        [GUARD_LEAD] = "lead",
        [GUARD_CO] = "co",
        [GUARD_REVIEW] = "review",
        [GUARD_GOOD] = "good",
        [GUARD_BAD] = "bad",
        [GUARD_CLOSABLE] = "closable",
        [GUARD_APPEALABLE] = "appealable",
        [GUARD_UNTOUCHED] = "untouched",
        [GUARD_RETURNABLE] = "returnable",
        [GUARD_ASKED] = "asked",
        [GUARD_DUE] = "due",
        [GUARD_PARENT] = "parent",
        [GUARD_DISPUTABLE] = "disputable",
        [GUARD_SCORED] = "scored",
    };
    return names[guard] == NULL ? "?" : names[guard];
}

/* The clocks of a set as "sign,finish". */
static json_t *clock_words(uint32_t clocks)
{
    char out[512] = "";
    size_t len = 0;
    for (int i = 0; i < CLOCK_KIND_COUNT; i++) {
        if ((clocks & CLOCK_BIT(i)) != 0) {
            int n = snprintf(out + len, sizeof out - len, "%s%s",
                             len == 0 ? "" : ",",
                             clock_kind_name((enum clock_kind)i));
            len += n > 0 ? (size_t)n : 0;
        }
    }
    return json_string(out);
}

static json_t *table_of(json_t *rows)
{
    return json_pack("{s:[s,s,s,s,s,s,s], s:o}", "columns", "from_state",
                     "event", "guard", "to_state", "starts", "stops", "drops",
                     "rows", rows);
}

/* Where a row leads back to the state before, its `to` is empty. */
static json_t *ticket_rows(const struct lifecycle *l)
{
    json_t *rows = json_array();
    for (size_t i = 0; i < l->n_tickets; i++) {
        const struct ticket_rule *r = &l->tickets[i];
        const char *to =
            r->to == TICKET_STATE_COUNT ? "before" : ticket_state_name(r->to);
        (void)json_array_append_new(
            rows, json_pack("[s,s,s,s,o,o,o]", ticket_state_name(r->from),
                            event_name(r->event), guard_word(r->guard), to,
                            clock_words(r->start), clock_words(r->stop),
                            clock_words(r->drop)));
    }
    return rows;
}

static json_t *dispatch_rows(const struct lifecycle *l)
{
    json_t *rows = json_array();
    for (size_t i = 0; i < l->n_dispatches; i++) {
        const struct dispatch_rule *r = &l->dispatches[i];
        const char *to = r->to == DISPATCH_STATE_COUNT
                             ? "before"
                             : dispatch_state_name(r->to);
        (void)json_array_append_new(
            rows, json_pack("[s,s,s,s,o,o,o]", dispatch_state_name(r->from),
                            event_name(r->event), guard_word(r->guard), to,
                            clock_words(r->start), clock_words(r->stop),
                            clock_words(r->drop)));
    }
    return rows;
}

enum exit_status local_lifecycle(const struct run_context *context)
{
    if (context->options->dot) {
        lifecycle_dot(&lifecycle, put_line, context->screen.out);
        return EXIT_DONE;
    }
    json_t *result =
        json_pack("{s:o, s:o}", "tickets", table_of(ticket_rows(&lifecycle)),
                  "dispatches", table_of(dispatch_rows(&lifecycle)));
    enum exit_status status = local_print(context, result);
    json_decref(result);
    return status;
}
