/* One handle: requests gather in `out`, whole answer lines wait in a queue.
 * The queue exists because an answer may have to be read before the request
 * behind it can be sent (struct bihuan_io, send returning 0). */
#include "client/bihuan.h"

#include <assert.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/random.h>

#include "client/ask.h"
#include "client/dial.h"
#include "core/limits.h"
#include "proto/line.h"
#include "proto/message.h"
#include "proto/utf8.h"
#include "proto/wipe.h"

_Static_assert((int)BIHUAN_LINE_MAX == LINE_BYTES_MAX, "told in the header");
_Static_assert((int)BIHUAN_ANSWER_MAX == REPLY_BYTES_MAX, "in the header");
_Static_assert((int)BIHUAN_WINDOW == IN_FLIGHT_MAX, "told in the header");
_Static_assert((int)BIHUAN_DEPTH_MAX == JSON_DEPTH_MAX - 1, "in the header");
_Static_assert((int)BIHUAN_TOKEN_MAX == TOKEN_BYTES_MAX, "told in the header");

enum {
    OUT_BYTES = 65536,
    IN_BYTES = 65536
};

/* An answer that has come but was not asked for yet; len of TOO_LONG_LINE:
 * it was too long and is gone. A log-in's has a token: wiped. */
struct arrived {
    struct arrived *next;
    size_t len;
    char line[];
};
static const size_t TOO_LONG_LINE = SIZE_MAX;

struct bihuan {
    struct bihuan_io io;
    struct line_reader lines;
    char *out;
    size_t out_len;
    size_t out_room;
    struct arrived *first;
    struct arrived **last;
    int64_t next_id;   /* of the next request */
    int64_t oldest_id; /* of the oldest unanswered */
    bool lost;
    struct bihuan_error error;
    char token[TOKEN_BYTES_MAX + 1]; /* "" for none */
    char in[IN_BYTES];
};

/* -- errors ------------------------------------------------------------- */

static void copy_error(struct bihuan_error *to, const struct problem *p)
{
    (void)snprintf(to->name, sizeof to->name, "%s", err_name(p->err));
    (void)snprintf(to->param, sizeof to->param, "%s", p->param);
    (void)snprintf(to->expected, sizeof to->expected, "%s", p->expected);
    (void)snprintf(to->detail, sizeof to->detail, "%s", p->detail);
}

static enum bihuan_status status_of(enum err err)
{
    switch ((int)err) {
    case OK:
        return BIHUAN_DONE;
    case ERR_CONNECTION:
        return BIHUAN_NO_CONNECTION;
    case ERR_NO_MEMORY:
        return BIHUAN_REFUSED;
    default:
        return BIHUAN_USAGE;
    }
}

/* Ends a call: keeps why, answers how. */
static enum bihuan_status ended(struct bihuan *b, const struct problem *p)
{
    copy_error(&b->error, p);
    return status_of(p->err);
}

static enum err lost(struct bihuan *b, struct problem *p, const char *detail)
{
    b->lost = true;
    return problem_set(p, ERR_CONNECTION, "", "", detail);
}

/* -- receiving ---------------------------------------------------------- */

static enum err keep_line(struct bihuan *b, const char *line, size_t len)
{
    size_t bytes = line == NULL ? 0 : len;
    struct arrived *a = malloc(sizeof *a + bytes);
    if (a == NULL) {
        return ERR_NO_MEMORY;
    }
    a->next = NULL;
    a->len = line == NULL ? TOO_LONG_LINE : len;
    if (bytes > 0) {
        memcpy(a->line, line, bytes);
    }
    *b->last = a;
    b->last = &a->next;
    return OK;
}

static void forget_line(struct arrived *a)
{
    size_t bytes = a->len == TOO_LONG_LINE ? 0 : a->len;
    wipe_free(a, sizeof *a + bytes);
}

static enum err keep_lines(struct bihuan *b)
{
    const char *line;
    size_t len;
    for (;;) {
        switch (line_take(&b->lines, &line, &len)) {
        case LINE_NONE:
            return OK;
        case LINE_TOO_LONG:
            line = NULL;
            break;
        case LINE_WHOLE:
            break;
        }
        enum err err = keep_line(b, line, len);
        if (err != OK) {
            return err;
        }
    }
}

/* Waits for bytes and takes in the whole lines among them. Bytes that cannot
 * be kept are bytes lost, so no memory ends the connection. */
static enum err read_some(struct bihuan *b, struct problem *p)
{
    ptrdiff_t n = b->io.recv(b->io.user, b->in, sizeof b->in);
    if (n == 0) {
        return lost(b, p, "the server closed the connection");
    }
    if (n < 0 || (size_t)n > sizeof b->in) {
        return lost(b, p, "the connection broke while receiving");
    }
    bool kept =
        line_feed(&b->lines, b->in, (size_t)n) == OK && keep_lines(b) == OK;
    wipe(b->in, (size_t)n);
    return kept ? OK : lost(b, p, "no memory for the answer");
}

static struct arrived *take_first(struct bihuan *b)
{
    struct arrived *a = b->first;
    if (a != NULL) {
        b->first = a->next;
        if (b->first == NULL) {
            b->last = &b->first;
        }
    }
    return a;
}

/* -- sending ------------------------------------------------------------ */

static enum err flush(struct bihuan *b, struct problem *p)
{
    size_t sent = 0;
    enum err err = OK;
    while (err == OK && sent < b->out_len) {
        size_t left = b->out_len - sent;
        ptrdiff_t n = b->io.send(b->io.user, b->out + sent, left);
        if (n > 0 && (size_t)n <= left) {
            sent += (size_t)n;
        } else if (n == 0) {
            err = read_some(b, p);
        } else {
            err = lost(b, p, "the connection broke while sending");
        }
    }
    wipe(b->out, b->out_len); /* passwords and tokens */
    b->out_len = 0;
    return err;
}

static enum err queue(struct bihuan *b, const char *line, size_t len)
{
    if (b->out_len + len > b->out_room) {
        size_t room = b->out_len + len + OUT_BYTES;
        char *out = wipe_grow(b->out, b->out_len, room);
        if (out == NULL) {
            return ERR_NO_MEMORY;
        }
        b->out = out;
        b->out_room = room;
    }
    memcpy(b->out + b->out_len, line, len);
    b->out_len += len;
    return OK;
}

static enum err request_queue(struct bihuan *b,
                              const struct bihuan_request *ask,
                              struct problem *p)
{
    char *line = NULL;
    size_t len = 0;
    const char *token = b->token[0] == '\0' ? NULL : b->token;
    enum err err = ask_line(ask, b->next_id, token, &line, &len, p);
    if (err == OK && queue(b, line, len) != OK) {
        err = problem_set(p, ERR_NO_MEMORY, "", "", "");
    }
    wipe_free(line, len);
    return err;
}

/* -- the public calls --------------------------------------------------- */

const char *bihuan_version(void)
{
    return BIHUAN_VERSION;
}

enum bihuan_status bihuan_open_io(const struct bihuan_io *io,
                                  struct bihuan **ret)
{
    /* jansson's allocator is one for the process: a second handle, perhaps of
     * another thread, must not write it again */
    static pthread_once_t setup = PTHREAD_ONCE_INIT;
    struct bihuan *b = calloc(1, sizeof *b);
    if (b == NULL || pthread_once(&setup, message_setup) != 0) {
        free(b);
        return BIHUAN_REFUSED;
    }
    b->io = *io;
    line_init(&b->lines, REPLY_BYTES_MAX);
    b->last = &b->first;
    b->next_id = 1;
    b->oldest_id = 1;
    copy_error(&b->error, &(struct problem){.err = OK});
    *ret = b;
    return BIHUAN_DONE;
}

static enum err take_token(struct bihuan *b, const char *token,
                           struct problem *p)
{
    token = token == NULL ? "" : token;
    size_t len = strlen(token);
    if (len >= sizeof b->token || !utf8_ok(token, len)) {
        return problem_set(p, ERR_INVALID, "token",
                           "a text of at most 128 bytes", "");
    }
    wipe(b->token, sizeof b->token);
    memcpy(b->token, token, len);
    return OK;
}

enum bihuan_status bihuan_set_token(struct bihuan *b, const char *token)
{
    struct problem p = {.err = OK};
    (void)take_token(b, token, &p);
    return ended(b, &p);
}

enum bihuan_status bihuan_open_with(const char *server,
                                    const struct bihuan_options *options,
                                    struct bihuan **ret,
                                    struct bihuan_error *error)
{
    static const struct bihuan_options defaults;
    struct problem p = {.err = OK};
    struct bihuan_io io;
    struct bihuan *b = NULL;
    options = options == NULL ? &defaults : options;
    if (dial(server, options, &io, &p) == OK &&
        bihuan_open_io(&io, &b) != BIHUAN_DONE) {
        io.close(io.user);
        (void)problem_set(&p, ERR_NO_MEMORY, "", "", "");
    }
    if (b != NULL && take_token(b, options->token, &p) != OK) {
        bihuan_close(b);
        b = NULL;
    }
    if (b != NULL) {
        *ret = b;
    }
    if (error != NULL) {
        copy_error(error, &p);
    }
    return status_of(p.err);
}

enum bihuan_status bihuan_open(const char *server, struct bihuan **ret,
                               struct bihuan_error *error)
{
    return bihuan_open_with(server, NULL, ret, error);
}

void bihuan_close(struct bihuan *b)
{
    if (b == NULL) {
        return;
    }
    if (b->io.close != NULL) {
        b->io.close(b->io.user);
    }
    for (struct arrived *a = take_first(b); a != NULL; a = take_first(b)) {
        forget_line(a);
    }
    line_done(&b->lines);
    wipe_free(b->out, b->out_len);
    wipe_free(b, sizeof *b);
}

int bihuan_pending(const struct bihuan *b)
{
    return (int)(b->next_id - b->oldest_id);
}

const struct bihuan_error *bihuan_last_error(const struct bihuan *b)
{
    return &b->error;
}

enum bihuan_status bihuan_flush(struct bihuan *b)
{
    struct problem p = {.err = OK};
    if (b->lost) {
        (void)lost(b, &p, "the connection was lost before");
    } else {
        (void)flush(b, &p);
    }
    return ended(b, &p);
}

enum bihuan_status
bihuan_send(struct bihuan *b, const struct bihuan_request *ask, int64_t *ret_id)
{
    struct problem p = {.err = OK};
    if (b->lost) {
        (void)lost(b, &p, "the connection was lost before");
    } else if (bihuan_pending(b) >= BIHUAN_WINDOW) {
        (void)problem_set(&p, ERR_LIMIT, "",
                          "receive before more than 256 are unanswered", "");
    } else if (request_queue(b, ask, &p) == OK) {
        if (ret_id != NULL) {
            *ret_id = b->next_id;
        }
        b->next_id++;
        if (b->out_len >= OUT_BYTES) {
            (void)flush(b, &p);
        }
    }
    return ended(b, &p);
}

/* Reads until the oldest answer is there. One that came before the connection
 * was lost is still an answer. */
static enum err await(struct bihuan *b, struct arrived **ret, struct problem *p)
{
    enum err err =
        b->lost ? lost(b, p, "the connection was lost before") : flush(b, p);
    while (err == OK && b->first == NULL) {
        err = read_some(b, p);
    }
    *ret = take_first(b);
    return *ret == NULL ? err : OK;
}

static enum bihuan_status answer(struct bihuan *b, const struct reply *reply,
                                 struct bihuan_reply *ret)
{
    struct problem p = reply->problem;
    ret->seq = reply->seq;
    if (reply->result != NULL) {
        p.err = OK;
        ret->result = json_dumps(reply->result, JSON_COMPACT | JSON_ENCODE_ANY);
        if (ret->result == NULL) {
            (void)problem_set(&p, ERR_NO_MEMORY, "", "", "");
        } else {
            ret->result_len = strlen(ret->result);
        }
    }
    copy_error(&ret->error, &p);
    b->error = ret->error;
    return p.err == OK ? BIHUAN_DONE : BIHUAN_REFUSED;
}

/* What one line says. An answer without an id belongs to the oldest: the
 * server could not read the request's. Any other id breaks the protocol. */
static enum bihuan_status answer_line(struct bihuan *b, const struct arrived *a,
                                      struct bihuan_reply *ret)
{
    struct problem p = {.err = OK};
    struct reply reply = {.id = -1, .seq = -1};
    enum bihuan_status status = BIHUAN_NO_CONNECTION;
    if (a->len == TOO_LONG_LINE) {
        (void)problem_set(&reply.problem, ERR_TOO_LONG, "",
                          "an answer line of at most 1048576 bytes",
                          "the answer was left out; ask for fewer rows");
        return answer(b, &reply, ret);
    }
    enum err err = reply_parse(a->line, a->len, &reply);
    if (err == ERR_NO_MEMORY) {
        reply.result = NULL;
        (void)problem_set(&reply.problem, err, "", "", "");
        status = answer(b, &reply, ret);
    } else if (err != OK || (reply.id != -1 && reply.id != ret->id)) {
        (void)lost(b, &p,
                   "what came is not an answer: no bihuand, or one that "
                   "speaks TLS (tls:HOST:PORT)");
        (void)ended(b, &p);
        ret->error = b->error;
    } else {
        status = answer(b, &reply, ret);
    }
    reply_done(&reply);
    return status;
}

enum bihuan_status bihuan_receive(struct bihuan *b, struct bihuan_reply *ret)
{
    struct problem p = {.err = OK};
    struct arrived *a = NULL;
    *ret = (struct bihuan_reply){.seq = -1, .id = b->oldest_id};
    enum err err =
        bihuan_pending(b) == 0
            ? problem_set(&p, ERR_INVALID, "", "a request sent before", "")
            : await(b, &a, &p);
    if (err != OK) {
        enum bihuan_status status = ended(b, &p);
        ret->error = b->error;
        return status;
    }
    assert(a != NULL);
    b->oldest_id++;
    enum bihuan_status status = answer_line(b, a, ret);
    forget_line(a);
    return status;
}

enum bihuan_status bihuan_call(struct bihuan *b,
                               const struct bihuan_request *ask,
                               struct bihuan_reply *ret)
{
    struct problem p = {.err = OK};
    *ret = (struct bihuan_reply){.seq = -1, .id = -1};
    enum bihuan_status status;
    if (bihuan_pending(b) > 0) {
        (void)problem_set(&p, ERR_INVALID, "", "no other request unanswered",
                          "");
        status = ended(b, &p);
    } else {
        status = bihuan_send(b, ask, NULL);
    }
    if (status != BIHUAN_DONE) {
        ret->error = b->error;
        return status;
    }
    return bihuan_receive(b, ret);
}

/* The text came from jansson's allocator and goes back there. */
void bihuan_reply_done(struct bihuan_reply *r)
{
    json_free_t give_back;
    json_get_alloc_funcs(NULL, &give_back);
    give_back(r->result);
    *r = (struct bihuan_reply){.seq = -1, .id = -1};
}

enum bihuan_status bihuan_key_new(char out[BIHUAN_KEY_SIZE])
{
    unsigned char bytes[(BIHUAN_KEY_SIZE - 1) / 2];
    if (getrandom(bytes, sizeof bytes, 0) != (ssize_t)sizeof bytes) {
        return BIHUAN_REFUSED;
    }
    for (size_t i = 0; i < sizeof bytes; i++) {
        (void)snprintf(out + 2 * i, 3, "%02x", bytes[i]);
    }
    return BIHUAN_DONE;
}
