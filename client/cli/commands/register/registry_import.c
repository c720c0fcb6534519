/* `bihuan registry import`: a table of an office, row by row, into the
 * register. Rows that are there already are left alone, so a run that broke off
 * is simply started again; a row that cannot go in is told with its line and
 * column, and the rest goes in. */
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "client/cli/commands/local.h"
#include "client/cli/commands/register/register_row.h"
#include "client/cli/files/file.h"
#include "client/cli/language/lang.h"
#include "client/cli/show/cell.h"
#include "core/limits.h"

enum {
    KEY_SIZE = 40,
    PROGRESS_STEP = 64
};

struct import {
    const struct run_context *context;
    struct entries entries;
    struct rows rows;
    struct bihuan *b;
    bool terminal;
    bool stop; /* there is no use to go on */
    enum exit_status status;
    size_t sent[BIHUAN_WINDOW]; /* entries of the unanswered requests */
    int64_t n_sent;
    int64_t n_answered;
    int64_t added;
    int64_t there;
    int64_t warned;
    struct timespec began;
};

static const int command_ids[ROWS_KINDS] = {
    [ROWS_ENTERPRISES] = CMD_enterprise_add,
    [ROWS_DEPARTMENTS] = CMD_department_add,
    [ROWS_PEOPLE] = CMD_person_add,
    [ROWS_GUIDES] = CMD_guide_assign};

static void clear_progress(const struct import *im)
{
    if (im->terminal) {
        (void)fputs("\r\033[K", stderr);
    }
}

static void tell_progress(const struct import *im)
{
    if (im->terminal && im->n_answered % PROGRESS_STEP == 0) {
        (void)fprintf(stderr, "\r%s %" PRId64 "/%zu  %s %" PRId64 "\033[K",
                      tr("rows"), im->n_answered + im->there, im->entries.n,
                      tr("bad"), im->entries.bad);
    }
}

static void tell_bad(struct import *im, const struct entry *e,
                     const struct bihuan_error *error)
{
    clear_progress(im);
    entries_tell(&im->entries, e->line, entry_heading(&im->entries, e, error),
                 error);
}

static void tell_problem(struct import *im, const struct entry *e,
                         const struct problem *p)
{
    struct bihuan_error error = error_of(p);
    tell_bad(im, e, &error);
}

/* -- the server --------------------------------------------------------------
 */

/* Two FNV-1a sums of what is asked: the same row has the same key on every
 * run. */
static void make_key(const struct command *command, const char *params,
                     char out[KEY_SIZE])
{
    uint64_t a = UINT64_C(0xcbf29ce484222325);
    uint64_t b = UINT64_C(0x84222325cbf29ce4);
    const char *const texts[] = {command->name, " ", params};
    for (size_t i = 0; i < sizeof texts / sizeof texts[0]; i++) {
        for (const char *at = texts[i]; *at != '\0'; at++) {
            a = (a ^ (unsigned char)*at) * UINT64_C(0x100000001b3);
            b = (b ^ (a >> 32)) * UINT64_C(0x100000001b3);
        }
    }
    (void)snprintf(out, KEY_SIZE, "row-%016" PRIx64 "%016" PRIx64, a, b);
}

/* The machine's faults, and what will be said of every row alike. */
static bool no_use_to_go_on(const char *name)
{
    enum err err = err_from_name(name);
    return err == ERR_FORBIDDEN || err == ERR_BUSY || err == ERR_NO_MEMORY ||
           err == ERR_DISK_FULL || err == ERR_STORE || err == ERR_CORRUPT ||
           err == ERR_INTERNAL;
}

static void lose(struct import *im, const struct bihuan_error *error)
{
    clear_progress(im);
    complain_error(stderr, error);
    im->stop = true;
    im->status = EXIT_NO_CONNECTION;
}

/* A key's old answer to what the lists do not show: it was ended since. */
static bool outdated(const struct import *im, const struct bihuan_reply *r)
{
    return r->seq >= 0 && r->seq <= im->rows.known.head;
}

static void receive_one(struct import *im)
{
    struct bihuan_reply reply;
    struct entry *e =
        &im->entries.list[im->sent[im->n_answered++ % BIHUAN_WINDOW]];
    switch (bihuan_receive(im->b, &reply)) {
    case BIHUAN_DONE:
        e->anew = !e->anew && outdated(im, &reply);
        im->added += e->anew ? 0 : 1;
        break;
    case BIHUAN_REFUSED:
        tell_bad(im, e, &reply.error);
        im->stop = im->stop || no_use_to_go_on(reply.error.name);
        break;
    case BIHUAN_USAGE:
    case BIHUAN_NO_CONNECTION:
        lose(im, &reply.error);
        break;
    }
    bihuan_reply_done(&reply);
    tell_progress(im);
}

static void receive_all(struct import *im)
{
    while (im->status != EXIT_NO_CONNECTION && bihuan_pending(im->b) > 0) {
        receive_one(im);
    }
}

static void send_entry(struct import *im, size_t index, bool keyed)
{
    char key[KEY_SIZE];
    const struct entry *e = &im->entries.list[index];
    char *params = json_dumps(e->params, JSON_COMPACT | JSON_SORT_KEYS);
    make_key(im->rows.command, params, key);
    while (!im->stop && bihuan_pending(im->b) >= BIHUAN_WINDOW) {
        receive_one(im);
    }
    struct bihuan_request ask = {.method = im->rows.command->name,
                                 .params = params,
                                 .key = keyed ? key : NULL};
    if (!im->stop && bihuan_send(im->b, &ask, NULL) == BIHUAN_DONE) {
        im->sent[im->n_sent++ % BIHUAN_WINDOW] = index;
    } else if (!im->stop) {
        lose(im, bihuan_last_error(im->b));
    }
    json_give_back(params);
}

/* -- all entries -------------------------------------------------------------
 */

/* A department may stand above the one that it is under: it waits. */
static bool may_wait(const struct import *im, const struct problem *p)
{
    return im->rows.kind == ROWS_DEPARTMENTS && p->err == ERR_NOT_FOUND;
}

static void take_entry(struct import *im, size_t index)
{
    struct entry *e = &im->entries.list[index];
    struct problem p;
    switch (row_judge(&im->rows, e, &p)) {
    case ROW_NEW:
        break;
    case ROW_THERE:
        im->there++;
        return;
    case ROW_DOUBTED:
        im->warned++;
        tell_problem(im, e, &p);
        im->entries.bad--; /* it is counted as a warning */
        return;
    case ROW_REFUSED:
        tell_problem(im, e, &p);
        return;
    }
    if (im->rows.kind == ROWS_DEPARTMENTS) {
        known_add(&im->rows.known,
                  json_string_value(json_object_get(e->params, "code")),
                  json_string_value(json_object_get(e->params, "name")));
    }
    send_entry(im, index, true);
}

/* Returns how many entries were settled. */
static size_t take_round(struct import *im, bool last)
{
    size_t settled = 0;
    for (size_t i = 0; i < im->entries.n && !im->stop; i++) {
        struct entry *e = &im->entries.list[i];
        struct problem p = {.err = OK};
        if (e->settled) {
            continue;
        }
        enum err err = row_resolve(&im->rows, e, &p);
        if (err != OK && !last && may_wait(im, &p)) {
            continue;
        }
        e->settled = true;
        settled++;
        if (err != OK) {
            tell_problem(im, e, &p);
        } else {
            take_entry(im, i);
        }
    }
    return settled;
}

static void take_all(struct import *im)
{
    while (take_round(im, false) > 0) {
    }
    (void)take_round(im, true);
    receive_all(im);
    for (size_t i = 0; i < im->entries.n && !im->stop; i++) {
        if (im->entries.list[i].anew) {
            send_entry(im, i, false);
        }
    }
    receive_all(im);
}

static void print_summary(const struct import *im)
{
    struct timespec now;
    (void)clock_gettime(CLOCK_MONOTONIC, &now);
    json_int_t ms = (json_int_t)(now.tv_sec - im->began.tv_sec) * 1000 +
                    (now.tv_nsec - im->began.tv_nsec) / 1000000;
    clear_progress(im);
    json_t *result = json_pack(
        "{s:I, s:I, s:I, s:I, s:I, s:f}", "rows", (json_int_t)im->entries.rows,
        "added", (json_int_t)im->added, "already_there", (json_int_t)im->there,
        "refused", (json_int_t)im->entries.bad, "warned",
        (json_int_t)im->warned, "seconds", (double)ms / 1000);
    (void)local_print(im->context, result);
    json_decref(result);
}

static void import_entries(struct import *im)
{
    struct bihuan_error error;
    enum bihuan_status status =
        known_load(&im->rows.known, im->b, im->rows.kind, &error);
    if (status != BIHUAN_DONE) {
        complain_error(stderr, &error);
        im->status = (enum exit_status)status;
        return;
    }
    im->rows.mine = json_object();
    take_all(im);
    json_decref(im->rows.mine);
    if (im->stop) {
        (void)fprintf(stderr, "bihuan: %s\n",
                      tr("stopped; mend the cause and run the import again, "
                         "what is in is not taken twice"));
    }
    print_summary(im);
    if (im->status == EXIT_DONE && (im->entries.bad > 0 || im->warned > 0)) {
        im->status = EXIT_REFUSED;
    }
}

static void import_file(struct import *im, const char *bytes, size_t len)
{
    struct problem p;
    if (entries_read(&im->entries, im->rows.kind, bytes, len, &p) != OK) {
        complain(stderr, &p);
        im->status = EXIT_REFUSED;
        return;
    }
    im->status = server_open(im->context->options, &im->b);
    if (im->status == EXIT_DONE) {
        import_entries(im);
        known_done(&im->rows.known);
        bihuan_close(im->b);
    }
}

enum exit_status local_registry_import(const struct run_context *context)
{
    struct import im = {.context = context,
                        .terminal = isatty(STDERR_FILENO) == 1};
    const char *kind = local_text(context, "kind");
    const struct arg *arg =
        &context->command->args[command_arg(context->command, "kind")];
    char *bytes = NULL;
    size_t len = 0;
    struct problem p;
    im.rows.kind =
        (enum register_rows)choice_index(arg->choices, kind, strlen(kind));
    im.rows.command = command_at(command_ids[im.rows.kind]);
    im.rows.force = json_is_true(json_object_get(context->params, "force"));
    (void)clock_gettime(CLOCK_MONOTONIC, &im.began);
    if (file_read(local_text(context, "file"), SHEET_FILE_BYTES_MAX, &bytes,
                  &len, &p) != OK) {
        complain(stderr, &p);
        return EXIT_REFUSED;
    }
    import_file(&im, bytes, len);
    entries_done(&im.entries);
    free(bytes);
    return im.status;
}
