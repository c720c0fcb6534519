/* See paper.h. */
#include "client/cli/paper/paper.h"

#include <stdlib.h>
#include <string.h>

#include "client/cli/language/dates.h"
#include "client/cli/language/lang.h"
#include "client/cli/language/words.h"
#include "client/cli/show/render.h"
#include "client/cli/show/width.h"

const char *paper_text(json_t *object, const char *name)
{
    const char *text = json_string_value(json_object_get(object, name));
    return text == NULL ? "" : text;
}

json_t *paper_cell(json_t *table, json_t *row, const char *column)
{
    size_t i;
    json_t *name;
    json_array_foreach(json_object_get(table, "columns"), i, name)
    {
        if (strcmp(json_string_value(name), column) == 0) {
            return json_array_get(row, i);
        }
    }
    return NULL;
}

enum {
    ROOM_LEAST = 16 /* columns: for less a text begins on a line of its own */
};

/* One line of a text, on as many of the screen as it needs. */
static void put_folded(const struct screen *screen, const char *line, int at,
                       int indent)
{
    bool begun = at > indent;
    bool folds = screen->width >= indent + ROOM_LEAST;
    while (folds && text_width(line) > screen->width - at) {
        size_t len = 0;
        if (!begun || screen->width - at >= ROOM_LEAST) {
            len = text_line(line, screen->width - at);
        }
        (void)fprintf(screen->out, "%.*s\n%*s", (int)len, line, indent, "");
        line += len;
        line += strspn(line, " ");
        at = indent;
        begun = false;
    }
    (void)fprintf(screen->out, "%s\n", line);
}

void paper_put(const struct screen *screen, const char *text, int at,
               int indent)
{
    char *clean = text_clean(text, true);
    for (char *line = clean; line != NULL;) {
        char *end = strchr(line, '\n');
        if (end != NULL) {
            *end = '\0';
        }
        (void)fprintf(screen->out, "%*s", line == clean ? 0 : indent, "");
        put_folded(screen, line, line == clean ? at : indent, indent);
        line = end == NULL ? NULL : end + 1;
    }
    free(clean);
}

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

void paper_mine(json_t *result, const struct screen *screen)
{
    put_counts(json_object_get(result, "counts"), paper_text(result, "box"),
               screen);
    render_member(result, "tickets", screen);
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
        paper_mine(result, screen);
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
