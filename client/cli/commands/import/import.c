/* `bihuan import FILE`: a file of history, line by line, in its order. Lines
 * are sent ahead of their answers; the daemon takes each at most once, so a run
 * that broke off is simply started again. */
#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "client/cli/commands/import/occurrences.h"
#include "client/cli/commands/local.h"
#include "client/cli/files/file.h"
#include "client/cli/language/lang.h"
#include "client/cli/show/cell.h"
#include "core/limits.h"
#include "proto/line.h"

enum {
    PIECE_BYTES = 65536,
    PARAMS_EXTRA = 64,
    PROGRESS_STEP = 512
};

struct import {
    const struct run_context *context;
    struct bihuan *b;
    struct occurrences seen;
    char *params; /* {"event":LINE,"occurrence":N} */
    int64_t line; /* lines read */
    int64_t sent;
    int64_t added;
    int64_t there; /* taken by an earlier run */
    int64_t bad;
    int64_t numbers[BIHUAN_WINDOW]; /* line of each unanswered request */
    int64_t answered;
    bool terminal;
    bool stop; /* a fault of the machine: going on would break the order */
    enum exit_status status;
    struct timespec began;
};

static double seconds_since(const struct timespec *began)
{
    struct timespec now;
    (void)clock_gettime(CLOCK_MONOTONIC, &now);
    return (double)(now.tv_sec - began->tv_sec) +
           (double)(now.tv_nsec - began->tv_nsec) / 1e9;
}

static double rate(const struct import *im)
{
    double seconds = seconds_since(&im->began);
    return seconds > 0 ? (double)im->answered / seconds : 0;
}

static void tell_progress(const struct import *im)
{
    if (im->terminal) {
        (void)fprintf(stderr, "\r%s %" PRId64 "  %.0f/s  %s %" PRId64 "\033[K",
                      tr("lines"), im->line, rate(im), tr("bad"), im->bad);
    }
}

static void tell_bad(struct import *im, int64_t line,
                     const struct bihuan_error *e)
{
    im->bad++;
    (void)fprintf(stderr, "%s%s%" PRId64 "%s", im->terminal ? "\r\033[K" : "",
                  either("第 ", "line "), line, either(" 行：", ": "));
    complain_short(stderr, e);
    (void)fputc('\n', stderr);
}

static void tell_bad_here(struct import *im, enum err err, const char *expected)
{
    struct problem p;
    (void)problem_set(&p, err, "", expected, "");
    struct bihuan_error e = error_of(&p);
    tell_bad(im, im->line, &e);
}

/* -- answers ------------------------------------------------------------------
 */

/* The machine's faults, not the line's: the same line may do later. */
static bool machine_fault(const char *name)
{
    enum err err = err_from_name(name);
    return err == ERR_BUSY || err == ERR_NO_MEMORY || err == ERR_DISK_FULL ||
           err == ERR_STORE || err == ERR_CORRUPT || err == ERR_INTERNAL;
}

static void take_added(struct import *im, const struct bihuan_reply *reply)
{
    json_t *result = json_loadb(reply->result, reply->result_len, 0, NULL);
    if (json_is_false(json_object_get(result, "added"))) {
        im->there++;
    } else {
        im->added++;
    }
    json_decref(result);
}

static void receive_one(struct import *im)
{
    struct bihuan_reply reply;
    int64_t line = im->numbers[im->answered % BIHUAN_WINDOW];
    switch (bihuan_receive(im->b, &reply)) {
    case BIHUAN_DONE:
        take_added(im, &reply);
        break;
    case BIHUAN_REFUSED:
        tell_bad(im, line, &reply.error);
        im->stop = im->stop || machine_fault(reply.error.name);
        break;
    case BIHUAN_USAGE:
    case BIHUAN_NO_CONNECTION:
        im->stop = true;
        im->status = EXIT_NO_CONNECTION;
        complain_error(stderr, &reply.error);
        break;
    }
    im->answered++;
    bihuan_reply_done(&reply);
    if (im->answered % PROGRESS_STEP == 0) {
        tell_progress(im);
    }
}

static void receive_all(struct import *im)
{
    while (im->status != EXIT_NO_CONNECTION && bihuan_pending(im->b) > 0) {
        receive_one(im);
    }
}

/* -- lines --------------------------------------------------------------------
 */

static bool is_blank(const char *line, size_t len)
{
    for (size_t i = 0; i < len; i++) {
        if (line[i] != ' ' && line[i] != '\t') {
            return false;
        }
    }
    return true;
}

static void send_params(struct import *im)
{
    struct bihuan_request ask = {.method = "import.event",
                                 .params = im->params};
    int64_t line = im->line;
    switch (bihuan_send(im->b, &ask, NULL)) {
    case BIHUAN_DONE:
        im->numbers[im->sent % BIHUAN_WINDOW] = line;
        im->sent++;
        break;
    case BIHUAN_USAGE:
    case BIHUAN_REFUSED:
        tell_bad(im, line, bihuan_last_error(im->b));
        break;
    case BIHUAN_NO_CONNECTION:
        im->stop = true;
        im->status = EXIT_NO_CONNECTION;
        complain_error(stderr, bihuan_last_error(im->b));
        break;
    }
}

/* The line goes into the parameters as it stands; what in it is not JSON the
 * library refuses. A NUL would cut it short unseen. */
static void send_line(struct import *im, const char *line, size_t len)
{
    if (is_blank(line, len)) {
        return;
    }
    if (memchr(line, '\0', len) != NULL) {
        tell_bad_here(im, ERR_NUL_BYTE, "");
        return;
    }
    uint32_t before = occurrences_count(&im->seen, line, len);
    (void)snprintf(im->params, LINE_BYTES_MAX + PARAMS_EXTRA,
                   "{\"event\":%.*s,\"occurrence\":%" PRIu32 "}", (int)len,
                   line, before);
    while (!im->stop && bihuan_pending(im->b) >= BIHUAN_WINDOW) {
        receive_one(im);
    }
    if (!im->stop) {
        send_params(im);
    }
}

/* Windows writes one at the beginning of a file; it means nothing. */
static void skip_bom(const char **line, size_t *len)
{
    if (*len >= 3 && memcmp(*line, "\xEF\xBB\xBF", 3) == 0) {
        *line += 3;
        *len -= 3;
    }
}

static void send_lines(struct import *im, struct line_reader *lines)
{
    const char *line;
    size_t len;
    while (!im->stop) {
        enum line_result result = line_take(lines, &line, &len);
        if (result == LINE_NONE) {
            return;
        }
        im->line++;
        if (im->line == 1 && result == LINE_WHOLE) {
            skip_bom(&line, &len);
        }
        if (result == LINE_TOO_LONG) {
            tell_bad_here(im, ERR_TOO_LONG, "at most 262144 bytes");
        } else {
            send_line(im, line, len);
        }
    }
}

static enum err read_lines(struct import *im, int fd, struct line_reader *lines)
{
    char piece[PIECE_BYTES];
    char last = '\n';
    enum err err = OK;
    while (!im->stop && err == OK) {
        ssize_t n = read(fd, piece, sizeof piece);
        if (n < 0 && errno == EINTR) {
            continue;
        }
        if (n <= 0) {
            err = n < 0 ? ERR_IO : OK;
            break;
        }
        last = piece[n - 1];
        err = line_feed(lines, piece, (size_t)n);
        send_lines(im, lines);
    }
    if (err == OK && last != '\n' && !im->stop) {
        err = line_feed(lines, "\n", 1);
        send_lines(im, lines);
    }
    return err;
}

/* -- the end ------------------------------------------------------------------
 */

/* A stride at a time, until the clocks of what was imported stand at now. */
static void settle(struct import *im)
{
    struct bihuan_request ask = {.method = "import.settle"};
    bool done = false;
    while (!done && im->status == EXIT_DONE) {
        struct bihuan_reply reply;
        enum bihuan_status status = bihuan_call(im->b, &ask, &reply);
        if (status == BIHUAN_DONE) {
            json_t *result =
                json_loadb(reply.result, reply.result_len, 0, NULL);
            done = !json_is_false(json_object_get(result, "done"));
            json_decref(result);
        } else {
            complain_error(stderr, &reply.error);
            im->status = (enum exit_status)status;
        }
        bihuan_reply_done(&reply);
    }
}

static void print_summary(const struct import *im)
{
    double seconds = seconds_since(&im->began);
    if (im->terminal) {
        (void)fputs("\r\033[K", stderr);
    }
    json_t *result = json_pack(
        "{s:I, s:I, s:I, s:I, s:f, s:I}", "lines", (json_int_t)im->line,
        "added", (json_int_t)im->added, "already_there", (json_int_t)im->there,
        "refused", (json_int_t)im->bad, "seconds",
        (double)(int64_t)(seconds * 1000) / 1000, "events_a_second",
        (json_int_t)rate(im));
    (void)local_print(im->context, result);
    json_decref(result);
}

static void import_from(struct import *im, int fd)
{
    struct line_reader lines;
    line_init(&lines, LINE_BYTES_MAX);
    enum err err = read_lines(im, fd, &lines);
    line_done(&lines);
    receive_all(im);
    if (err != OK) {
        struct problem p;
        (void)problem_set(&p, err, "file", "", "the file broke off");
        complain(stderr, &p);
        im->status = im->status == EXIT_DONE ? EXIT_REFUSED : im->status;
    }
    if (im->stop) {
        (void)fprintf(stderr, "bihuan: %s\n",
                      tr("stopped; mend the cause and run the import again, "
                         "what is in is not taken twice"));
    } else {
        settle(im);
    }
    print_summary(im);
    if (im->status == EXIT_DONE && im->bad > 0) {
        im->status = EXIT_REFUSED;
    }
}

static enum exit_status import_fd(const struct run_context *context, int fd)
{
    struct import im = {.context = context,
                        .terminal = isatty(STDERR_FILENO) == 1};
    im.status = server_open(context->options, &im.b);
    if (im.status != EXIT_DONE) {
        return im.status;
    }
    im.params = must_alloc(LINE_BYTES_MAX + PARAMS_EXTRA);
    (void)clock_gettime(CLOCK_MONOTONIC, &im.began);
    import_from(&im, fd);
    bihuan_close(im.b);
    occurrences_done(&im.seen);
    free(im.params);
    return im.status;
}

enum exit_status local_import(const struct run_context *context)
{
    const char *path = local_text(context, "file");
    bool standard = strcmp(path, "-") == 0;
    int fd = standard ? STDIN_FILENO : open(path, O_RDONLY | O_CLOEXEC);
    if (fd < 0) {
        struct problem p;
        char detail[PROBLEM_TEXT_SIZE];
        (void)snprintf(detail, sizeof detail, "%s: %s", path, strerror(errno));
        (void)problem_set(&p, ERR_IO, "file", "", detail);
        complain(stderr, &p);
        return EXIT_REFUSED;
    }
    enum exit_status status = import_fd(context, fd);
    if (!standard) {
        (void)close(fd);
    }
    return status;
}
