/* Commands about the server itself. */
#include <stdatomic.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <uv.h>

#include "core/instant.h"
#include "daemon/commands/call.h"
#include "daemon/commands/result.h"
#include "daemon/stats.h"
#include "proto/openrpc.h"

/* What jansson's own constants have: never counted, never freed. */
#define UNCOUNTED ((size_t)-1)

/* The same for ever, and large: made when it is first asked for, and shared by
 * all threads. Nobody changes what stands in a reply. */
enum err cmd_rpc_discover(struct call *c)
{
    static _Atomic(json_t *) kept;
    json_t *document = atomic_load(&kept);
    if (document == NULL) {
        json_t *made = openrpc_document();
        if (made == NULL) {
            return ERR_NO_MEMORY;
        }
        made->refcount = UNCOUNTED;
        if (atomic_compare_exchange_strong(&kept, &document, made)) {
            document = made;
        } else { /* another thread was faster */
            made->refcount = 1;
            json_decref(made);
        }
    }
    c->result = document;
    return OK;
}

enum err cmd_server_info(struct call *c)
{
    struct stats now = {.started = c->recorded};
    int64_t calls = 0;
    int64_t refused = 0;
    if (c->stats != NULL) {
        stats_copy(c->stats, &now);
    }
    for (int i = 0; i < CMD_COUNT; i++) {
        calls += now.of[i].calls;
        refused += now.of[i].refused;
    }
    c->result = json_object();
    json_object_set_new(c->result, "version", json_string(BIHUAN_VERSION));
    json_object_set_new(c->result, "now", result_instant(c->recorded));
    json_object_set_new(c->result, "started", result_instant(now.started));
    json_object_set_new(c->result, "head", json_integer(c->head));
    json_object_set_new(c->result, "calls", json_integer(calls));
    json_object_set_new(c->result, "refused", json_integer(refused));
    return OK;
}

static json_t *refusals(struct stats *s)
{
    json_t *table = table_new("error count");
    for (int i = 0; i < ERR_COUNT; i++) {
        int64_t count = atomic_load(&s->refused[i]);
        if (count > 0) {
            json_t *row = table_row(table);
            row_text(row, err_name((enum err)i));
            row_int(row, count);
        }
    }
    return table;
}

enum err cmd_server_stats(struct call *c)
{
    struct stats now = {.started = c->recorded};
    if (c->stats != NULL) {
        stats_copy(c->stats, &now);
    }
    json_t *table = table_new("method calls refused total_us max_us");
    for (int i = 0; i < CMD_COUNT; i++) {
        const struct counter *of = &now.of[i];
        if (of->calls == 0) {
            continue;
        }
        json_t *row = table_row(table);
        row_text(row, command_at(i)->name);
        row_int(row, of->calls);
        row_int(row, of->refused);
        row_int(row, of->total_us);
        row_int(row, of->max_us);
    }
    c->result = json_object();
    json_object_set_new(c->result, "started", result_instant(now.started));
    for (int i = 0; i < FIGURE_COUNT; i++) {
        enum figure figure = (enum figure)i;
        json_object_set_new(c->result, figure_name(figure),
                            json_integer(stats_get(&now, figure)));
    }
    json_object_set_new(c->result, "refusals", refusals(&now));
    json_object_set_new(c->result, "commands", table);
    return OK;
}

static int64_t file_bytes(const char *path)
{
    struct stat info;
    return stat(path, &info) == 0 ? (int64_t)info.st_size : 0;
}

/* Whether a backup may go there: anywhere, or straight into the one folder that
 * the configuration names. */
static bool may_hold(const char *folder, const char *file)
{
    if (folder == NULL || folder[0] == '\0') {
        return true;
    }
    size_t len = strlen(folder);
    while (len > 1 && folder[len - 1] == '/') {
        len--;
    }
    return strncmp(file, folder, len) == 0 && file[len] == '/' &&
           file[len + 1] != '\0' && strchr(file + len + 1, '/') == NULL;
}

/* First the contents of attachments, then the database under its name: who sees
 * that has all of it. Both of one snapshot. */
static enum err copy_all(struct call *c, const char *file, int64_t *ret_head,
                         struct backup_files *ret_files)
{
    enum err err = store_snapshot(c->store);
    if (err != OK) {
        return err;
    }
    err = store_backup_files(c->store, file, ret_files, &c->problem);
    if (err == OK) {
        err = store_backup(c->store, file, ret_head, &c->problem);
        if (err != OK) {
            store_backup_files_drop(file);
        }
    }
    store_release(c->store);
    return err;
}

static json_t *files_result(const char *file, const struct backup_files *files)
{
    bool any = files->files + files->missing > 0;
    json_t *folder = any ? json_sprintf("%s.files", file) : json_null();
    json_t *o = json_object();
    json_object_set_new(o, "folder", folder);
    json_object_set_new(o, "files", json_integer(files->files));
    json_object_set_new(o, "bytes", json_integer(files->bytes));
    json_object_set_new(o, "linked", json_integer(files->linked));
    json_object_set_new(o, "missing", json_integer(files->missing));
    return o;
}

/* Beside the writer, on a reader's handle: writes go on meanwhile. */
enum err cmd_backup(struct call *c)
{
    const char *file = arg_text(c, "file");
    int64_t head = 0;
    if (file[0] != '/') {
        return refuse(c, ERR_BAD_PARAM, "file", "an absolute path", file);
    }
    if (!may_hold(c->backup_folder, file)) {
        char expected[PROBLEM_TEXT_SIZE];
        snprintf(expected, sizeof expected, "a file straight in '%.200s'",
                 c->backup_folder);
        return refuse(c, ERR_BAD_PARAM, "file", expected, file);
    }
    uint64_t start = uv_hrtime();
    struct backup_files files;
    enum err err = copy_all(c, file, &head, &files);
    if (err != OK) {
        return err;
    }
    int64_t took_s = (int64_t)((uv_hrtime() - start) / 1000000000);
    c->result = json_object();
    json_object_set_new(c->result, "file", json_string(file));
    json_object_set_new(c->result, "head", json_integer(head));
    json_object_set_new(c->result, "bytes", json_integer(file_bytes(file)));
    json_object_set_new(c->result, "took_s", json_integer(took_s));
    json_object_set_new(c->result, "attachments", files_result(file, &files));
    return OK;
}
