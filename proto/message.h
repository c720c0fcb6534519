/* Requests and replies: JSON-RPC 2.0, one object a line. Beside the standard's
 * members a request may carry `token` (what a log-in gave), `key` (idempotency)
 * and `after` (a journal number a read waits for). A request without an id is
 * a notification and gets no reply. Every write's reply carries `seq` beside
 * `result`. An error's data has: name, param, expected, detail. */
#ifndef BIHUAN_PROTO_MESSAGE_H
#define BIHUAN_PROTO_MESSAGE_H

#include <jansson.h>
#include <stdint.h>

#include "core/err.h"
#include "proto/command.h"

struct request {
    json_t *root; /* owns everything below */
    json_t *id;   /* borrowed; NULL for a notification only: JSON null if
                     it could not be read */
    const struct command *command;
    json_t *params; /* borrowed, may be NULL */
    struct value values[ARGS_MAX];
    const char *token; /* borrowed or NULL */
    const char *key;   /* borrowed or NULL */
    int64_t after;     /* 0: none */
};

/* Call once before any other JSON work: puts in the allocator that latches an
 * out-of-memory flag (per thread), because jansson 2.14 can drop a character
 * when an allocation fails, and seeds its hash. */
void message_setup(void);

/* A scan of the raw text before jansson sees it: depth, number of values, NUL,
 * UTF-8. Cheap, and bounds what the parser may allocate. p->param is the path
 * of names to the fault, without a leading `params`. */
enum err json_scan(const char *text, size_t len, struct problem *p);
/* json_scan() + parse without duplicate keys + the latch: what comes back is
 * exactly what was sent, or there is an error. *ret is a new reference. */
enum err json_parse(const char *text, size_t len, json_t **ret,
                    struct problem *p);

/* Parses and checks a line: INVALID for a wrong envelope, BATCH, UNKNOWN_METHOD
 * (a LOCAL command is none), what json_parse() and command_check() return. On
 * failure ret->id is kept if it could be read, so that the error can be
 * answered to it; params is never an array (by name only). request_done() in
 * either case; latch.h wipes what it gives back. */
enum err request_parse(const char *line, size_t len, struct request *ret,
                       struct problem *p);
void request_done(struct request *r);

/* Reply lines, with the \n, heap-allocated (free()), ended by a NUL
 * that is not counted; NULL when out of memory.
 * `result` is stolen; NULL is taken for memory having run out. A line longer
 * than REPLY_BYTES_MAX becomes the error LIMIT. seq < 0: no seq member. id
 * NULL: null. Bytes in a problem's texts that are not UTF-8 become '?'. */
char *reply_result(const json_t *id, json_t *result, int64_t seq,
                   size_t *ret_len);
char *reply_error(const json_t *id, const struct problem *p, size_t *ret_len);

/* Client side: what a request line is made of. NULL where there is none. */
struct line_out {
    int64_t id;
    const char *method;
    json_t *params; /* request_line() takes it over */
    const char *token;
    const char *key;
    int64_t after; /* 0 or less: none */
};

/* A request line, as a reply line is; NULL: no memory. */
char *request_line(const struct line_out *o, size_t *ret_len);
struct reply {
    json_t *root;
    int64_t id;             /* -1: null */
    json_t *result;         /* borrowed; NULL on error */
    int64_t seq;            /* -1: none */
    struct problem problem; /* err OK when result is set */
};
/* PARSE (and the other faults of JSON) or INVALID if the line is no reply; a
 * reply that is an error is OK and has problem.err set. reply_done() in either
 * case. */
enum err reply_parse(const char *line, size_t len, struct reply *ret);
void reply_done(struct reply *r);

#endif
