/* Accounts and their old passwords: see accounts.h. */
#include "daemon/store/accounts.h"

#include <stdio.h>
#include <string.h>

#include "daemon/store/internal.h"

#define COUNT(cells) ((int)(sizeof(cells) / sizeof(cells)[0]))

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
    struct cell bind = cell_text("", code);
    return rows_one(s, STMT_ACCOUNT_FIND, &bind, 1, read_account, ret);
}

enum err account_of(struct store *s, register_id person, struct account *ret)
{
    struct cell bind = cell_int("", person);
    return rows_one(s, STMT_ACCOUNT_OF, &bind, 1, read_account, ret);
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
    return store_write(s, STMT_ACCOUNT_PUT, binds, COUNT(binds));
}

enum err account_why(struct store *s, register_id person, const char *why)
{
    struct cell binds[] = {cell_int("", person), cell_text("", why)};
    return store_write(s, STMT_ACCOUNT_WHY, binds, 2);
}

enum err account_enabled(struct store *s, int role, register_id but,
                         int64_t *ret)
{
    struct cell binds[] = {cell_int("", role), cell_int("", but)};
    return rows_number(s, STMT_ACCOUNTS_WITH_ROLE, binds, 2, 0, ret);
}

/* -- hashes -----------------------------------------------------------------
 */

static enum err each_text(struct store *s, enum statement statement,
                          const struct cell *binds, int n,
                          bool (*each)(void *user, const char *text),
                          void *user)
{
    struct rows r;
    enum err err = rows_begin(s, statement, binds, n, &r);
    if (err != OK) {
        return err;
    }
    bool more = true;
    while (more && rows_next(&r)) {
        more = each(user, rows_text(&r, 0));
    }
    return rows_end(&r);
}

enum err account_hashes(struct store *s,
                        bool (*each)(void *user, const char *begins),
                        void *user)
{
    return each_text(s, STMT_ACCOUNT_HASHES, NULL, 0, each, user);
}

enum err account_old_hashes(struct store *s, register_id person,
                            bool (*each)(void *user, const char *hash),
                            void *user)
{
    struct cell bind = cell_int("", person);
    return each_text(s, STMT_PASSWORDS_OLD, &bind, 1, each, user);
}

enum err account_old_add(struct store *s, register_id person, const char *hash,
                         int keep)
{
    struct cell added[] = {cell_int("", person), cell_text("", hash)};
    struct cell dropped[] = {cell_int("", person), cell_int("", keep)};
    enum err err = store_write(s, STMT_PASSWORD_OLD_ADD, added, 2);
    return err == OK ? store_write(s, STMT_PASSWORD_OLD_DROP, dropped, 2) : err;
}
