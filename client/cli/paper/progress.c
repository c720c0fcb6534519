/* How far a ticket is, a sentence a step, for who waits for its end:
 *
 *     10月9日 15:04  已派给 县自然资源和规划局，限10月16日前办结
 */
#include "client/cli/paper/progress.h"

#include <stdlib.h>
#include <string.h>

#include "client/cli/language/dates.h"
#include "client/cli/language/lang.h"
#include "client/cli/language/words.h"
#include "client/cli/paper/paper_parts.h"
#include "client/cli/show/render.h"
#include "client/cli/show/width.h"

enum {
    SENTENCE_SIZE = 512
};

/* What happened, with the unit as # and without one; what the step's due is
 * for, with the instant as #. English is the key of the catalogue. */
struct sentence {
    const char *step;
    const char *with;
    const char *without;
    const char *due;
};

#define FINISH "to be finished by #"
#define EVALUATE "please evaluate by #"

/* clang-format off */
static const struct sentence sentences[] = {
    {"file", NULL, "the request was received", NULL},
    {"supplement_ask", NULL, "more material is needed", "please add it by #"},
    {"supplement_give", NULL, "material was added", NULL},
    {"decline", NULL, "the request was declined", NULL},
    {"appeal", NULL, "an appeal was made", NULL},
    {"appeal_grant", NULL, "the appeal was granted, it is taken up again", NULL},
    {"appeal_refuse", NULL, "the appeal was refused", NULL},
    {"dispatch", "dispatched to #", "dispatched", FINISH},
    {"transfer", "handed over to #", "handed over", FINISH},
    {"accept", "# has accepted it", "accepted", NULL},
    {"return_grant", "# gave it back, it will be dispatched anew",
     "given back, it will be dispatched anew", NULL},
    {"recall", "taken back from #, it will be dispatched anew",
     "taken back, it will be dispatched anew", NULL},
    {"contact", "# got in touch", "contact was made", NULL},
    {"answer", "# answered", "answered", NULL},
    {"extend_grant", "# was given more time", "more time was given", FINISH},
    {"suspend", NULL, "it waits for something outside",
     "to be looked at again by #"},
    {"resume", NULL, "taken up again", FINISH},
    {"urge", NULL, "urged", NULL},
    {"meet", NULL, "brought before a joint meeting", NULL},
    {"meet_dispatch", "the meeting gave it to #", "the meeting dispatched it",
     FINISH},
    {"meet_extend", NULL, "the meeting gave more time", FINISH},
    {"meet_split", NULL, "the meeting split it into parts", NULL},
    {"meet_resolve", "# finished it as the meeting decided",
     "finished as the meeting decided", EVALUATE},
    {"split", NULL, "split into parts", NULL},
    {"resolve", "# has finished it", "finished", EVALUATE},
    {"evaluate", NULL, "evaluated", "it is done again, by #"},
    {"silence", NULL, "not evaluated in time", NULL},
    {"rework", NULL, "to be done again", FINISH},
    {"withdraw", NULL, "withdrawn", NULL},
    {"merge", NULL, "merged into another ticket", NULL},
    {"archive", NULL, "filed away", NULL},
};
/* clang-format on */

const char *paper_sentence(size_t i, bool unit)
{
    const struct sentence *s = &sentences[i];
    if (i >= sizeof sentences / sizeof sentences[0]) {
        return NULL;
    }
    return unit && s->with != NULL ? s->with : s->without;
}

static const struct sentence *sentence_of(const char *step)
{
    for (size_t i = 0; i < sizeof sentences / sizeof sentences[0]; i++) {
        if (strcmp(sentences[i].step, step) == 0) {
            return &sentences[i];
        }
    }
    return NULL;
}

/* `value` in the place of #, behind what is in `out` already. */
static void add(char *out, const char *text, const char *value)
{
    size_t len = strlen(out);
    size_t before = strcspn(text, "#");
    (void)snprintf(out + len, SENTENCE_SIZE - len, "%.*s%s%s", (int)before,
                   text, text[before] == '#' ? value : "",
                   text[before] == '#' ? text + before + 1 : "");
}

/* A step that this program does not know is told by its word. */
static void add_what(char *out, const char *step, const char *unit)
{
    const struct sentence *s = sentence_of(step);
    char said[WORD_SIZE];
    if (s != NULL && unit != NULL && s->with != NULL) {
        add(out, tr(s->with), unit);
    } else if (s != NULL) {
        add(out, tr(s->without), "");
    } else {
        add(out, "#", word("event", step, said));
        add(out, unit == NULL ? "" : " #", unit);
    }
}

static void add_due(char *out, const char *step, const char *due, int year)
{
    const struct sentence *s = sentence_of(step);
    char said[DATE_SIZE];
    instant at;
    if (s == NULL || s->due == NULL || !date_parse(due, &at)) {
        return;
    }
    add(out, either("，", ", "), "");
    add(out, tr(s->due), date_limit(at, year, said));
}

static void put_step(json_t *table, json_t *row, int year, int width,
                     const struct screen *screen)
{
    char when[DATE_SIZE] = "";
    char sentence[SENTENCE_SIZE] = "";
    instant at;
    const char *step = json_string_value(paper_cell(table, row, "step"));
    const char *text = json_string_value(paper_cell(table, row, "text"));
    const char *due = json_string_value(paper_cell(table, row, "due"));
    const char *unit = json_string_value(paper_cell(table, row, "unit"));
    if (date_parse(json_string_value(paper_cell(table, row, "at")), &at)) {
        (void)date_moment(at, year, when);
    }
    add_what(sentence, step == NULL ? "" : step, unit);
    add_due(sentence, step == NULL ? "" : step, due, year);
    char *clean = text_clean(sentence, false);
    (void)fprintf(screen->out, "%s%*s  %s%s", when, width - text_width(when),
                  "", clean, text == NULL ? "\n" : either("：", ": "));
    if (text != NULL) {
        paper_put(screen, text, width + 2 + text_width(clean) + 2, width + 2);
    }
    free(clean);
}

/* The widest "when" of all lines. */
static int when_width(json_t *table, int year)
{
    char when[DATE_SIZE];
    instant at;
    int widest = 0;
    size_t i;
    json_t *row;
    json_array_foreach(json_object_get(table, "rows"), i, row)
    {
        if (date_parse(json_string_value(paper_cell(table, row, "at")), &at)) {
            int width = text_width(date_moment(at, year, when));
            widest = width > widest ? width : widest;
        }
    }
    return widest;
}

void paper_progress(json_t *result, int year, const struct screen *screen)
{
    json_t *table = json_object_get(result, "steps");
    int width = when_width(table, year);
    size_t i;
    json_t *row;
    render_members(result, screen);
    (void)fputc('\n', screen->out);
    json_array_foreach(json_object_get(table, "rows"), i, row)
    {
        put_step(table, row, year, width, screen);
    }
    if (json_object_get(result, "answers") != NULL) {
        (void)fputc('\n', screen->out);
        render_member(result, "answers", screen);
    }
}
