/* See sign.h. */
#include "daemon/notify/sign.h"

#include <inttypes.h>
#include <nettle/base64.h>
#include <nettle/hmac.h>
#include <stdio.h>
#include <string.h>

#include "proto/hex.h"

static void key(struct hmac_sha256_ctx *hmac, const char *secret)
{
    hmac_sha256_set_key(hmac, strlen(secret), (const uint8_t *)secret);
}

static void add(struct hmac_sha256_ctx *hmac, const char *text, size_t len)
{
    hmac_sha256_update(hmac, len, (const uint8_t *)text);
}

void sign_body(const char *secret, int64_t timestamp, const char *body,
               size_t len, char out[SIGNATURE_SIZE])
{
    struct hmac_sha256_ctx hmac;
    uint8_t digest[SHA256_DIGEST_SIZE];
    char stamp[32];
    int n = snprintf(stamp, sizeof stamp, "%" PRId64 ".", timestamp);
    key(&hmac, secret);
    add(&hmac, stamp, (size_t)n);
    add(&hmac, body, len);
    hmac_sha256_digest(&hmac, sizeof digest, digest);
    n = snprintf(out, SIGNATURE_SIZE, "sha256=");
    hex_encode(digest, sizeof digest, out + n);
}

/* Of base64 only three characters mean something in a query. */
static void percent(const char *base64, char *out, size_t size)
{
    size_t n = 0;
    for (const char *c = base64; *c != '\0' && n + 4 < size; c++) {
        if (*c == '+' || *c == '/' || *c == '=') {
            n += (size_t)snprintf(out + n, size - n, "%%%02X", (unsigned)*c);
        } else {
            out[n++] = *c;
        }
    }
    out[n] = '\0';
}

void sign_query(const char *secret, int64_t ms, char out[SIGN_QUERY_SIZE])
{
    struct hmac_sha256_ctx hmac;
    uint8_t digest[SHA256_DIGEST_SIZE];
    char base64[BASE64_ENCODE_RAW_LENGTH(SHA256_DIGEST_SIZE) + 1];
    char sign[3 * sizeof base64];
    char stamp[32];
    int n = snprintf(stamp, sizeof stamp, "%" PRId64 "\n", ms);
    key(&hmac, secret);
    add(&hmac, stamp, (size_t)n);
    add(&hmac, secret, strlen(secret));
    hmac_sha256_digest(&hmac, sizeof digest, digest);
    base64_encode_raw(base64, sizeof digest, digest);
    base64[sizeof base64 - 1] = '\0';
    percent(base64, sign, sizeof sign);
    snprintf(out, SIGN_QUERY_SIZE, "timestamp=%" PRId64 "&sign=%s", ms, sign);
}
