/* Reply lines: made by the daemon, read by the client. */
#include "proto/message.h"

#include <string.h>

#include "proto/json.h"
#include "proto/latch.h"
#include "proto/utf8.h"
#include "proto/wipe.h"

void message_setup(void)
{
    latch_setup();
    json_object_seed(0);
}

/* -- lines ----------------------------------------------------------------- */

struct sink {
    char *bytes;
    size_t len;
    size_t room;
};

/* Leaves room for a NUL. */
static int sink_put(const char *bytes, size_t len, void *user)
{
    struct sink *sink = user;
    if (sink->room - sink->len < len + 1) {
        size_t room = (sink->room + len + 1) * 2;
        char *grown = wipe_grow(sink->bytes, sink->len, room);
        if (grown == NULL) {
            return -1;
        }
        sink->bytes = grown;
        sink->room = room;
    }
    memcpy(sink->bytes + sink->len, bytes, len);
    sink->len += len;
    return 0;
}

char *json_line(const json_t *root, size_t *ret_len)
{
    struct sink sink = {NULL, 0, 0};
    if (json_dump_callback(root, sink_put, &sink, JSON_COMPACT) != 0 ||
        sink_put("\n", 1, &sink) != 0) {
        wipe_free(sink.bytes, sink.len);
        return NULL;
    }
    sink.bytes[sink.len] = '\0';
    *ret_len = sink.len;
    return sink.bytes;
}

/* -- replies --------------------------------------------------------------- */

static json_t *id_or_null(const json_t *id)
{
    /* json_object_set() counts a reference, which is no change of the id */
    union {
        const json_t *in;
        json_t *out;
    } same = {.in = id};
    return id == NULL ? json_null() : same.out;
}

static bool set_new(json_t *object, const char *name, json_t *value)
{
    return json_object_set_new(object, name, value) == 0;
}

static json_t *envelope(const json_t *id)
{
    json_t *root = json_object();
    if (set_new(root, "jsonrpc", json_string("2.0")) &&
        json_object_set(root, "id", id_or_null(id)) == 0) {
        return root;
    }
    json_decref(root);
    return NULL;
}

static char *line_of(json_t *root, bool whole, size_t *ret_len)
{
    char *line = whole ? json_line(root, ret_len) : NULL;
    json_decref(root);
    return line;
}

char *reply_result(const json_t *id, json_t *result, int64_t seq,
                   size_t *ret_len)
{
    json_t *root = envelope(id);
    bool whole = set_new(root, "result", result) &&
                 (seq < 0 || set_new(root, "seq", json_integer(seq)));
    char *line = line_of(root, whole, ret_len);
    if (line != NULL && *ret_len > REPLY_BYTES_MAX) {
        struct problem p;
        free(line);
        problem_set(&p, ERR_LIMIT, "limit", "a smaller page",
                    "the answer is longer than one reply line may be");
        return reply_error(id, &p, ret_len);
    }
    return line;
}

/* A problem's text may quote what was sent, cut anywhere. */
static json_t *scrubbed(const char *text)
{
    char out[PROBLEM_TEXT_SIZE];
    size_t len = strnlen(text, sizeof out - 1);
    for (size_t i = 0; i < len;) {
        size_t from = i;
        if (utf8_next(text, len, &i) == UTF8_BAD) {
            out[from] = '?';
        } else {
            memcpy(out + from, text + from, i - from);
        }
    }
    return json_stringn(out, len);
}

static json_t *error_of(const struct problem *p)
{
    json_t *data = json_object();
    json_t *error = json_object();
    bool whole = set_new(data, "name", json_string(err_name(p->err))) &&
                 set_new(data, "param", scrubbed(p->param)) &&
                 set_new(data, "expected", scrubbed(p->expected)) &&
                 set_new(data, "detail", scrubbed(p->detail)) &&
                 set_new(error, "code", json_integer(err_code(p->err))) &&
                 set_new(error, "message", json_string(err_text(p->err))) &&
                 json_object_set(error, "data", data) == 0;
    json_decref(data);
    if (!whole) {
        json_decref(error);
        return NULL;
    }
    return error;
}

char *reply_error(const json_t *id, const struct problem *p, size_t *ret_len)
{
    json_t *root = envelope(id);
    return line_of(root, set_new(root, "error", error_of(p)), ret_len);
}

/* -- the client's side ----------------------------------------------------- */

static void read_text(const json_t *data, const char *name, char *out,
                      size_t size)
{
    const char *text = json_string_value(json_object_get(data, name));
    if (text != NULL) {
        size_t len = utf8_cut(text, strlen(text), size - 1);
        memcpy(out, text, len);
        out[len] = '\0';
    }
}

static enum err read_error(const json_t *error, struct problem *p)
{
    const json_t *data = json_object_get(error, "data");
    const char *name = json_string_value(json_object_get(data, "name"));
    if (name == NULL) {
        return ERR_INVALID;
    }
    /* an error of a later server counts as internal; its words are shown */
    *p = (struct problem){.err = err_from_name(name)};
    if (p->err == OK) {
        return ERR_INVALID;
    }
    read_text(data, "param", p->param, sizeof p->param);
    read_text(data, "expected", p->expected, sizeof p->expected);
    read_text(data, "detail", p->detail, sizeof p->detail);
    if (p->detail[0] == '\0' && p->err == ERR_INTERNAL) {
        read_text(error, "message", p->detail, sizeof p->detail);
    }
    return OK;
}

static enum err read_reply(struct reply *r)
{
    const json_t *id = json_object_get(r->root, "id");
    const json_t *seq = json_object_get(r->root, "seq");
    const json_t *error = json_object_get(r->root, "error");
    const char *version =
        json_string_value(json_object_get(r->root, "jsonrpc"));

    r->id = json_is_integer(id) ? json_integer_value(id) : -1;
    r->seq = json_is_integer(seq) ? json_integer_value(seq) : -1;
    r->result = json_object_get(r->root, "result");
    if (version == NULL || strcmp(version, "2.0") != 0 || id == NULL ||
        (r->result == NULL) == (error == NULL)) {
        return ERR_INVALID;
    }
    return error == NULL ? OK : read_error(error, &r->problem);
}

enum err reply_parse(const char *line, size_t len, struct reply *ret)
{
    struct json_text source = {line, len, REPLY_BYTES_MAX, REPLY_VALUES_MAX};
    *ret = (struct reply){.id = -1, .seq = -1};
    enum err err = json_read(&source, &ret->root, NULL, &ret->problem);
    if (err == OK) {
        err = json_is_object(ret->root) ? read_reply(ret) : ERR_INVALID;
    }
    return err;
}

void reply_done(struct reply *r)
{
    json_decref(r->root);
    *r = (struct reply){.id = -1, .seq = -1};
}
