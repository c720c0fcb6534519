/* One handle: requests and answers over a wire, each answer to the oldest
 * request that has none. */
#include "client/bihuan.h"

#include <assert.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/random.h>

#include "client/ask.h"
#include "client/dial.h"
#include "client/wire.h"
#include "core/limits.h"
#include "proto/hex.h"
#include "proto/message.h"
#include "proto/utf8.h"
#include "proto/wipe.h"

_Static_assert((int)BIHUAN_LINE_MAX == LINE_BYTES_MAX, "told in the header");
_Static_assert((int)BIHUAN_ANSWER_MAX == REPLY_BYTES_MAX, "in the header");
_Static_assert((int)BIHUAN_WINDOW == IN_FLIGHT_MAX, "told in the header");
_Static_assert((int)BIHUAN_DEPTH_MAX == JSON_DEPTH_MAX - 1, "in the header");
_Static_assert((int)BIHUAN_TOKEN_MAX == TOKEN_BYTES_MAX, "told in the header");

struct bihuan {
    struct wire wire;
    int64_t next_id;   /* of the next request */
    int64_t oldest_id; /* of the oldest unanswered */
    struct bihuan_error error;
    char token[TOKEN_BYTES_MAX + 1]; /* "" for none */
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

static enum err request_queue(struct bihuan *b,
                              const struct bihuan_request *ask,
                              struct problem *p)
{
    char *line = NULL;
    size_t len = 0;
    const char *token = b->token[0] == '\0' ? NULL : b->token;
    enum err err = ask_line(ask, b->next_id, token, &line, &len, p);
    if (err == OK && wire_queue(&b->wire, line, len) != OK) {
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
    wire_init(&b->wire, io);
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
    wire_done(&b->wire);
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
    (void)wire_flush(&b->wire, &p);
    return ended(b, &p);
}

enum bihuan_status
bihuan_send(struct bihuan *b, const struct bihuan_request *ask, int64_t *ret_id)
{
    struct problem p = {.err = OK};
    if (b->wire.lost) {
        (void)wire_flush(&b->wire, &p); /* says so */
    } else if (bihuan_pending(b) >= BIHUAN_WINDOW) {
        (void)problem_set(&p, ERR_LIMIT, "",
                          "receive before more than 256 are unanswered", "");
    } else if (request_queue(b, ask, &p) == OK) {
        if (ret_id != NULL) {
            *ret_id = b->next_id;
        }
        b->next_id++;
        if (wire_full(&b->wire)) {
            (void)wire_flush(&b->wire, &p);
        }
    }
    return ended(b, &p);
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
static enum bihuan_status answer_line(struct bihuan *b,
                                      const struct wire_line *line,
                                      struct bihuan_reply *ret)
{
    struct problem p = {.err = OK};
    struct reply reply = {.id = -1, .seq = -1};
    enum bihuan_status status = BIHUAN_NO_CONNECTION;
    if (line->too_long) {
        (void)problem_set(&reply.problem, ERR_TOO_LONG, "",
                          "an answer line of at most 1048576 bytes",
                          "the answer was left out; ask for fewer rows");
        return answer(b, &reply, ret);
    }
    enum err err = reply_parse(line->text, line->len, &reply);
    if (err == ERR_NO_MEMORY) {
        reply.result = NULL;
        (void)problem_set(&reply.problem, err, "", "", "");
        status = answer(b, &reply, ret);
    } else if (err != OK || (reply.id != -1 && reply.id != ret->id)) {
        (void)wire_lost(&b->wire, &p,
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
    struct wire_line *line = NULL;
    *ret = (struct bihuan_reply){.seq = -1, .id = b->oldest_id};
    enum err err =
        bihuan_pending(b) == 0
            ? problem_set(&p, ERR_INVALID, "", "a request sent before", "")
            : wire_receive(&b->wire, &line, &p);
    if (err != OK) {
        enum bihuan_status status = ended(b, &p);
        ret->error = b->error;
        return status;
    }
    assert(line != NULL);
    b->oldest_id++;
    enum bihuan_status status = answer_line(b, line, ret);
    wire_line_free(line);
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
    hex_encode(bytes, sizeof bytes, out);
    return BIHUAN_DONE;
}
