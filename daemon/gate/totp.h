/* Time-based one-time codes: RFC 6238 with SHA-1, 30 s, 6 digits, as every
 * authenticator takes them. */
#ifndef BIHUAN_GATE_TOTP_H
#define BIHUAN_GATE_TOTP_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "core/instant.h"
#include "daemon/store/accounts.h"

enum {
    TOTP_STEP_S = 30,
    TOTP_DIGITS = 6,
    TOTP_BASE32_SIZE = 33 /* a secret for people, with its NUL */
};

/* The code of a step (instant / TOTP_STEP_S), digits and NUL. */
void totp_code(const uint8_t secret[TOTP_SECRET_BYTES], int64_t step,
               char ret[TOTP_DIGITS + 1]);
/* True if the code is that of a step within one of now and later than `last`;
 * *ret_step is then that step. */
bool totp_right(const uint8_t secret[TOTP_SECRET_BYTES], const char *code,
                instant now, int64_t last, int64_t *ret_step);
void totp_base32(const uint8_t secret[TOTP_SECRET_BYTES],
                 char ret[TOTP_BASE32_SIZE]);

#endif
