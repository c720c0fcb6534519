/* Signatures on what is sent, by HMAC-SHA256 of the hook's secret. */
#ifndef BIHUAN_DAEMON_NOTIFY_SIGN_H
#define BIHUAN_DAEMON_NOTIFY_SIGN_H

#include <stddef.h>
#include <stdint.h>

enum {
    SIGNATURE_SIZE = 80, /* "sha256=" and 64 hex digits */
    SIGN_QUERY_SIZE = 192
};

/* "sha256=HEX" of the timestamp as text, a dot and the body. */
void sign_body(const char *secret, int64_t timestamp, const char *body,
               size_t len, char out[SIGNATURE_SIZE]);

/* What DingTalk's robots want in the query: timestamp=MS&sign=..., the HMAC of
 * "MS\nSECRET" in base64, percent-encoded. Without ? or & in front. */
void sign_query(const char *secret, int64_t ms, char out[SIGN_QUERY_SIZE]);

#endif
