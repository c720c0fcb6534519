/* Tokens: 256 random bits as base64url. Only their SM3 is ever stored. */
#ifndef BIHUAN_GATE_TOKEN_H
#define BIHUAN_GATE_TOKEN_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "core/err.h"
#include "core/limits.h"
#include "daemon/store/accounts.h"

/* INTERNAL if the system gives no randomness. */
enum err token_make(char ret[TOKEN_SIZE], uint8_t ret_digest[DIGEST_BYTES]);
void token_digest(const char *text, uint8_t ret[DIGEST_BYTES]);

/* A scope: names of commands, PREFIX.* or `read` (all that change nothing and
 * leave no file behind), with blanks between. */
bool token_scope_ok(const char *scope);
struct command;
bool token_scope_allows(const char *scope, const struct command *command);

#endif
