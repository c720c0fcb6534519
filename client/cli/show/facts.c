/* See facts.h. */
#include "client/cli/show/facts.h"

#include <stdlib.h>
#include <string.h>

#include "client/cli/language/lang.h"
#include "client/cli/language/words.h"
#include "client/cli/show/cell.h"

bool facts_are(json_t *value)
{
    const char *name;
    json_t *member;
    bool any = false;
    json_object_foreach(value, name, member)
    {
        if (json_is_object(member) || json_is_array(member)) {
            return false;
        }
        any = any || !json_is_null(member);
    }
    return any;
}

/* What a count of time is counted in, NULL for anything else. */
static const char *time_unit(const char *name)
{
    static const char *const units[][3] = {
        {"days", "天", "days"},
        {"working_days", "个工作日", "working days"},
        {"minutes", "分钟", "minutes"},
        {"working_minutes", "个工作分钟", "working minutes"}};
    for (size_t i = 0; i < sizeof units / sizeof units[0]; i++) {
        if (strcmp(units[i][0], name) == 0) {
            return either(units[i][1], units[i][2]);
        }
    }
    return NULL;
}

static void print_fact(const char *title, const char *name, const json_t *value,
                       const char *gap, const struct screen *screen)
{
    char out[WORD_SIZE];
    const char *unit = time_unit(name);
    struct cell cell = cell_make(name, value, screen->terminal);
    if (unit == NULL && strcmp(name, "at") != 0) {
        (void)fprintf(screen->out, "%s%s", heading_within(title, name, out),
                      gap);
    }
    screen_paint(screen, cell.paint, cell.text);
    if (unit != NULL) {
        (void)fprintf(screen->out, " %s", unit);
    }
    free(cell.text);
}

/* On one line, or, where they are many, on one each. */
void facts_print(const char *title, json_t *value, const struct screen *screen)
{
    enum {
        FEW = 6
    };
    char out[WORD_SIZE];
    bool many = json_object_size(value) > FEW;
    const char *gap = many ? either("：\n  ", ":\n  ") : either("：", ": ");
    const char *name;
    json_t *member;
    (void)fputs(heading(title, out), screen->out);
    json_object_foreach(value, name, member)
    {
        if (!json_is_null(member)) {
            (void)fputs(gap, screen->out);
            print_fact(title, name, member, many ? either("：", ": ") : " ",
                       screen);
            gap = many ? "\n  " : either("，", ", ");
        }
    }
    (void)fputc('\n', screen->out);
}
