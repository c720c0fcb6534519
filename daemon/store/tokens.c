/* Tokens: see accounts.h. */
#include "daemon/store/accounts.h"

#include <inttypes.h>
#include <stdio.h>

#include "daemon/store/internal.h"

#define COUNT(cells) ((int)(sizeof(cells) / sizeof(cells)[0]))

static void read_token(const struct rows *r, void *ret)
{
    struct token *t = ret;
    *t = (struct token){
        .id = rows_int(r, 0),
        .person = rows_int(r, 1),
        .kind = (enum token_kind)rows_int(r, 3),
        .due = rows_int(r, 4) != 0,
        .made = rows_int(r, 8),
        .used = rows_int(r, 9),
        .ends = rows_int(r, 10),
        .totp = rows_int(r, 11) != 0,
    };
    snprintf(t->code, sizeof t->code, "%s", rows_text(r, 2));
    snprintf(t->name, sizeof t->name, "%s", rows_text(r, 5));
    snprintf(t->scope, sizeof t->scope, "%s", rows_text(r, 6));
    snprintf(t->source, sizeof t->source, "%s", rows_text(r, 7));
}

enum err token_find(struct store *s, const uint8_t digest[DIGEST_BYTES],
                    struct token *ret)
{
    struct cell bind = cell_blob("", digest, DIGEST_BYTES);
    return rows_one(s, STMT_TOKEN_FIND, &bind, 1, read_token, ret);
}

enum err token_of(struct store *s, int64_t id, struct token *ret)
{
    struct cell bind = cell_int("", id);
    return rows_one(s, STMT_TOKEN_OF, &bind, 1, read_token, ret);
}

/* A number that no token had before: the record of who ended which stays clear.
 */
static enum err next_id(struct store *s, int64_t *ret)
{
    char text[24];
    enum err err = rows_number(s, STMT_TOKEN_NEXT, NULL, 0, 1, ret);
    if (err != OK) {
        return err;
    }
    snprintf(text, sizeof text, "%" PRId64, *ret);
    return meta_set(s, "token", text);
}

enum err token_put(struct store *s, const uint8_t digest[DIGEST_BYTES],
                   const struct token *t, int64_t *ret_id)
{
    int64_t id = 0;
    enum err err = next_id(s, &id);
    struct cell binds[] = {
        cell_int("", id),
        cell_blob("", digest, DIGEST_BYTES),
        cell_int("", t->person),
        cell_int("", t->kind),
        t->kind == TOKEN_API ? cell_text("", t->name) : cell_null(""),
        t->kind == TOKEN_API ? cell_text("", t->scope) : cell_null(""),
        cell_text("", t->source),
        cell_int("", t->made),
        cell_int("", t->used),
        cell_int("", t->ends),
    };
    if (err == OK) {
        err = store_write(s, STMT_TOKEN_ADD, binds, COUNT(binds));
    }
    if (err == OK) {
        *ret_id = id;
    }
    return err;
}

enum err token_used(struct store *s, int64_t id, instant at)
{
    struct cell binds[] = {cell_int("", id), cell_int("", at)};
    return store_write(s, STMT_TOKEN_USED, binds, 2);
}

enum err token_drop(struct store *s, int64_t id)
{
    struct cell bind = cell_int("", id);
    return store_write(s, STMT_TOKEN_DROP, &bind, 1);
}

enum err token_drop_all(struct store *s, register_id person, int64_t keep)
{
    struct cell binds[] = {cell_int("", person), cell_int("", keep)};
    return store_write(s, STMT_TOKEN_DROP_ALL, binds, 2);
}

enum err token_expire(struct store *s, instant now, instant idle_since)
{
    struct cell binds[] = {cell_int("", now), cell_int("", idle_since)};
    return store_write(s, STMT_TOKEN_EXPIRE, binds, 2);
}

enum err token_count(struct store *s, register_id person, instant now,
                     instant idle_since, int64_t *ret)
{
    struct cell binds[] = {cell_int("", person), cell_int("", now),
                           cell_int("", idle_since)};
    return rows_number(s, STMT_TOKEN_COUNT, binds, 3, 0, ret);
}

enum err token_drop_oldest(struct store *s, register_id person)
{
    struct cell bind = cell_int("", person);
    int64_t id = 0;
    enum err err = rows_number(s, STMT_TOKEN_OLDEST, &bind, 1, 0, &id);
    if (err == OK && id == 0) {
        return ERR_NOT_FOUND;
    }
    return err == OK ? token_drop(s, id) : err;
}
