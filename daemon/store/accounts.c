/* Accounts, tokens and failed log-ins: see accounts.h. */
#include "daemon/store/accounts.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "daemon/store/internal.h"

#define COUNT(cells) ((int)(sizeof(cells) / sizeof(cells)[0]))

/* Nothing of these tables is an effect of a record: they are written as they
 * are, in the transaction that is open. */
static enum err write_row(struct store *s, enum statement statement,
                          const struct cell *binds, int n)
{
    return s->lost != OK ? s->lost : store_run(s, statement, binds, n);
}

/* The one row that a statement gives, read by `read`; NOT_FOUND. */
static enum err find_row(struct store *s, enum statement statement,
                         struct cell bind,
                         void (*read)(const struct rows *r, void *ret),
                         void *ret)
{
    struct rows r;
    enum err err = rows_begin(s, statement, &bind, 1, &r);
    if (err != OK) {
        return err;
    }
    bool there = rows_next(&r);
    if (there) {
        read(&r, ret);
    }
    err = rows_end(&r);
    return err == OK && !there ? ERR_NOT_FOUND : err;
}

/* -- accounts ---------------------------------------------------------------
 */

/* Of the two there may be none; what is not of their length is none either. */
static bool read_secret(const struct rows *r, int column,
                        uint8_t ret[TOTP_SECRET_BYTES])
{
    if (sqlite3_column_bytes(r->handle, column) != TOTP_SECRET_BYTES) {
        return false;
    }
    memcpy(ret, sqlite3_column_blob(r->handle, column), TOTP_SECRET_BYTES);
    return true;
}

static void read_account(const struct rows *r, void *ret)
{
    struct account *a = ret;
    *a = (struct account){
        .person = rows_int(r, 0),
        .due = rows_int(r, 3) != 0,
        .disabled = !rows_null(r, 4),
        .disabled_at = rows_int_or(r, 4, INSTANT_NONE),
        .totp_step = rows_int(r, 7),
        .made = rows_int(r, 8),
        .set = rows_int(r, 9),
        .login = rows_int_or(r, 10, INSTANT_NONE),
    };
    snprintf(a->code, sizeof a->code, "%s", rows_text(r, 1));
    snprintf(a->hash, sizeof a->hash, "%s", rows_text(r, 2));
    a->totp = read_secret(r, 5, a->totp_secret);
    a->totp_asked = read_secret(r, 6, a->totp_new);
}

enum err account_find(struct store *s, const char *code, struct account *ret)
{
    return find_row(s, STMT_ACCOUNT_FIND, cell_text("", code), read_account,
                    ret);
}

enum err account_of(struct store *s, register_id person, struct account *ret)
{
    return find_row(s, STMT_ACCOUNT_OF, cell_int("", person), read_account,
                    ret);
}

static struct cell secret_cell(bool there,
                               const uint8_t secret[TOTP_SECRET_BYTES])
{
    return there ? cell_blob("", secret, TOTP_SECRET_BYTES) : cell_null("");
}

enum err account_put(struct store *s, const struct account *a)
{
    struct cell binds[] = {
        cell_int("", a->person),
        cell_text("", a->hash),
        cell_int("", a->due ? 1 : 0),
        cell_int("", a->made),
        cell_int("", a->set),
        cell_int_or_null("", a->login, INSTANT_NONE),
        a->disabled ? cell_int("", a->disabled_at) : cell_null(""),
        secret_cell(a->totp, a->totp_secret),
        secret_cell(a->totp_asked, a->totp_new),
        cell_int("", a->totp_step),
    };
    return write_row(s, STMT_ACCOUNT_PUT, binds, COUNT(binds));
}

enum err account_why(struct store *s, register_id person, const char *why)
{
    struct cell binds[] = {cell_int("", person), cell_text("", why)};
    return write_row(s, STMT_ACCOUNT_WHY, binds, 2);
}

enum err account_enabled(struct store *s, int role, register_id but,
                         int64_t *ret)
{
    struct cell binds[] = {cell_int("", role), cell_int("", but)};
    return rows_number(s, STMT_ACCOUNTS_WITH_ROLE, binds, 2, 0, ret);
}

/* -- kept old passwords -----------------------------------------------------
 */

enum err account_old_hashes(struct store *s, register_id person,
                            bool (*each)(void *user, const char *hash),
                            void *user)
{
    struct cell bind = cell_int("", person);
    struct rows r;
    enum err err = rows_begin(s, STMT_PASSWORDS_OLD, &bind, 1, &r);
    if (err != OK) {
        return err;
    }
    bool more = true;
    while (more && rows_next(&r)) {
        more = each(user, rows_text(&r, 0));
    }
    return rows_end(&r);
}

enum err account_old_add(struct store *s, register_id person, const char *hash,
                         int keep)
{
    struct cell added[] = {cell_int("", person), cell_text("", hash)};
    struct cell dropped[] = {cell_int("", person), cell_int("", keep)};
    enum err err = write_row(s, STMT_PASSWORD_OLD_ADD, added, 2);
    return err == OK ? write_row(s, STMT_PASSWORD_OLD_DROP, dropped, 2) : err;
}

/* -- tokens -----------------------------------------------------------------
 */

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
    return find_row(s, STMT_TOKEN_FIND, bind, read_token, ret);
}

enum err token_of(struct store *s, int64_t id, struct token *ret)
{
    return find_row(s, STMT_TOKEN_OF, cell_int("", id), read_token, ret);
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
        err = write_row(s, STMT_TOKEN_ADD, binds, COUNT(binds));
    }
    if (err == OK) {
        *ret_id = id;
    }
    return err;
}

enum err token_used(struct store *s, int64_t id, instant at)
{
    struct cell binds[] = {cell_int("", id), cell_int("", at)};
    return write_row(s, STMT_TOKEN_USED, binds, 2);
}

enum err token_drop(struct store *s, int64_t id)
{
    struct cell bind = cell_int("", id);
    return write_row(s, STMT_TOKEN_DROP, &bind, 1);
}

enum err token_drop_all(struct store *s, register_id person, int64_t keep)
{
    struct cell binds[] = {cell_int("", person), cell_int("", keep)};
    return write_row(s, STMT_TOKEN_DROP_ALL, binds, 2);
}

enum err token_expire(struct store *s, instant now, instant idle_since)
{
    struct cell binds[] = {cell_int("", now), cell_int("", idle_since)};
    return write_row(s, STMT_TOKEN_EXPIRE, binds, 2);
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

/* -- failed log-ins ---------------------------------------------------------
 */

bool lockout_holds(const struct lockout *l, instant now)
{
    return l->until != INSTANT_NONE && l->last <= now && now < l->until;
}

enum err lockout_find(struct store *s, const char *name, const char *source,
                      struct lockout *ret)
{
    struct cell binds[] = {cell_text("", name), cell_text("", source)};
    struct rows r;
    enum err err = rows_begin(s, STMT_LOCKOUT_FIND, binds, 2, &r);
    if (err != OK) {
        return err;
    }
    bool there = rows_next(&r);
    if (there) {
        *ret = (struct lockout){.failures = (int)rows_int(&r, 0),
                                .last = rows_int(&r, 1),
                                .until = rows_int_or(&r, 2, INSTANT_NONE)};
    }
    err = rows_end(&r);
    return err == OK && !there ? ERR_NOT_FOUND : err;
}

enum err lockout_put(struct store *s, const char *name, const char *source,
                     const struct lockout *l)
{
    struct cell binds[] = {
        cell_text("", name),
        cell_text("", source),
        cell_int("", l->failures),
        cell_int("", l->last),
        cell_int_or_null("", l->until, INSTANT_NONE),
    };
    return write_row(s, STMT_LOCKOUT_PUT, binds, COUNT(binds));
}

enum err lockout_drop(struct store *s, const char *name, const char *source)
{
    struct cell binds[] = {cell_text("", name), cell_text("", source)};
    return write_row(s, STMT_LOCKOUT_DROP, binds, 2);
}

enum err lockout_drop_name(struct store *s, const char *name)
{
    struct cell bind = cell_text("", name);
    return write_row(s, STMT_LOCKOUT_DROP_NAME, &bind, 1);
}

enum err lockout_expire(struct store *s, instant before)
{
    struct cell bind = cell_int("", before);
    struct cell most = cell_int("", LOCKOUTS_MAX);
    enum err err = write_row(s, STMT_LOCKOUT_EXPIRE, &bind, 1);
    return err == OK ? write_row(s, STMT_LOCKOUT_TRIM, &most, 1) : err;
}
