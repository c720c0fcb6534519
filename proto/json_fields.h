/* Reading an object of a document field by field, with every fault reported
 * under its path: `limits.finish.by[1].limit`. A reader that reports writes
 * nothing; reading goes on, so that all faults are told at once. */
#ifndef BIHUAN_PROTO_JSON_FIELDS_H
#define BIHUAN_PROTO_JSON_FIELDS_H

#include <jansson.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "core/limit.h"
#include "proto/regulation_json.h"

/* Where we are: a name in the object above, or (name NULL) an index. The
 * outermost has up NULL. Lives on the stack of its reader. */
struct json_place {
    const struct json_place *up;
    const char *name;
    int index;
    struct regulation_errors *errors;
};

typedef void json_reader(const struct json_place *at, json_t *json, void *out);

struct json_field {
    const char *name;
    json_reader *read;
};

struct json_place json_place_in(const struct json_place *up, const char *name);
struct json_place json_place_item(const struct json_place *up, int index);

/* Adds a fault: what is expected there, and why what stands there is wrong
 * ("" if the expectation says it all); `json` (may be NULL: it is missing) is
 * quoted. */
void json_report(const struct json_place *at, const json_t *json,
                 const char *expected, const char *reason);

/* Reads an object of exactly these fields, each there; `out` is handed on. */
void json_read_fields(const struct json_place *at, json_t *json,
                      const struct json_field *fields, size_t n, void *out);

/* NULL (reported) unless it is a text of 1..size-1 bytes on one line. */
const char *json_read_text(const struct json_place *at, const json_t *json,
                           size_t size);
bool json_copy_text(const struct json_place *at, const json_t *json, char *out,
                    size_t size);
void json_read_int(const struct json_place *at, const json_t *json, int32_t low,
                   int32_t high, int32_t *out);
void json_read_limit(const struct json_place *at, const json_t *json, bool none,
                     struct limit *out);
/* "1/3": 0 < num < den <= RATIO_DEN_MAX. */
bool json_fraction(const char *text, int32_t *num, int32_t *den);
/* Number of items if it is an array of low..high items, else -1, reported. */
int json_read_array(const struct json_place *at, const json_t *json, int low,
                    int high);

#endif
