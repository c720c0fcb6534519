/* The minutes of a joint meeting as plain text: the title in the middle, then
 * when, where and who, then a numbered paragraph for each ticket. */
#include "client/cli/paper/minutes.h"

#include <stdlib.h>
#include <string.h>

#include "client/cli/language/dates.h"
#include "client/cli/language/lang.h"
#include "client/cli/language/words.h"
#include "client/cli/paper/paper_parts.h"
#include "client/cli/show/width.h"

enum {
    PAGE_WIDTH = 72,
    NUMERAL_SIZE = 32,
    INDENT = 4
};

/* 一, 十, 十一, 二十, 九十九; beyond that in figures. */
static const char *numeral(size_t n, char out[NUMERAL_SIZE])
{
    static const char *const digits[] = {"",   "一", "二", "三", "四",
                                         "五", "六", "七", "八", "九"};
    if (n >= 100) {
        (void)snprintf(out, NUMERAL_SIZE, "%zu", n);
    } else {
        (void)snprintf(out, NUMERAL_SIZE, "%s%s%s",
                       n >= 20 ? digits[n / 10] : "", n >= 10 ? "十" : "",
                       digits[n % 10]);
    }
    return out;
}

static void put_title(const char *title, const struct screen *screen)
{
    char *clean = text_clean(title, false);
    const char *tail = either("纪要", ": minutes");
    int width = screen->width > 0 && screen->width < PAGE_WIDTH ? screen->width
                                                                : PAGE_WIDTH;
    int blanks = (width - text_width(clean) - text_width(tail)) / 2;
    (void)fprintf(screen->out, "%*s%s%s\n\n", blanks > 0 ? blanks : 0, "",
                  clean, tail);
    free(clean);
}

/* "    label: text"; nothing for an empty text. */
static void put_line(const struct screen *screen, int indent, const char *label,
                     const char *text)
{
    if (text != NULL && text[0] != '\0') {
        (void)fprintf(screen->out, "%*s%s%s", indent, "", label,
                      either("：", ": "));
        paper_put(screen, text, indent + text_width(label) + 2,
                  indent + INDENT);
    }
}

static void put_moment(const struct screen *screen, const char *label,
                       const char *text)
{
    char said[DATE_SIZE];
    instant at;
    if (date_parse(text, &at)) {
        put_line(screen, 0, label, date_moment(at, 0, said));
    }
}

static void put_participants(json_t *table, const struct screen *screen)
{
    size_t i;
    json_t *row;
    const char *gap = "";
    if (json_array_size(json_object_get(table, "rows")) == 0) {
        return;
    }
    (void)fprintf(screen->out, "%s%s", tr("Participants"), either("：", ": "));
    json_array_foreach(json_object_get(table, "rows"), i, row)
    {
        const char *unit = json_string_value(paper_cell(table, row, "unit"));
        char *clean = text_clean(unit == NULL ? "" : unit, false);
        (void)fprintf(screen->out, "%s%s", gap, clean);
        gap = either("、", ", ");
        free(clean);
    }
    (void)fputc('\n', screen->out);
}

/* One ticket of the agenda. */
struct item {
    json_t *table;
    json_t *row;
    const struct screen *screen;
};

static const char *said(const struct item *item, const char *column)
{
    return json_string_value(paper_cell(item->table, item->row, column));
}

/* Why it came here: the rule's word and what was said with it. */
static void put_why(const struct item *item)
{
    char out[WORD_SIZE];
    const char *why = said(item, "why");
    const char *reason = said(item, "reason");
    if (why != NULL) {
        put_line(item->screen, INDENT, tr("Why"), word("why", why, out));
    }
    put_line(item->screen, INDENT, tr("Reason"), reason);
}

static void put_decision(const struct item *item)
{
    char out[WORD_SIZE];
    char due[DATE_SIZE];
    instant at;
    const char *decision = said(item, "decision");
    put_line(item->screen, INDENT, tr("Decision"),
             decision == NULL ? tr("not decided yet")
                              : word("decision", decision, out));
    put_line(item->screen, INDENT, tr("In words"), said(item, "text"));
    put_line(item->screen, INDENT, tr("Measure"), said(item, "measure"));
    put_line(item->screen, INDENT, tr("Responsible unit"), said(item, "unit"));
    if (date_parse(said(item, "due"), &at)) {
        put_line(item->screen, INDENT, tr("To be finished by"),
                 date_limit(at, 0, due));
    }
    put_line(item->screen, INDENT, tr("New ticket"), said(item, "new_ticket"));
}

static void put_item(const struct item *item, size_t n)
{
    char figure[NUMERAL_SIZE];
    char *title = text_clean(
        said(item, "title") == NULL ? "" : said(item, "title"), false);
    char *number = text_clean(
        said(item, "number") == NULL ? "" : said(item, "number"), false);
    if (lang_now() == LANG_ZH) {
        (void)fprintf(item->screen->out, "\n%s、%s（%s）\n", numeral(n, figure),
                      title, number);
    } else {
        (void)fprintf(item->screen->out, "\n%zu. %s (%s)\n", n, title, number);
    }
    free(title);
    free(number);
    put_why(item);
    put_decision(item);
}

void paper_minutes(json_t *result, const struct screen *screen)
{
    json_t *items = json_object_get(result, "items");
    size_t i;
    json_t *row;
    put_title(paper_text(result, "title"), screen);
    put_moment(screen, tr("Time"), paper_text(result, "at"));
    put_line(screen, 0, tr("Place"), paper_text(result, "place"));
    put_line(screen, 0, tr("Called by"), paper_text(result, "office"));
    put_participants(json_object_get(result, "participants"), screen);
    json_array_foreach(json_object_get(items, "rows"), i, row)
    {
        struct item item = {items, row, screen};
        put_item(&item, i + 1);
    }
    if (paper_text(result, "minutes")[0] != '\0') {
        (void)fputc('\n', screen->out);
        put_line(screen, 0, tr("What else was said"),
                 paper_text(result, "minutes"));
    }
    (void)fputc('\n', screen->out);
    if (paper_text(result, "closed")[0] == '\0') {
        (void)fprintf(screen->out, "%s\n",
                      tr("The meeting is not closed yet."));
    } else {
        put_moment(screen, tr("Closed at"), paper_text(result, "closed"));
    }
}
