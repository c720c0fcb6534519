/* `bihuan verify`: the store's own proof, read-only, beside a running daemon or
 * without one. The only file of the command line that knows the store. */
#include "daemon/store/verify.h"

#include <inttypes.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include "client/cli/commands/local.h"
#include "client/cli/commands/offline/verify_files.h"
#include "client/cli/language/lang.h"
#include "daemon/store/anchor.h"
#include "proto/hex.h"

enum {
    VERIFY_PATH_SIZE = 4200
};

static void tell_progress(void *user, int64_t done, int64_t total)
{
    (void)user;
    (void)fprintf(stderr, "\r%" PRId64 "/%" PRId64, done, total);
}

/* Which texts were taken out, and by which record: the first of them. */
static json_t *redactions(const struct verdict_report *report)
{
    json_t *rows = json_array();
    for (int64_t i = 0; i < report->redacted && i < REDACTIONS_MAX; i++) {
        (void)json_array_append_new(
            rows, json_pack("[I, I]", (json_int_t)report->redactions[i].text,
                            (json_int_t)report->redactions[i].seq));
    }
    return json_pack("{s:[s, s], s:o}", "columns", "text_id", "redacted_by",
                     "rows", rows);
}

/* The other chain: it stands or falls by itself. */
static json_t *audit_of(const struct audit_report *report)
{
    char head[HEX_SIZE(sizeof report->hash)];
    hex_encode(report->hash, sizeof report->hash, head);
    json_t *audit = json_pack(
        "{s:b, s:I, s:I, s:I, s:s, s:I, s:I, s:I}", "sound", report->bad == 0,
        "records", (json_int_t)report->records, "expired",
        (json_int_t)report->base, "head", (json_int_t)report->head, "head_hash",
        head, "anchors", (json_int_t)report->anchors, "anchored",
        (json_int_t)report->anchored, "anchors_of_expired",
        (json_int_t)report->older);
    if (report->bad != 0) {
        (void)json_object_set_new(audit, "first_bad",
                                  json_integer(report->bad));
        (void)json_object_set_new(audit, "reason", json_string(report->reason));
    }
    return audit;
}

/* `sound` is of both chains; all else of the journal, but for `audit`. */
static json_t *result_of(const struct verdict_report *report, bool sound)
{
    char head[HEX_SIZE(sizeof report->head)];
    hex_encode(report->head, sizeof report->head, head);
    json_t *result = json_pack(
        "{s:b, s:I, s:I, s:I, s:s, s:I, s:I}", "sound", sound, "records",
        (json_int_t)report->records, "rows", (json_int_t)report->rows,
        "redacted", (json_int_t)report->redacted, "head_hash", head, "anchors",
        (json_int_t)report->anchors, "anchored", (json_int_t)report->anchored);
    if (report->redacted > 0) {
        (void)json_object_set_new(result, "redactions", redactions(report));
    }
    if (!sound && (report->bad_seq != 0 || report->audit.bad == 0)) {
        (void)json_object_set_new(result, "first_bad",
                                  json_integer(report->bad_seq));
        (void)json_object_set_new(result, "reason",
                                  json_string(report->reason));
    }
    (void)json_object_set_new(result, "audit", audit_of(&report->audit));
    return result;
}

/* Those that lie beside the data, and the one that was kept elsewhere. */
static enum err gather(const struct run_context *context,
                       struct anchors *anchors, struct problem *p)
{
    const char *given = local_text(context, "anchor");
    enum err err = anchors_add_kept(anchors, local_text(context, "data"), p);
    if (err == OK && given != NULL) {
        err = anchors_add(anchors, given, p);
    }
    anchors_sort(anchors);
    return err;
}

static enum err prove(const struct run_context *context, const char *path,
                      struct verdict_report *report, struct problem *p)
{
    struct anchors anchors = {.now = (instant)time(NULL)};
    bool terminal = isatty(STDERR_FILENO) == 1;
    enum err err = gather(context, &anchors, p);
    if (err == OK) {
        err = store_verify_anchored(path, &anchors, report,
                                    terminal ? tell_progress : NULL, NULL, p);
    }
    anchors_done(&anchors);
    (void)fputs(terminal ? "\r\033[K" : "", stderr);
    return err;
}

/* A backup is a file; what is proved is a folder with all that belongs to it.
 */
static enum err check_folder(const struct run_context *context,
                             struct problem *p)
{
    struct stat info;
    const char *data = local_text(context, "data");
    return stat(data, &info) == 0 && !S_ISDIR(info.st_mode)
               ? problem_set(p, ERR_BAD_PARAM, "data",
                             "a data folder; a copy is put into one as "
                             "bihuan.db, its files as files",
                             data)
               : OK;
}

/* Both chains first, then the files that attachments name. */
enum exit_status local_verify(const struct run_context *context)
{
    char path[VERIFY_PATH_SIZE];
    struct verdict_report report = {.records = 0};
    struct problem p = {.err = OK};
    struct problem files = {.err = OK};
    (void)snprintf(path, sizeof path, "%s/bihuan.db",
                   local_text(context, "data"));
    enum err err = check_folder(context, &p);
    err = err == OK ? prove(context, path, &report, &p) : err;
    if (err != OK && err != ERR_CORRUPT) {
        complain(stderr, &p);
        return EXIT_REFUSED;
    }
    json_t *result = result_of(&report, err == OK);
    bool terminal = isatty(STDERR_FILENO) == 1;
    enum err lost = verify_files(path, terminal, result, &files);
    enum exit_status status = local_print(context, result);
    json_decref(result);
    if (err != OK) {
        complain(stderr, &p);
    }
    if (lost != OK) {
        complain(stderr, &files);
    }
    return err == OK && lost == OK ? status : EXIT_REFUSED;
}
