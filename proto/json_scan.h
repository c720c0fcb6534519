/* One pass over a raw text before the parser sees it: it bounds what the parser
 * may allocate and finds what the parser would hide. */
#ifndef BIHUAN_PROTO_JSON_SCAN_H
#define BIHUAN_PROTO_JSON_SCAN_H

#include <stdbool.h>
#include <stddef.h>

#include "core/err.h"
#include "core/limits.h"

struct json_span {
    size_t at;
    size_t len;
};

struct json_scan {
    const char *text;
    size_t len;
    size_t values_max;
    size_t at;
    int depth;
    size_t tokens;
    size_t colons;
    struct json_span last;                     /* text without its quotes */
    struct json_span keys[JSON_DEPTH_MAX + 1]; /* key we are under, by depth */
    enum err err;                              /* the first fault, */
    char path[PROBLEM_PARAM_SIZE];             /* where it stands, */
    size_t fault_at;                           /* and its byte */
    int ids;      /* members `id` of the outermost object */
    size_t id_at; /* where the value of the last one begins */
};

/* Scans all of it, also behind a fault; returns s->err. */
enum err json_scan_run(struct json_scan *s, const char *text, size_t len,
                       size_t values_max);

/* The names on the way to the present place, joined by dots, without `params`:
 * "event.params.title" or "title"; with `last`, the last text too. */
void json_scan_path(const struct json_scan *s, bool last,
                    char out[PROBLEM_PARAM_SIZE]);

#endif
