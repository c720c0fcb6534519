/* Reading JSON, under message.c: json_scan() and json_parse() of message.h with
 * what a request or a reply needs beside. */
#ifndef BIHUAN_PROTO_JSON_H
#define BIHUAN_PROTO_JSON_H

#include <jansson.h>
#include <stddef.h>

#include "core/err.h"

struct json_text {
    const char *text;
    size_t len;
    size_t len_max;
    size_t values_max;
};

/* As json_parse() within these bounds. If it fails for another reason than the
 * grammar, *ret_id (may be NULL) is the top-level `id`, a new reference, as far
 * as it can be told: once there, a short text without escapes, an integer or
 * null. Otherwise it is NULL. */
enum err json_read(const struct json_text *source, json_t **ret,
                   json_t **ret_id, struct problem *p);

/* A line: compact JSON and a \n, heap-allocated (free()); NULL: no memory. */
char *json_line(const json_t *root, size_t *ret_len);

#endif
