/* See paper_parts.h. */
#include "client/cli/paper/paper_parts.h"

#include <stdlib.h>
#include <string.h>

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
