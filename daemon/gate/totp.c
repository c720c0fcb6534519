#include "daemon/gate/totp.h"

#include <gnutls/gnutls.h>
#include <nettle/hmac.h>
#include <stdio.h>
#include <string.h>

/* RFC 4226 section 5.3: the last 4 bits say where 31 bits are taken. */
static uint32_t truncated(const uint8_t mac[SHA1_DIGEST_SIZE])
{
    enum {
        NIBBLE = 15,
        SIGN = 127
    };
    const uint8_t *at = mac + (mac[SHA1_DIGEST_SIZE - 1] & NIBBLE);
    return ((uint32_t)(at[0] & SIGN) << 24) | ((uint32_t)at[1] << 16) |
           ((uint32_t)at[2] << 8) | at[3];
}

void totp_code(const uint8_t secret[TOTP_SECRET_BYTES], int64_t step,
               char ret[TOTP_DIGITS + 1])
{
    enum {
        COUNTER = 8,
        MODULUS = 1000000
    };
    struct hmac_sha1_ctx context;
    uint8_t counter[COUNTER];
    uint8_t mac[SHA1_DIGEST_SIZE];
    for (int i = 0; i < COUNTER; i++) { /* big-endian */
        counter[i] = (uint8_t)((uint64_t)step >> (8 * (COUNTER - 1 - i)));
    }
    hmac_sha1_set_key(&context, TOTP_SECRET_BYTES, secret);
    hmac_sha1_update(&context, sizeof counter, counter);
    hmac_sha1_digest(&context, sizeof mac, mac);
    snprintf(ret, TOTP_DIGITS + 1, "%06u",
             (unsigned)(truncated(mac) % MODULUS));
    gnutls_memset(&context, 0, sizeof context);
    gnutls_memset(mac, 0, sizeof mac);
}

bool totp_right(const uint8_t secret[TOTP_SECRET_BYTES], const char *code,
                instant now, int64_t last, int64_t *ret_step)
{
    int64_t present = now / TOTP_STEP_S;
    bool right = false;
    if (strlen(code) != TOTP_DIGITS) {
        return false;
    }
    for (int64_t step = present - 1; step <= present + 1; step++) {
        char made[TOTP_DIGITS + 1];
        totp_code(secret, step, made);
        if (gnutls_memcmp(made, code, TOTP_DIGITS) == 0 && step > last &&
            !right) {
            right = true;
            *ret_step = step;
        }
        gnutls_memset(made, 0, sizeof made);
    }
    return right;
}

/* RFC 4648 section 6; 160 bits need no padding. */
void totp_base32(const uint8_t secret[TOTP_SECRET_BYTES],
                 char ret[TOTP_BASE32_SIZE])
{
    static const char letters[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";
    enum {
        BITS = 5,
        MASK = 31
    };
    uint32_t held = 0;
    int bits = 0;
    size_t len = 0;
    for (size_t i = 0; i < TOTP_SECRET_BYTES; i++) {
        held = (held << 8) | secret[i];
        bits += 8;
        while (bits >= BITS) {
            bits -= BITS;
            ret[len++] = letters[(held >> bits) & MASK];
        }
    }
    ret[len] = '\0';
}
