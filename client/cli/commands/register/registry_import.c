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
#include "client/cli/commands/register/register_entries.h"
#include "client/cli/commands/register/register_known.h"
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
    enum register_rows kind;
    const struct command *command;
    struct entries entries;
    struct known known;
    struct bihuan *b;
    json_t *mine; /* what was sent: code -> {line, params} */
    bool force;
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

/* -- one entry ---------------------------------------------------------------
 */

/* Names of chains and units become their codes. */
static enum err resolve(struct import *im, struct entry *e, struct problem *p)
{
    int n = 0;
    const struct field *fields = fields_of(im->kind, &n);
    for (int i = 0; i < n; i++) {
        json_t *value = json_object_get(e->params, fields[i].param);
        if (fields[i].form != FORM_PLACE || value == NULL) {
            continue;
        }
        const char *code = known_code(&im->known, fields[i].param,
                                      json_string_value(value), p);
        if (code == NULL) {
            return p->err;
        }
        (void)json_object_set_new(e->params, fields[i].param,
                                  json_string(code));
    }
    return OK;
}

/* 18 digits that end in zeros and do not agree are what is left of a code that
 * a spreadsheet took for a number. */
static bool rounded(const char *code)
{
    size_t len = strlen(code);
    return len == strspn(code, "0123456789") && len > 15 &&
           strcmp(code + 15, "000") == 0;
}

/* Some legally valid early codes fail the last check digit. */
static bool warn_code(struct import *im, const struct entry *e,
                      const char *code)
{
    struct problem p;
    if (im->force) {
        (void)json_object_set_new(e->params, "force", json_true());
        return false;
    }
    im->warned++;
    if (rounded(code)) {
        (void)problem_set(&p, ERR_BAD_CODE, "code",
                          "a column formatted as text before it is filled: "
                          "this one lost digits",
                          code);
    } else {
        (void)problem_set(&p, ERR_BAD_CODE, "code",
                          "18 characters whose check digits agree; force=true "
                          "takes it all the same",
                          code);
    }
    tell_problem(im, e, &p);
    im->entries.bad--; /* counted as a warning */
    return true;
}

/* As the server will check it; credit codes come out as they are registered.
 * False: told, and not to be sent. */
static bool check(struct import *im, const struct entry *e)
{
    struct value values[ARGS_MAX];
    struct problem p;
    if (command_check(im->command, e->params, values, &p) != OK) {
        tell_problem(im, e, &p);
        return false;
    }
    if (im->kind != ROWS_ENTERPRISES) {
        return true;
    }
    const struct value *code = command_value(im->command, values, "code");
    (void)json_object_set_new(e->params, "code", json_string(code->code));
    return code->number != 0 || !warn_code(im, e, code->code);
}

/* What an entry is about: a second row on it says the same or is wrong. */
static void entry_id(const struct import *im, const struct entry *e, char *out,
                     size_t size)
{
    const char *as = json_string_value(json_object_get(e->params, "as"));
    const char *name = im->kind == ROWS_GUIDES ? "enterprise" : "code";
    (void)snprintf(out, size, "%s %s",
                   json_string_value(json_object_get(e->params, name)),
                   as == NULL ? "" : as);
}

/* False: another row of this table has it; told unless it says the same. */
static bool first_of_its_kind(struct import *im, const struct entry *e)
{
    char id[2 * CODE_SIZE];
    char detail[PROBLEM_TEXT_SIZE];
    struct problem p;
    entry_id(im, e, id, sizeof id);
    json_t *before = json_object_get(im->mine, id);
    if (before == NULL) {
        (void)json_object_set_new(im->mine, id,
                                  json_pack("{s:I, s:O}", "line",
                                            (json_int_t)e->line, "params",
                                            e->params));
        return true;
    }
    if (json_equal(json_object_get(before, "params"), e->params)) {
        im->there++;
        return false;
    }
    (void)snprintf(detail, sizeof detail, "line %" JSON_INTEGER_FORMAT,
                   json_integer_value(json_object_get(before, "line")));
    (void)problem_set(&p, ERR_EXISTS,
                      im->kind == ROWS_GUIDES ? "enterprise" : "code",
                      "one row for each, with all its data", detail);
    tell_problem(im, e, &p);
    return false;
}

/* False: it is there, with this data or (told) with other. */
static bool to_be_added(struct import *im, const struct entry *e)
{
    struct problem p;
    switch (known_presence(&im->known, im->kind, e->params, &p)) {
    case NOT_THERE:
        return true;
    case THERE:
        im->there++;
        return false;
    case THERE_OTHER:
        tell_problem(im, e, &p);
        return false;
    }
    return false;
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
    return r->seq >= 0 && r->seq <= im->known.head;
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
    make_key(im->command, params, key);
    while (!im->stop && bihuan_pending(im->b) >= BIHUAN_WINDOW) {
        receive_one(im);
    }
    struct bihuan_request ask = {.method = im->command->name,
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
    return im->kind == ROWS_DEPARTMENTS && p->err == ERR_NOT_FOUND;
}

static void take_entry(struct import *im, size_t index)
{
    struct entry *e = &im->entries.list[index];
    if (!check(im, e) || !first_of_its_kind(im, e) || !to_be_added(im, e)) {
        return;
    }
    if (im->kind == ROWS_DEPARTMENTS) {
        known_add(&im->known,
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
        enum err err = resolve(im, e, &p);
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
    enum bihuan_status status = known_load(&im->known, im->b, im->kind, &error);
    if (status != BIHUAN_DONE) {
        complain_error(stderr, &error);
        im->status = (enum exit_status)status;
        return;
    }
    im->mine = json_object();
    take_all(im);
    json_decref(im->mine);
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
    if (entries_read(&im->entries, im->kind, bytes, len, &p) != OK) {
        complain(stderr, &p);
        im->status = EXIT_REFUSED;
        return;
    }
    im->status = server_open(im->context->options, &im->b);
    if (im->status == EXIT_DONE) {
        import_entries(im);
        known_done(&im->known);
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
    im.kind =
        (enum register_rows)choice_index(arg->choices, kind, strlen(kind));
    im.command = command_at(command_ids[im.kind]);
    im.force = json_is_true(json_object_get(context->params, "force"));
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
