/* `bihuan verify`: the store's own proof, read-only, beside a running daemon or
 * without one. The only file of the command line that knows the store. */
#include "daemon/store/verify.h"

#include <inttypes.h>
#include <unistd.h>

#include "client/cli/lang.h"
#include "client/cli/local.h"

enum {
    VERIFY_PATH_SIZE = 4200
};

static void tell_progress(void *user, int64_t done, int64_t total)
{
    (void)user;
    (void)fprintf(stderr, "\r%" PRId64 "/%" PRId64, done, total);
}

static void hex_of(const uint8_t *bytes, size_t n, char *out)
{
    for (size_t i = 0; i < n; i++) {
        (void)snprintf(out + 2 * i, 3, "%02x", bytes[i]);
    }
}

static json_t *result_of(const struct verdict_report *report, bool sound)
{
    char head[2 * sizeof report->head + 1];
    hex_of(report->head, sizeof report->head, head);
    json_t *result =
        json_pack("{s:b, s:I, s:I, s:I, s:s}", "sound", sound, "records",
                  (json_int_t)report->records, "rows", (json_int_t)report->rows,
                  "redacted", (json_int_t)report->redacted, "head_hash", head);
    if (!sound) {
        (void)json_object_set_new(result, "first_bad",
                                  json_integer(report->bad_seq));
        (void)json_object_set_new(result, "reason",
                                  json_string(report->reason));
    }
    return result;
}

enum exit_status local_verify(const struct run_context *context)
{
    char path[VERIFY_PATH_SIZE];
    struct verdict_report report = {.records = 0};
    struct problem p = {.err = OK};
    bool terminal = isatty(STDERR_FILENO) == 1;
    (void)snprintf(path, sizeof path, "%s/bihuan.db",
                   local_text(context, "data"));
    enum err err =
        store_verify(path, &report, terminal ? tell_progress : NULL, NULL, &p);
    (void)fputs(terminal ? "\r\033[K" : "", stderr);
    if (err != OK && err != ERR_CORRUPT) {
        complain(stderr, &p);
        return EXIT_REFUSED;
    }
    json_t *result = result_of(&report, err == OK);
    enum exit_status status = local_print(context, result);
    json_decref(result);
    if (err != OK) {
        complain(stderr, &p);
        return EXIT_REFUSED;
    }
    return status;
}
