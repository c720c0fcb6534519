/* When limits fall due, reckoned here by core: no daemon is needed.
 *
 * With --stdin this is a filter for millions of lines: nothing is allocated
 * for a line, and what came in is answered before the next is waited for. */
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "client/cli/commands/local.h"
#include "client/cli/commands/offline/reckoner.h"
#include "client/cli/files/file.h"
#include "client/cli/language/lang.h"
#include "proto/line.h"

enum {
    LINE_MAX_BYTES = 4096,
    PIECE_BYTES = 65536
};

static enum exit_status refused(const struct problem *p)
{
    complain(stderr, p);
    return EXIT_REFUSED;
}

/* -- one due -----------------------------------------------------------------
 */

/* "none" where there is no due at all. */
static size_t due_text(struct due due, char out[INSTANT_TEXT_SIZE + 16])
{
    static const char tail[] = " provisional";
    if (due.at == INSTANT_NONE) {
        memcpy(out, "none", 5);
        return 4;
    }
    size_t len = strlen(instant_format(due.at, out));
    if (due.provisional) {
        memcpy(out + len, tail, sizeof tail);
        len += sizeof tail - 1;
    }
    return len;
}

/* Parameters were checked: they are what they must be. */
static void from_and_limit(const struct run_context *context, instant *ret_from,
                           struct limit *ret_limit)
{
    const char *from = local_text(context, "from");
    const char *limit = local_text(context, "limit");
    (void)instant_parse(from, strlen(from), false, ret_from);
    (void)limit_parse(limit, strlen(limit), ret_limit);
}

static enum exit_status due_one(const struct run_context *context,
                                const struct reckoner *r)
{
    char out[INSTANT_TEXT_SIZE + 16];
    instant from = 0;
    struct limit limit = {.unit = LIMIT_NONE};
    struct due due;
    struct problem p;
    from_and_limit(context, &from, &limit);
    enum err err = calendar_due(&r->calendar, &r->worktime, from, limit, &due);
    if (err != OK) {
        (void)problem_set(&p, err, "limit",
                          "a due instant before the year 2200", "");
        return refused(&p);
    }
    (void)due_text(due, out);
    (void)fprintf(context->screen.out, "%s\n", out);
    return EXIT_DONE;
}

/* -- a stream ----------------------------------------------------------------
 */

struct stream {
    const struct reckoner *reckoner;
    FILE *out;
    long long line; /* number of the present one, from 1 */
    long long bad;
};

static bool blank(char c)
{
    return c == ' ' || c == '\t';
}

static enum err due_line(const struct stream *s, const char *line, size_t len,
                         struct due *ret)
{
    instant from;
    struct limit limit;
    size_t first = 0;
    while (first < len && !blank(line[first])) {
        first++;
    }
    size_t second = first;
    while (second < len && blank(line[second])) {
        second++;
    }
    while (len > second && blank(line[len - 1])) {
        len--;
    }
    enum err err = instant_parse(line, first, false, &from);
    if (err == OK) {
        err = limit_parse(line + second, len - second, &limit);
    }
    return err != OK ? err
                     : calendar_due(&s->reckoner->calendar,
                                    &s->reckoner->worktime, from, limit, ret);
}

static void bad_line(struct stream *s, enum err err)
{
    s->bad++;
    (void)fputs("-\n", s->out);
    (void)fprintf(stderr, "%s%lld%s%s [%s]\n", either("第 ", "line "), s->line,
                  either(" 行：", ": "), tr(err_text(err)), err_name(err));
}

static void answer_line(struct stream *s, const char *line, size_t len)
{
    char out[INSTANT_TEXT_SIZE + 16];
    struct due due;
    s->line++;
    enum err err = due_line(s, line, len, &due);
    if (err != OK) {
        bad_line(s, err);
        return;
    }
    size_t n = due_text(due, out);
    out[n] = '\n';
    (void)fwrite(out, 1, n + 1, s->out);
}

static void answer_lines(struct stream *s, struct line_reader *lines)
{
    const char *line;
    size_t len;
    for (;;) {
        switch (line_take(lines, &line, &len)) {
        case LINE_NONE:
            return;
        case LINE_TOO_LONG:
            s->line++;
            bad_line(s, ERR_TOO_LONG);
            break;
        case LINE_WHOLE:
            answer_line(s, line, len);
            break;
        }
    }
}

/* The last line may lack its end. */
static enum err stream_read(struct stream *s, struct line_reader *lines)
{
    char piece[PIECE_BYTES];
    char last = '\n';
    enum err err = OK;
    for (;;) {
        ssize_t n = read(STDIN_FILENO, piece, sizeof piece);
        if (n < 0 && errno == EINTR) {
            continue;
        }
        if (n < 0) {
            return ERR_IO;
        }
        if (n == 0) {
            break;
        }
        last = piece[n - 1];
        err = line_feed(lines, piece, (size_t)n);
        if (err != OK) {
            return err;
        }
        answer_lines(s, lines);
        (void)fflush(s->out);
    }
    if (last != '\n') {
        err = line_feed(lines, "\n", 1);
        answer_lines(s, lines);
    }
    return err;
}

static enum exit_status due_stream(const struct run_context *context,
                                   const struct reckoner *r)
{
    struct stream s = {.reckoner = r, .out = context->screen.out};
    struct line_reader lines;
    line_init(&lines, LINE_MAX_BYTES);
    enum err err = stream_read(&s, &lines);
    line_done(&lines);
    if (err != OK) {
        struct problem p;
        (void)problem_set(&p, err, "", "", "standard input");
        return refused(&p);
    }
    return s.bad > 0 ? EXIT_REFUSED : EXIT_DONE;
}

/* from= and limit= belong to the one question, --stdin brings its own. */
static enum err check_form(const struct run_context *context, struct problem *p)
{
    bool lines = context->options->lines;
    const char *const names[] = {"from", "limit"};
    for (size_t i = 0; i < 2; i++) {
        bool given = local_text(context, names[i]) != NULL;
        if (given == lines) {
            return problem_set(p, ERR_BAD_PARAM, names[i],
                               "from= and limit=, or --stdin", "");
        }
    }
    return OK;
}

enum exit_status local_deadline_due(const struct run_context *context)
{
    struct problem p;
    if (check_form(context, &p) != OK) {
        complain(stderr, &p);
        return EXIT_USAGE;
    }
    struct reckoner *r = must_alloc(sizeof *r);
    enum exit_status status;
    if (reckoner_make(context, r, &p) != OK) {
        status = refused(&p);
    } else if (context->options->lines) {
        status = due_stream(context, r);
    } else {
        status = due_one(context, r);
    }
    free(r);
    return status;
}

/* -- day by day ---------------------------------------------------------------
 */

static bool explain_day(void *arg, const struct day_note *note)
{
    static const char *const kinds[] = {
        [DAY_WORKDAY] = "workday",
        [DAY_WEEKEND] = "weekend",
        [DAY_HOLIDAY] = "holiday",
        [DAY_MAKEUP] = "makeup",
    };
    static const char *const parts[] = {
        [DAY_START] = "start",     [DAY_DEEMED] = "deemed",
        [DAY_COUNTED] = "counted", [DAY_SKIPPED] = "skipped",
        [DAY_PASSED] = "passed",   [DAY_MOVED] = "moved",
        [DAY_PAUSED] = "paused",
    };
    static const char *const weekdays[] = {"mon", "tue", "wed", "thu",
                                           "fri", "sat", "sun"};
    char out[INSTANT_TEXT_SIZE];
    json_t *rows = arg;
    json_t *nth = note->nth > 0 ? json_integer(note->nth) : json_null();
    json_t *seconds =
        note->seconds > 0 ? json_integer(note->seconds) : json_null();
    json_t *row = json_pack("[s,s,s,s,s,o,o,b]", day_format(note->day, out),
                            weekdays[day_weekday(note->day)], kinds[note->kind],
                            note->name, parts[note->role], nth, seconds,
                            note->provisional);
    return json_array_append_new(rows, row) == 0;
}

static json_t *explained(const struct run_context *context, struct due due,
                         json_t *rows)
{
    char at[INSTANT_TEXT_SIZE];
    json_t *result = json_object();
    json_t *columns =
        json_pack("[s,s,s,s,s,s,s,s]", "date", "weekday", "kind", "name",
                  "part", "nth", "counted_s", "provisional");
    json_t *days = json_pack("{s:o, s:o}", "columns", columns, "rows", rows);
    bool none = due.at == INSTANT_NONE;
    (void)json_object_update(result, context->params);
    (void)json_object_set_new(result, "due",
                              none ? json_string("none")
                                   : json_string(instant_format(due.at, at)));
    (void)json_object_set_new(result, "provisional",
                              json_boolean(due.provisional));
    (void)json_object_set_new(result, "days", days);
    return result;
}

static enum exit_status explain(const struct run_context *context,
                                const struct reckoner *r)
{
    instant from = 0;
    struct limit limit = {.unit = LIMIT_NONE};
    struct due due;
    from_and_limit(context, &from, &limit);
    json_t *rows = json_array();
    enum err err = calendar_due(&r->calendar, &r->worktime, from, limit, &due);
    if (err == OK) {
        err = calendar_explain(&r->calendar, &r->worktime, from, limit,
                               explain_day, rows);
    }
    if (err != OK) {
        struct problem p;
        json_decref(rows);
        (void)problem_set(&p, err, "limit",
                          "a due instant before the year 2200", "");
        return refused(&p);
    }
    json_t *result = explained(context, due, rows);
    enum exit_status status = local_print(context, result);
    json_decref(result);
    return status;
}

enum exit_status local_deadline_explain(const struct run_context *context)
{
    struct problem p;
    struct reckoner *r = must_alloc(sizeof *r);
    enum exit_status status =
        reckoner_make(context, r, &p) == OK ? explain(context, r) : refused(&p);
    free(r);
    return status;
}
