/* A file comes in (attachment.begin, .put), is attached (.keep), listed and
 * read back a piece at a time. The bytes are no part of the database: what
 * comes in is in daemon/files/uploads.h, what is kept in daemon/store/files.h.
 */
#include <stdlib.h>
#include <string.h>

#include "daemon/commands/result.h"
#include "daemon/commands/ticket/attachments.h"
#include "daemon/files/uploads.h"
#include "proto/base64.h"

/* -- coming in ---------------------------------------------------------------
 */

static enum err has_uploads(struct call *c)
{
    return c->uploads != NULL ? OK
                              : refuse(c, ERR_UNSUPPORTED, "",
                                       "a server with a data folder", "");
}

static enum err sha256_arg(struct call *c, struct upload *declared)
{
    const char *text = arg_text(c, "sha256");
    if (!files_sha256_ok(text)) {
        return refuse(c, ERR_BAD_PARAM, "sha256",
                      "64 hexadecimal digits in small letters", text);
    }
    memcpy(declared->sha256, text, SHA256_SIZE);
    return OK;
}

enum err cmd_attachment_begin(struct call *c)
{
    struct upload declared = {.owner = c->actor.person,
                              .size = arg(c, "size")->number,
                              .begun = c->recorded};
    struct upload upload;
    enum err err = has_uploads(c);
    if (err == OK) {
        err = sha256_arg(c, &declared);
    }
    if (err == OK) {
        err = uploads_begin(c->uploads, &declared, &upload, &c->problem);
    }
    if (err != OK) {
        return err;
    }
    c->result = json_object();
    json_object_set_new(c->result, "upload", json_string(upload.id));
    json_object_set_new(c->result, "piece", json_integer(ATTACHMENT_PIECE_MAX));
    return OK;
}

static void put_result(struct call *c, const struct upload *upload)
{
    c->result = json_object();
    json_object_set_new(c->result, "received", json_integer(upload->received));
    json_object_set_new(c->result, "whole", json_boolean(upload->whole));
    json_object_set_new(
        c->result, "type",
        result_text(upload->whole ? file_type_name(upload->type) : NULL));
}

enum err cmd_attachment_put(struct call *c)
{
    const struct value *text = arg(c, "bytes");
    struct upload upload;
    struct piece piece = {.offset = arg(c, "offset")->number};
    enum err err = has_uploads(c);
    void *bytes = err == OK ? malloc(text->len / 4 * 3 + 1) : NULL;
    if (err == OK && bytes == NULL) {
        err = ERR_NO_MEMORY;
    }
    if (err == OK && !base64_decode(text->text, text->len, bytes, &piece.len)) {
        err = refuse(c, ERR_BAD_PARAM, "bytes",
                     "base64, padded, without blanks", "");
    }
    piece.bytes = bytes;
    if (err == OK) {
        err = uploads_put(c->uploads, c->actor.person, arg_text(c, "upload"),
                          c->recorded, &piece, &upload, &c->problem);
    }
    free(bytes);
    if (err == OK) {
        put_result(c, &upload);
    }
    return err;
}

/* -- attaching ---------------------------------------------------------------
 */

static enum err whole_upload(struct call *c, struct upload *ret)
{
    enum err err = has_uploads(c);
    if (err == OK) {
        err = uploads_find(c->uploads, c->actor.person, arg_text(c, "upload"),
                           c->recorded, ret);
    }
    if (err == ERR_NOT_FOUND) {
        return refuse(c, err, "upload", "", "");
    }
    if (err == OK && !ret->whole) {
        return refuse(c, ERR_BLOCKED, "upload", "every byte of the file sent",
                      "");
    }
    bool there =
        err != OK || files_there(uploads_files(c->uploads), ret->sha256);
    return there ? err : refuse(c, ERR_CORRUPT, "upload", "", "");
}

static enum err right_name(struct call *c, const struct upload *upload)
{
    const struct value *name = arg(c, "name");
    enum err err = file_name_check(name->text, name->len, &c->problem);
    if (err != OK || file_name_fits(name->text, upload->type)) {
        return err;
    }
    return refuse(c, ERR_BAD_PARAM, "name",
                  "an extension that fits what the file is",
                  file_type_name(upload->type));
}

static enum err fits_ticket(struct call *c, ticket_id ticket, int64_t size,
                            int64_t *ret_n)
{
    struct cell bind = cell_int("", ticket);
    struct rows rows;
    enum err err =
        rows_begin(c->store, STMT_ATTACHMENT_TOTALS, &bind, 1, &rows);
    if (err != OK) {
        return err;
    }
    bool fits = false;
    if (rows_next(&rows)) {
        fits = rows_int(&rows, 0) < ATTACHMENTS_MAX &&
               rows_int(&rows, 1) <= ATTACHMENTS_BYTES_MAX - size;
        *ret_n = rows_int(&rows, 2) + 1;
    }
    err = rows_end(&rows);
    return err == OK && !fits
               ? refuse(c, ERR_LIMIT, "ticket",
                        "at most 100 attachments of 512 MiB in all", "")
               : err;
}

static enum err put_row(struct call *c, ticket_id ticket, int64_t n,
                        const struct upload *upload)
{
    int64_t name = 0;
    enum err err = work_text(c, "name", TEXT_FILE, &name);
    struct cell cells[] = {
        cell_int("ticket", ticket),
        cell_int("n", n),
        cell_text("sha256", upload->sha256),
        cell_int("size", upload->size),
        cell_int("type", upload->type),
        cell_int("purpose", arg(c, "purpose")->number),
        cell_int("name_text", name),
        cell_int("person", c->actor.person),
        cell_int("at", c->at),
        cell_int("seq", c->seq),
    };
    return err == OK ? store_put(c->store, TABLE_ATTACHMENT, cells,
                                 (int)(sizeof cells / sizeof cells[0]))
                     : err;
}

static void keep_result(struct call *c, ticket_id ticket, int64_t n,
                        const struct upload *upload)
{
    json_t *o = json_object();
    json_object_set_new(o, "number", result_number(ticket));
    json_object_set_new(o, "n", json_integer(n));
    json_object_set_new(o, "name", json_string(arg_text(c, "name")));
    json_object_set_new(o, "type", json_string(file_type_name(upload->type)));
    json_object_set_new(o, "purpose", json_string(arg_text(c, "purpose")));
    json_object_set_new(o, "size", json_integer(upload->size));
    json_object_set_new(o, "sha256", json_string(upload->sha256));
    c->result = o;
}

/* It moves the ticket as a note does. */
enum err cmd_attachment_keep(struct call *c)
{
    struct work w;
    struct upload upload = {.size = 0};
    int64_t n = 0;
    enum err err = work_begin(c, &w);
    if (err == OK) {
        err = attachment_may_add(
            c, &w, (enum attachment_purpose)arg(c, "purpose")->number);
    }
    if (err == OK) {
        err = whole_upload(c, &upload);
    }
    if (err == OK) {
        err = right_name(c, &upload);
    }
    if (err == OK) {
        err = fits_ticket(c, w.row.ticket.id, upload.size, &n);
    }
    if (err == OK) {
        err = work_step(c, &w);
    }
    if (err == OK) {
        err = put_row(c, w.row.ticket.id, n, &upload);
    }
    if (err == OK) {
        uploads_use(c->uploads, upload.id);
        keep_result(c, w.row.ticket.id, n, &upload);
    }
    return err;
}

/* -- reading back ------------------------------------------------------------
 */

static enum err seen_ticket(struct call *c, struct work *w, struct view *view)
{
    enum err err = work_begin(c, w);
    if (err == OK) {
        err = ticket_seen(c, w);
    }
    return err == OK ? ticket_view(c, &w->row.ticket, view) : err;
}

enum err cmd_attachment_list(struct call *c)
{
    struct work w;
    struct view view;
    json_t *table = NULL;
    enum err err = seen_ticket(c, &w, &view);
    if (err == OK) {
        err = attachments_table(c, w.row.ticket.id, &view, &table);
    }
    c->result = json_object();
    json_object_set_new(c->result, "attachments",
                        table == NULL ? json_null() : table);
    return err;
}

static void read_result(struct call *c, const struct attachment *a,
                        int64_t offset, const char *bytes, size_t len)
{
    json_t *o = c->result;
    json_object_set_new(o, "n", json_integer(a->n));
    json_object_set_new(o, "name", result_text(a->name));
    json_object_set_new(o, "type", json_string(file_type_name(a->type)));
    json_object_set_new(o, "purpose",
                        json_string(attachment_purpose_name(a->purpose)));
    json_object_set_new(o, "size", json_integer(a->size));
    json_object_set_new(o, "sha256", json_string(a->sha256));
    json_object_set_new(o, "offset", json_integer(offset));
    json_object_set_new(o, "bytes", json_string(bytes));
    json_object_set_new(o, "more",
                        json_boolean(offset + (int64_t)len < a->size));
}

/* A file that is shorter than its record is damaged: no piece of it is given
 * for the whole. */
static enum err read_piece(struct call *c, const struct attachment *a)
{
    int64_t offset = arg(c, "offset")->given ? arg(c, "offset")->number : 0;
    int64_t left = offset < a->size ? a->size - offset : 0;
    size_t wanted =
        left < ATTACHMENT_PIECE_MAX ? (size_t)left : ATTACHMENT_PIECE_MAX;
    size_t len = 0;
    char *bytes = malloc(ATTACHMENT_PIECE_MAX);
    char *text = malloc(BASE64_LEN(ATTACHMENT_PIECE_MAX) + 1);
    enum err err = bytes == NULL || text == NULL ? ERR_NO_MEMORY : OK;
    if (err == OK) {
        err = files_read(uploads_files(c->uploads), a->sha256, offset, bytes,
                         wanted, &len);
    }
    if (err == ERR_NOT_FOUND || (err == OK && len < wanted)) {
        err = refuse(c, ERR_CORRUPT, "n", "",
                     "the file of this attachment is lost or damaged");
    }
    if (err == OK) {
        base64_encode(bytes, len, text);
        read_result(c, a, offset, text, len);
    }
    free(bytes);
    free(text);
    return err;
}

enum err cmd_attachment_read(struct call *c)
{
    struct work w;
    struct view view;
    struct attachment a;
    enum err err = seen_ticket(c, &w, &view);
    if (err == OK) {
        err =
            attachment_find(c, w.row.ticket.id, &view, arg(c, "n")->number, &a);
    }
    if (err == OK) {
        err = has_uploads(c);
    }
    if (err != OK) {
        return err;
    }
    c->result = json_object();
    json_object_set_new(c->result, "number", result_number(w.row.ticket.id));
    return read_piece(c, &a);
}
