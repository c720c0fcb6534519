#include "daemon/gate/token.h"

#include <gnutls/gnutls.h>
#include <nettle/base64.h>
#include <string.h>
#include <sys/random.h>

#include "proto/command.h"

void token_digest(const char *text, uint8_t ret[DIGEST_BYTES])
{
    store_digest(text, strlen(text), ret);
}

enum err token_make(char ret[TOKEN_SIZE], uint8_t ret_digest[DIGEST_BYTES])
{
    uint8_t random[TOKEN_BYTES];
    struct base64_encode_ctx context;
    if (getrandom(random, sizeof random, 0) != (ssize_t)sizeof random) {
        return ERR_INTERNAL;
    }
    base64url_encode_init(&context);
    size_t len = base64_encode_update(&context, ret, sizeof random, random);
    char rest[BASE64_ENCODE_FINAL_LENGTH];
    size_t more = base64_encode_final(&context, rest);
    for (size_t i = 0; i < more && rest[i] != '='; i++) {
        ret[len++] = rest[i];
    }
    ret[len] = '\0';
    token_digest(ret, ret_digest);
    gnutls_memset(random, 0, sizeof random); /* not left to the optimiser */
    return OK;
}

/* -- scope ------------------------------------------------------------------
 */

/* Reads to the database, and yet there is a file more afterwards. */
static bool leaves_files(const struct command *command)
{
    return command == command_at(CMD_attachment_begin) ||
           command == command_at(CMD_attachment_put) ||
           command == command_at(CMD_backup);
}

/* One word of a scope against a command's name. */
static bool word_allows(const char *word, size_t len,
                        const struct command *command)
{
    bool reads = command->effect == EFFECT_READ && !leaves_files(command);
    if (len == 4 && memcmp(word, "read", len) == 0) {
        return reads;
    }
    if (len > 2 && memcmp(word + len - 2, ".*", 2) == 0) {
        return strncmp(command->name, word, len - 1) == 0;
    }
    return strlen(command->name) == len &&
           memcmp(command->name, word, len) == 0;
}

static bool any_command(const char *word, size_t len)
{
    for (int i = 0; i < CMD_COUNT; i++) {
        if (command_at(i)->effect != EFFECT_LOCAL &&
            word_allows(word, len, command_at(i))) {
            return true;
        }
    }
    return false;
}

bool token_scope_ok(const char *scope)
{
    bool any = false;
    for (const char *word = scope + strspn(scope, " "); *word != '\0';) {
        size_t len = strcspn(word, " ");
        if (!any_command(word, len)) {
            return false;
        }
        any = true;
        word += len + strspn(word + len, " ");
    }
    return any;
}

bool token_scope_allows(const char *scope, const struct command *command)
{
    for (const char *word = scope + strspn(scope, " "); *word != '\0';) {
        size_t len = strcspn(word, " ");
        if (word_allows(word, len, command)) {
            return true;
        }
        word += len + strspn(word + len, " ");
    }
    return false;
}
