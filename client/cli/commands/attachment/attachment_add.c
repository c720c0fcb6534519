/* `bihuan attachment add`: a file to the server in pieces, and to a ticket. It
 * is looked at here first, so that what the server would refuse is not sent. */
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "client/cli/commands/attachment/transfer.h"
#include "client/cli/files/file.h"
#include "core/limits.h"
#include "daemon/store/files.h"
#include "proto/base64.h"
#include "proto/filetype.h"

struct outgoing_file {
    char *bytes;
    size_t len;
    const char *name;
    char sha256[SHA256_SIZE];
};

static const char *last_part(const char *path)
{
    const char *slash = strrchr(path, '/');
    return slash == NULL ? path : slash + 1;
}

static enum err look_at(const struct outgoing_file *f, struct problem *p)
{
    if (f->len == 0) {
        return problem_set(p, ERR_BAD_PARAM, "file",
                           "a file that has something in it", f->name);
    }
    enum err err = file_name_check(f->name, strlen(f->name), p);
    enum file_type type = file_type_of(f->bytes, f->len);
    if (err == OK && type == FILE_TYPE_COUNT) {
        err = problem_set(p, ERR_BAD_PARAM, "file", FILE_TYPES_TAKEN,
                          "the content is of none of these types, or is "
                          "damaged, encrypted or has macros");
    }
    if (err == OK && !file_name_fits(f->name, type)) {
        char is[PROBLEM_TEXT_SIZE];
        (void)snprintf(is, sizeof is, "the content is of type '%s'",
                       file_type_name(type));
        err = problem_set(p, ERR_BAD_PARAM, "file",
                          "an extension that fits what the file is", is);
    }
    return err;
}

static enum err read_file(const struct run_context *context,
                          struct outgoing_file *ret, struct problem *p)
{
    const char *path = local_text(context, "file");
    const char *name = local_text(context, "name");
    enum err err =
        file_read(path, ATTACHMENT_BYTES_MAX, &ret->bytes, &ret->len, p);
    if (err != OK) {
        (void)snprintf(p->param, sizeof p->param, "file");
        return err;
    }
    ret->name = name == NULL ? last_part(path) : name;
    files_sha256(ret->bytes, ret->len, ret->sha256);
    return look_at(ret, p);
}

static bool send_piece(struct transfer *t, const struct outgoing_file *f,
                       const char *upload, size_t offset, size_t len)
{
    char *text = must_alloc(BASE64_LEN(len) + 1);
    base64_encode(f->bytes + offset, len, text);
    json_t *result =
        transfer_ask(t, "attachment.put",
                     json_pack("{s:s, s:I, s:s}", "upload", upload, "offset",
                               (json_int_t)offset, "bytes", text),
                     NULL);
    free(text);
    json_decref(result);
    return result != NULL;
}

static bool send_all(struct transfer *t, const struct outgoing_file *f,
                     const char *upload, size_t piece)
{
    bool sent = piece > 0 && piece <= ATTACHMENT_PIECE_MAX;
    for (size_t at = 0; sent && at < f->len; at += piece) {
        size_t len = f->len - at < piece ? f->len - at : piece;
        sent = send_piece(t, f, upload, at, len);
        transfer_progress(t, (int64_t)(at + len), (int64_t)f->len);
    }
    transfer_end_progress(t);
    return sent;
}

/* With a key of its own: who repeats it after a lost connection attaches it
 * once. */
static json_t *keep(struct transfer *t, const struct outgoing_file *f,
                    const char *upload)
{
    char key[BIHUAN_KEY_SIZE];
    const char *given = t->context->options->key;
    bool made = given != NULL || bihuan_key_new(key) == BIHUAN_DONE;
    json_t *params =
        json_pack("{s:s, s:s, s:s}", "upload", upload, "name", f->name,
                  "purpose", local_text(t->context, "purpose"));
    static const char *const names[] = {"ticket", "ref"};
    for (int i = 0; i < 2; i++) {
        json_t *value = json_object_get(t->context->params, names[i]);
        (void)(value == NULL ? 0 : json_object_set(params, names[i], value));
    }
    return transfer_ask(t, "attachment.keep", params,
                        given != NULL ? given
                        : made        ? key
                                      : NULL);
}

static void add(struct transfer *t, const struct outgoing_file *f)
{
    json_t *kept = NULL;
    json_t *begun =
        transfer_ask(t, "attachment.begin",
                     json_pack("{s:I, s:s}", "size", (json_int_t)f->len,
                               "sha256", f->sha256),
                     NULL);
    if (begun != NULL && send_all(t, f, transfer_text(begun, "upload"),
                                  (size_t)transfer_number(begun, "piece"))) {
        kept = keep(t, f, transfer_text(begun, "upload"));
    }
    if (kept != NULL) {
        t->status = local_print(t->context, kept);
    }
    json_decref(begun);
    json_decref(kept);
}

enum exit_status local_attachment_add(const struct run_context *context)
{
    struct transfer t = {.context = context,
                         .terminal = isatty(STDERR_FILENO) == 1};
    struct outgoing_file f = {.bytes = NULL};
    struct problem p = {.err = OK};
    if (read_file(context, &f, &p) != OK) {
        free(f.bytes);
        return transfer_refused(&p);
    }
    t.status = server_open(context->options, &t.b);
    if (t.status == EXIT_DONE) {
        add(&t, &f);
        bihuan_close(t.b);
    }
    free(f.bytes);
    return t.status;
}
