/* Whether every attachment has its file: see verify_files.h. */
#include "client/cli/commands/offline/verify_files.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>

#include "client/cli/files/file.h"
#include "daemon/store/verify.h"

static void tell_progress(void *user, int64_t done)
{
    (void)user;
    (void)fprintf(stderr, "\r%" PRId64 "\033[K", done);
}

static const char *fault_word(enum err err)
{
    switch (err) {
    case ERR_NOT_FOUND:
        return "missing";
    case ERR_CORRUPT:
        return "changed";
    default:
        return "unreadable";
    }
}

static json_t *faults_of(const struct files_report *report)
{
    json_t *rows = json_array();
    for (int i = 0; i < report->bad && i < FILE_FAULTS_MAX; i++) {
        const struct file_fault *fault = &report->faults[i];
        char number[TICKET_TEXT_SIZE];
        ticket_id_format(fault->ticket, number);
        (void)json_array_append_new(rows,
                                    json_pack("[s,i,s]", number, (int)fault->n,
                                              fault_word(fault->err)));
    }
    return json_pack("{s:[s,s,s], s:o}", "columns", "ticket", "n", "problem",
                     "rows", rows);
}

static void add(json_t *result, const struct files_report *report)
{
    (void)json_object_set_new(result, "attachments",
                              json_integer(report->attachments));
    (void)json_object_set_new(result, "files", json_integer(report->files));
    if (report->bad > 0) {
        (void)json_object_set_new(result, "sound", json_false());
        (void)json_object_set_new(result, "missing", json_integer(report->bad));
        (void)json_object_set_new(result, "faults", faults_of(report));
    }
}

enum err verify_files(const char *path, bool terminal, json_t *result,
                      struct problem *p)
{
    struct files_report *report = must_alloc(sizeof *report);
    enum err err = store_verify_files(path, report,
                                      terminal ? tell_progress : NULL, NULL, p);
    (void)fputs(terminal ? "\r\033[K" : "", stderr);
    if (err == OK || err == ERR_CORRUPT) {
        add(result, report);
    }
    free(report);
    return err;
}
