/* Accounts, tokens and failed log-ins: rows, no decisions. What may be done
 * with them is decided by the commands (cmd_login.c, cmd_account.c,
 * cmd_token.c); what a password or a token is, by daemon/gate. Writes belong to
 * the writer's transaction; none of them is in the journal. */
#ifndef BIHUAN_STORE_ACCOUNTS_H
#define BIHUAN_STORE_ACCOUNTS_H

#include <stdbool.h>
#include <stdint.h>

#include "core/instant.h"
#include "daemon/store/store.h"

enum {
    HASH_TEXT_SIZE = 384,   /* CRYPT_OUTPUT_SIZE of libxcrypt */
    TOTP_SECRET_BYTES = 20, /* RFC 4226: 160 bits */
    DIGEST_BYTES = 32
};

/* Stored: append only. */
enum token_kind {
    TOKEN_LOGIN, /* of a log-in: idle and absolute end */
    TOKEN_API    /* of a program: absolute end, a scope */
};

struct account {
    register_id person;
    char code[CODE_SIZE];
    char hash[HASH_TEXT_SIZE];
    bool due;
    bool disabled;
    bool totp;       /* a second factor is set up */
    bool totp_asked; /* one is being set up */
    uint8_t totp_secret[TOTP_SECRET_BYTES];
    uint8_t totp_new[TOTP_SECRET_BYTES];
    int64_t totp_step;
    instant made;
    instant set;
    instant login;       /* INSTANT_NONE: never */
    instant disabled_at; /* while it is */
};
/* The account of a person who is registered today; NOT_FOUND: no such person or
 * no account (the two are not told apart to the outside). */
enum err account_find(struct store *s, const char *code, struct account *ret);
enum err account_of(struct store *s, register_id person, struct account *ret);
/* Inserts it, or replaces it whole. */
enum err account_put(struct store *s, const struct account *a);

/* Why it is disabled, for the list; NULL: no more. */
enum err account_why(struct store *s, register_id person, const char *why);
/* How many persons registered today, but for `but` (0: nobody), may log in and
 * have that role (enum role). */
enum err account_enabled(struct store *s, int role, register_id but,
                         int64_t *ret);

/* How the hashes of all accounts begin, each beginning once: what
 * password_cost() goes by. Walks the table. */
enum err account_hashes(struct store *s,
                        bool (*each)(void *user, const char *begins),
                        void *user);
/* Kept old passwords, newest first: calls back until it returns false. */
enum err account_old_hashes(struct store *s, register_id person,
                            bool (*each)(void *user, const char *hash),
                            void *user);
/* Keeps one more and at most `keep` of them. */
enum err account_old_add(struct store *s, register_id person, const char *hash,
                         int keep);

/* -- tokens ---------------------------------------------------------------- */

struct token {
    int64_t id;
    register_id person;
    char code[CODE_SIZE];
    enum token_kind kind;
    bool due;  /* its account's password must be changed first */
    bool totp; /* its account has a second factor */
    char name[NAME_SIZE];
    char scope[TOKEN_SCOPE_SIZE];
    char source[SOURCE_SIZE];
    instant made;
    instant used;
    instant ends;
};
/* The token with that digest, of a person registered today whose account is not
 * disabled; its ends are for the caller to look at. NOT_FOUND. */
enum err token_find(struct store *s, const uint8_t digest[DIGEST_BYTES],
                    struct token *ret);
/* The same by its id. */
enum err token_of(struct store *s, int64_t id, struct token *ret);
/* Its id is one that no token had before; t->id is not looked at. */
enum err token_put(struct store *s, const uint8_t digest[DIGEST_BYTES],
                   const struct token *t, int64_t *ret_id);
enum err token_used(struct store *s, int64_t id, instant at);
enum err token_drop(struct store *s, int64_t id);
/* All of a person's, but for `keep` (0: none kept). */
enum err token_drop_all(struct store *s, register_id person, int64_t keep);
/* Those that have ended or were idle since; a bounded number. Walks the table:
 * once a minute is enough. */
enum err token_expire(struct store *s, instant now, instant idle_since);
/* How many of a person's live: made by now, neither ended nor, of log-ins, idle
 * since. */
enum err token_count(struct store *s, register_id person, instant now,
                     instant idle_since, int64_t *ret);
/* Their oldest log-in; NOT_FOUND: all are of programs. */
enum err token_drop_oldest(struct store *s, register_id person);

/* -- failed log-ins -------------------------------------------------------- */

struct lockout {
    int failures;
    instant last;
    instant until; /* INSTANT_NONE: not locked */
};
/* Whether it keeps out now. What was counted after now was counted while the
 * clock ran ahead: it would keep out that much too long. */
bool lockout_holds(const struct lockout *l, instant now);
/* NOT_FOUND: none. */
enum err lockout_find(struct store *s, const char *name, const char *source,
                      struct lockout *ret);
enum err lockout_put(struct store *s, const char *name, const char *source,
                     const struct lockout *l);
enum err lockout_drop(struct store *s, const char *name, const char *source);
/* Of one name from everywhere: its password was reset. */
enum err lockout_drop_name(struct store *s, const char *name);
/* Those older than that, and the oldest beyond LOCKOUTS_MAX. */
enum err lockout_expire(struct store *s, instant before);

#endif
