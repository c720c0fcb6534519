/* Which command has a paper, and the one of what waits for somebody. */
#include "client/cli/paper/paper.h"

#include <string.h>

#include "client/cli/language/dates.h"
#include "client/cli/language/words.h"
#include "client/cli/paper/minutes.h"
#include "client/cli/paper/once.h"
#include "client/cli/paper/paper_parts.h"
#include "client/cli/paper/progress.h"
#include "client/cli/show/render.h"

/* 待办 3  [已办 12]  将超时 1: the one that stands below in brackets. */
static void put_counts(json_t *counts, const char *box,
                       const struct screen *screen)
{
    char out[WORD_SIZE];
    const char *gap = "";
    size_t i;
    json_t *row;
    json_array_foreach(json_object_get(counts, "rows"), i, row)
    {
        const char *name = json_string_value(paper_cell(counts, row, "box"));
        json_int_t n = json_integer_value(paper_cell(counts, row, "count"));
        bool more = json_is_true(paper_cell(counts, row, "more"));
        bool this = name != NULL && strcmp(name, box) == 0;
        (void)fprintf(screen->out, "%s%s%s %" JSON_INTEGER_FORMAT "%s%s", gap,
                      this ? "[" : "",
                      name == NULL ? "" : word("box", name, out), n,
                      more ? "+" : "", this ? "]" : "");
        gap = "  ";
    }
    (void)fputs("\n\n", screen->out);
}

/* How much is in each box, and the one that was asked for. */
static void put_mine(json_t *result, const struct screen *screen)
{
    put_counts(json_object_get(result, "counts"), paper_text(result, "box"),
               screen);
    render_member(result, "tickets", screen);
}

/* The line alone: it is kept with >> and handed to verify as it is. */
static void put_anchor(json_t *result, const struct screen *screen)
{
    (void)fprintf(screen->out, "%s\n", paper_text(result, "anchor"));
}

bool paper_print(const struct command *command, json_t *result,
                 const struct screen *screen)
{
    switch (command_index(command)) {
    case CMD_ticket_progress:
        paper_progress(result, date_year_now(), screen);
        return true;
    case CMD_meeting_show:
        paper_minutes(result, screen);
        return true;
    case CMD_mine:
        put_mine(result, screen);
        return true;
    case CMD_journal_anchor:
    case CMD_audit_anchor:
        put_anchor(result, screen);
        return true;
    case CMD_account_add:
    case CMD_account_reset:
        paper_password(result, screen);
        return true;
    case CMD_token_add:
        paper_token(result, screen);
        return true;
    default:
        return false;
    }
}
