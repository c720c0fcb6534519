/* First answers of commands with a key, lines of history already taken,
 * settings of the file, who has acted on what. None of it is in the fold. */
#include <nettle/sm3.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "daemon/store/internal.h"
#include "proto/wipe.h"

void store_digest(const void *bytes, size_t len, uint8_t ret[32])
{
    struct sm3_ctx sm3;
    sm3_init(&sm3);
    sm3_update(&sm3, len, bytes);
    sm3_digest(&sm3, HASH_SIZE, ret);
    wipe(&sm3, sizeof sm3); /* it has the end of a token, or of a request */
}

/* The row's columns are digest, reply, seq. */
static enum err read_idem(struct rows *r, const uint8_t digest[32],
                          struct idem *ret)
{
    if (sqlite3_column_bytes(r->handle, 0) != HASH_SIZE ||
        memcmp(sqlite3_column_blob(r->handle, 0), digest, HASH_SIZE) != 0) {
        return ERR_KEY_REUSED;
    }
    char *reply = strdup(rows_text(r, 1));
    if (reply == NULL) {
        return ERR_NO_MEMORY;
    }
    *ret = (struct idem){.seq = rows_int(r, 2), .reply = reply};
    return OK;
}

enum err idem_find(struct store *s, const char *account, const char *key,
                   const uint8_t digest[32], struct idem *ret)
{
    struct cell binds[] = {cell_text("account", account),
                           cell_text("key", key)};
    struct rows r;
    enum err err = rows_begin(s, STMT_IDEM_FIND, binds, 2, &r);
    if (err != OK) {
        return err;
    }
    enum err found = ERR_NOT_FOUND;
    if (rows_next(&r)) {
        found = read_idem(&r, digest, ret);
    }
    err = rows_end(&r);
    return err == OK ? found : err;
}

enum err idem_keep(struct store *s, const char *account, const char *key,
                   const uint8_t digest[32], const char *reply, int64_t seq,
                   instant at)
{
    struct cell binds[] = {
        cell_text("account", account),
        cell_text("key", key),
        cell_blob("digest", digest, HASH_SIZE),
        cell_text("reply", reply),
        cell_int("seq", seq),
        cell_int("at", at),
    };
    return store_write(s, STMT_IDEM_ADD, binds, 6);
}

enum err idem_drop(struct store *s, const char *account)
{
    struct cell bind = cell_text("account", account);
    return store_write(s, STMT_IDEM_DROP, &bind, 1);
}

enum err idem_expire(struct store *s, instant before)
{
    struct cell bind = cell_int("at", before);
    return store_write(s, STMT_IDEM_EXPIRE, &bind, 1);
}

enum err imported_find(struct store *s, const uint8_t digest[32],
                       int64_t occurrence, bool *ret_there)
{
    struct cell binds[] = {cell_blob("digest", digest, HASH_SIZE),
                           cell_int("occurrence", occurrence)};
    int64_t there;
    enum err err = rows_number(s, STMT_IMPORTED_FIND, binds, 2, 0, &there);
    if (err == OK) {
        *ret_there = there != 0;
    }
    return err;
}

enum err imported_keep(struct store *s, const uint8_t digest[32],
                       int64_t occurrence, int64_t seq)
{
    struct cell binds[] = {cell_blob("digest", digest, HASH_SIZE),
                           cell_int("occurrence", occurrence),
                           cell_int("seq", seq)};
    return store_write(s, STMT_IMPORTED_ADD, binds, 3);
}

enum err meta_get(struct store *s, const char *name, char *out, size_t size)
{
    struct cell bind = cell_text("name", name);
    struct rows r;
    enum err err = rows_begin(s, STMT_META_GET, &bind, 1, &r);
    if (err != OK) {
        return err;
    }
    bool there = rows_next(&r);
    if (there) {
        snprintf(out, size, "%s", rows_text(&r, 0));
    }
    err = rows_end(&r);
    return err == OK && !there ? ERR_NOT_FOUND : err;
}

enum err meta_set(struct store *s, const char *name, const char *value)
{
    struct cell binds[] = {cell_text("name", name), cell_text("value", value)};
    return store_write(s, STMT_META_SET, binds, 2);
}

enum err acted_note(struct store *s, register_id person, ticket_id ticket,
                    instant at)
{
    struct cell binds[] = {cell_int("person", person),
                           cell_int("ticket", ticket), cell_int("at", at)};
    return store_run(s, STMT_ACTED_NOTE, binds, 3);
}
