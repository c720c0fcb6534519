/* Files on their way in: bytes come in pieces, are gathered in a file of their
 * own, and when the last has come are looked at, made durable and placed among
 * the contents (daemon/store/files.h). Only then may a record name them.
 *
 *   begun --pieces--> whole --named by a record, or dropped after a time
 *
 * An upload belongs to the person who began it; to others it does not exist.
 * The table is in memory: a restart ends all uploads, and what they left is
 * removed. Nothing here is in the journal. All functions: any thread. */
#ifndef BIHUAN_DAEMON_FILES_UPLOADS_H
#define BIHUAN_DAEMON_FILES_UPLOADS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "core/err.h"
#include "core/instant.h"
#include "core/ticket.h"
#include "daemon/store/files.h"
#include "proto/filetype.h"

enum {
    UPLOAD_ID_SIZE = 33
};

struct uploads;

/* One upload as it stands. */
struct upload {
    char id[UPLOAD_ID_SIZE];
    register_id owner;
    int64_t size; /* as declared, with its digest */
    char sha256[SHA256_SIZE];
    int64_t received;    /* bytes without a gap from the beginning */
    bool whole;          /* all there, as declared, and durable */
    enum file_type type; /* once it is whole */
    instant begun;
    instant last; /* the latest piece */
};

/* `data` is the data folder: contents are in its `files`, uploads in its
 * `uploads`, which is emptied. */
enum err uploads_open(const char *data, struct uploads **ret,
                      struct problem *p);
void uploads_close(struct uploads *u);
/* The folder of contents. */
const char *uploads_files(const struct uploads *u);

/* LIMIT: too many under way; DISK_FULL; IO. */
enum err uploads_begin(struct uploads *u, const struct upload *declared,
                       struct upload *ret, struct problem *p);

/* One piece, which begins where the bytes received end, or before it (a piece
 * sent again). With the last byte the upload becomes whole, or, if it is not
 * what was declared or nothing that is taken, is refused for good.
 * NOT_FOUND upload; BAD_PARAM offset, bytes, sha256; BUSY: another piece is
 * under way; DISK_FULL; IO. */
struct piece {
    int64_t offset;
    const void *bytes;
    size_t len;
};
enum err uploads_put(struct uploads *u, register_id owner, const char *id,
                     instant now, const struct piece *piece, struct upload *ret,
                     struct problem *p);

/* NOT_FOUND: there is none, it is another's, or its time is over. */
enum err uploads_find(struct uploads *u, register_id owner, const char *id,
                      instant now, struct upload *ret);

/* A record names it: it may be dropped when room is needed. */
void uploads_use(struct uploads *u, const char *id);

/* Drops those whose time is over. */
void uploads_expire(struct uploads *u, instant now);

/* Removes a content, if no upload has it and `named` says that no record has
 * it, with no upload beginning in between; ERR_EXISTS if it stays. Only where
 * records are made, since only there `named` can know. */
enum err uploads_sweep(struct uploads *u, const char *sha256,
                       enum err (*named)(void *user, const char *sha256,
                                         bool *ret),
                       void *user);

#endif
