/* `bihuan attachment get`: an attachment in pieces from the server. It is
 * checked against its digest and gets its name only then; nothing is
 * overwritten. */
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "client/cli/commands/attachment/transfer.h"
#include "client/cli/files/file.h"
#include "core/limits.h"
#include "daemon/store/files.h"
#include "proto/base64.h"

enum {
    PARTIAL_SIZE = 4200
};

struct incoming_file {
    const char *path;
    char part[PARTIAL_SIZE]; /* until it is whole and checked */
    int fd;
    json_t *facts; /* of the first piece */
    int64_t size;
    int64_t received;
    char *bytes;
};

static enum err failed(struct problem *p, const char *path)
{
    char detail[PROBLEM_TEXT_SIZE];
    enum err err = errno == EEXIST ? ERR_EXISTS : ERR_IO;
    (void)snprintf(detail, sizeof detail, "%s: %s", path, strerror(errno));
    return problem_set(p, err, "file",
                       err == ERR_EXISTS ? "the name of a new file" : "",
                       detail);
}

static enum err open_part(struct incoming_file *f, struct problem *p)
{
    (void)snprintf(f->part, sizeof f->part, "%s.XXXXXX", f->path);
    if (access(f->path, F_OK) == 0) {
        errno = EEXIST;
        return failed(p, f->path);
    }
    f->fd = mkstemp(f->part);
    if (f->fd < 0) {
        f->part[0] = '\0';
        return failed(p, f->path);
    }
    return OK;
}

/* What a piece says of the whole must not change on the way. */
static enum err take_piece(struct incoming_file *f, json_t *result,
                           struct problem *p)
{
    json_t *text = json_object_get(result, "bytes");
    size_t len = 0;
    size_t room = ATTACHMENT_BYTES_MAX - (size_t)f->received;
    size_t chars = json_string_length(text);
    bool right = json_is_string(text) && chars / 4 * 3 <= room + 2 &&
                 base64_decode(json_string_value(text), chars,
                               f->bytes + f->received, &len) &&
                 strcmp(transfer_text(result, "sha256"),
                        transfer_text(f->facts, "sha256")) == 0 &&
                 (len > 0 || f->received == f->size);
    if (!right) {
        return problem_set(p, ERR_CORRUPT, "n", "",
                           "a piece that is not right");
    }
    f->received += (int64_t)len;
    return OK;
}

static json_t *ask_piece(struct transfer *t, const struct incoming_file *f)
{
    json_t *params = json_copy(t->context->params);
    (void)json_object_del(params, "file");
    (void)json_object_set_new(params, "offset", json_integer(f->received));
    return transfer_ask(t, "attachment.read", params, NULL);
}

static bool fetch_piece(struct transfer *t, struct incoming_file *f)
{
    struct problem p = {.err = OK};
    json_t *result = ask_piece(t, f);
    if (result == NULL) {
        return false;
    }
    if (f->facts == NULL) {
        f->facts = json_incref(result);
        f->size = transfer_number(result, "size");
    }
    enum err err = take_piece(f, result, &p);
    json_decref(result);
    if (err != OK) {
        transfer_end_progress(t);
        t->status = transfer_refused(&p);
    }
    return err == OK;
}

static enum err write_all(struct incoming_file *f, struct problem *p)
{
    for (size_t done = 0; done < (size_t)f->size;) {
        ssize_t n = write(f->fd, f->bytes + done, (size_t)f->size - done);
        if (n < 0 && errno == EINTR) {
            continue;
        }
        if (n <= 0) {
            return failed(p, f->path);
        }
        done += (size_t)n;
    }
    return fsync(f->fd) == 0 ? OK : failed(p, f->path);
}

/* link() refuses a name that was taken meanwhile; a file system without links
 * gets a rename. */
static enum err give_name(struct incoming_file *f, struct problem *p)
{
    if (link(f->part, f->path) == 0) {
        return OK;
    }
    if (errno == EEXIST || access(f->path, F_OK) == 0) {
        errno = EEXIST;
        return failed(p, f->path);
    }
    if (rename(f->part, f->path) != 0) {
        return failed(p, f->path);
    }
    f->part[0] = '\0';
    return OK;
}

static enum err save(struct incoming_file *f, struct problem *p)
{
    char sha256[SHA256_SIZE];
    files_sha256(f->bytes, (size_t)f->received, sha256);
    if (f->received != f->size ||
        strcmp(sha256, transfer_text(f->facts, "sha256")) != 0) {
        return problem_set(p, ERR_CORRUPT, "n", "",
                           "the bytes that came have another digest");
    }
    enum err err = write_all(f, p);
    return err == OK ? give_name(f, p) : err;
}

static enum exit_status print_saved(struct transfer *t, struct incoming_file *f)
{
    (void)json_object_del(f->facts, "bytes");
    (void)json_object_del(f->facts, "offset");
    (void)json_object_del(f->facts, "more");
    (void)json_object_set_new(f->facts, "file", json_string(f->path));
    return local_print(t->context, f->facts);
}

static void get(struct transfer *t, struct incoming_file *f)
{
    struct problem p = {.err = OK};
    bool going = true;
    do {
        going = fetch_piece(t, f);
        transfer_progress(t, f->received, f->size);
    } while (going && f->received < f->size);
    transfer_end_progress(t);
    if (!going) {
        return;
    }
    t->status = save(f, &p) == OK ? print_saved(t, f) : transfer_refused(&p);
}

enum exit_status local_attachment_get(const struct run_context *context)
{
    struct transfer t = {.context = context,
                         .terminal = isatty(STDERR_FILENO) == 1};
    struct incoming_file f = {.path = local_text(context, "file"), .fd = -1};
    struct problem p = {.err = OK};
    if (open_part(&f, &p) != OK) {
        return transfer_refused(&p);
    }
    t.status = server_open(context->options, &t.b);
    if (t.status == EXIT_DONE) {
        f.bytes = must_alloc(ATTACHMENT_BYTES_MAX + 3);
        get(&t, &f);
        bihuan_close(t.b);
    }
    (void)close(f.fd);
    if (f.part[0] != '\0') {
        (void)unlink(f.part);
    }
    json_decref(f.facts);
    free(f.bytes);
    return t.status;
}
