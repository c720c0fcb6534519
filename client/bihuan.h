/* libbihuan: talk to a bihuand from a program.
 *
 * Texts in, texts out: parameters and results are JSON texts in UTF-8, so the
 * caller picks a JSON library or none. What each method takes and gives is in
 * docs/protocol.md.
 *
 *     struct bihuan *b;
 *     struct bihuan_error e;
 *     struct bihuan_reply r;
 *     struct bihuan_options options = {.token = getenv("BIHUAN_TOKEN")};
 *     struct bihuan_request ask = {.method = "ticket.show",
 *                                  .params = "{\"ticket\":\"20261120-001\"}"};
 *     if (bihuan_open_with("tls:bihuan.example:7400", &options, &b, &e) ==
 *         BIHUAN_DONE) {
 *         if (bihuan_call(b, &ask, &r) == BIHUAN_DONE) {
 *             puts(r.result);
 *         }
 *         bihuan_reply_done(&r);
 *         bihuan_close(b);
 *     }
 *
 * A token says who asks. A program has one of its own (`bihuan token add`); a
 * person's comes from the method `login`.
 *
 * Pipelining: bihuan_send() any number, at most BIHUAN_WINDOW unanswered, then
 * bihuan_receive() as often; answers come in the order of the requests,
 * whatever each of them is. On one connection a read sees every write sent
 * before it.
 *
 * A lost connection is told, after the answers that came before, once and for
 * good (BIHUAN_NO_CONNECTION): close the handle, open another if wanted.
 * Whether a write that was not answered has happened is then unknown; sent
 * again with the same `key`, it happens once.
 *
 * A handle belongs to one thread at a time; two handles share nothing. The
 * library never prints, never exits, raises no signal. Its JSON reader,
 * jansson, gets this library's allocator for the whole process with the first
 * handle opened (jansson 2.14 can silently lose text when memory runs out):
 * a program that uses jansson too should open its first handle before that. */
#ifndef BIHUAN_H
#define BIHUAN_H

#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

/* How a call ended. The numbers are the exit statuses of the command line. */
enum bihuan_status {
    BIHUAN_DONE = 0,
    BIHUAN_REFUSED = 1,       /* the server said no, or could not; see error */
    BIHUAN_USAGE = 2,         /* the call was wrong; nothing was sent */
    BIHUAN_NO_CONNECTION = 3, /* none could be made, or it was lost */
};

enum {
    BIHUAN_WINDOW = 256,         /* unanswered requests of one handle */
    BIHUAN_KEY_SIZE = 33,        /* bytes of a made key with its NUL */
    BIHUAN_LINE_MAX = 262144,    /* bytes of one request line */
    BIHUAN_ANSWER_MAX = 1048576, /* bytes of one answer line */
    BIHUAN_DEPTH_MAX = 15,       /* levels of nesting in `params` */
    BIHUAN_TOKEN_MAX = 128,      /* bytes of a token */
};

/* Why. Every member is NUL-ended UTF-8 and "" where there is nothing to say.
 * `name` is one of the stable names in docs/protocol.md, "ok" if there is no
 * error; the other three are English, for people. */
struct bihuan_error {
    char name[32];
    char param[64];     /* which parameter, or path inside one */
    char expected[256]; /* what would have been right */
    char detail[256];   /* what was wrong */
};

/* One request. Everything is borrowed until the call returns; only `method`
 * must be there. */
struct bihuan_request {
    const char *method; /* "ticket.list" */
    const char *params; /* a JSON object, NULL for none */
    const char *token;  /* who asks, NULL for the handle's token */
    const char *key;    /* idempotency key, at most 64 bytes, NULL for none */
    int64_t after;      /* a read waits for this journal number; 0: no */
};

/* One answer. `result` is a JSON text, NULL if refused; free the whole with
 * bihuan_reply_done(). */
struct bihuan_reply {
    int64_t id;  /* the number bihuan_send() gave */
    int64_t seq; /* journal number of a write, -1 for a read */
    char *result;
    size_t result_len;
    struct bihuan_error error;
};

/* How bytes travel, for who wants another way than the sockets built in.
 * All three are called from inside the calls below only.
 *   send  1..len: so many were taken; 0: none can be before something has been
 *         received (the other side waits for us to read); -1: lost
 *   recv  waits for at least one byte; 1..room; 0: the other side ended; -1:
 *         lost
 *   close once, from bihuan_close(); may be NULL */
struct bihuan_io {
    void *user;
    ptrdiff_t (*send)(void *user, const char *bytes, size_t len);
    ptrdiff_t (*recv)(void *user, char *bytes, size_t room);
    void (*close)(void *user);
};

/* A connection; opaque. */
struct bihuan;

/* The library's version, "0.1.0". */
const char *bihuan_version(void);

/* How to open; a zero means the default. Borrowed until the call returns. */
struct bihuan_options {
    const char *token;   /* who asks; NULL: nobody yet */
    const char *ca_file; /* PEM: authorities trusted instead of the system's */
    int timeout_ms;      /* to connect, TLS included; 0: ten seconds. Looking
                            up a name comes before and takes as long as the
                            system lets it; a number is not looked up */
};

/* Connects to `unix:PATH`, `tcp:HOST:PORT` (encrypted, but on the loopback),
 * `tls:HOST:PORT` (encrypted always) or `plain:HOST:PORT` (never). Encrypted
 * means TLS 1.2 or 1.3 with a certificate that a trusted authority gave for
 * HOST; nothing turns that check off. *ret is written on DONE only and then
 * belongs to the caller. USAGE: the server's name or an option is wrong;
 * NO_CONNECTION: nobody there, too late, or not who it must be. `options` and
 * `error` may be NULL. */
enum bihuan_status bihuan_open_with(const char *server,
                                    const struct bihuan_options *options,
                                    struct bihuan **ret,
                                    struct bihuan_error *error);
enum bihuan_status bihuan_open(const char *server, struct bihuan **ret,
                               struct bihuan_error *error);

/* The token of all requests sent from now on, NULL for none; copied. USAGE: not
 * UTF-8, or longer than BIHUAN_TOKEN_MAX; then the old one stays. */
enum bihuan_status bihuan_set_token(struct bihuan *b, const char *token);

/* The same over the caller's own I/O; *io is copied, its `user` must outlive
 * the handle. REFUSED when there is no memory; then nothing has been called and
 * `close` will not be. */
enum bihuan_status bihuan_open_io(const struct bihuan_io *io,
                                  struct bihuan **ret);

/* Takes NULL. What was sent but not received is forgotten. */
void bihuan_close(struct bihuan *b);

/* Sends one request and waits for its answer. Only with no other unanswered
 * (USAGE otherwise). *ret is always written. */
enum bihuan_status bihuan_call(struct bihuan *b,
                               const struct bihuan_request *ask,
                               struct bihuan_reply *ret);

/* Queues one request; it goes out when there is enough to send, with
 * bihuan_flush() or with the next bihuan_receive(). *ret_id (may be NULL) is
 * the number its answer will carry. USAGE: no `method`, a text that is not
 * UTF-8, `params` is not a JSON object, the line would be too long, the window
 * is full; bihuan_last_error() says which. */
enum bihuan_status bihuan_send(struct bihuan *b,
                               const struct bihuan_request *ask,
                               int64_t *ret_id);

enum bihuan_status bihuan_flush(struct bihuan *b);

/* Waits for the answer to the oldest unanswered request. DONE: result is set;
 * REFUSED: error is set. USAGE when nothing is unanswered. An answer longer
 * than BIHUAN_ANSWER_MAX is REFUSED with name "line_too_long"; the connection
 * goes on. *ret is always written. */
enum bihuan_status bihuan_receive(struct bihuan *b, struct bihuan_reply *ret);

/* Frees what the reply holds and empties it; takes an empty one. */
void bihuan_reply_done(struct bihuan_reply *r);

/* How many requests are unanswered. */
int bihuan_pending(const struct bihuan *b);

/* Why the last call on this handle did not end with DONE. Valid until the next
 * call. */
const struct bihuan_error *bihuan_last_error(const struct bihuan *b);

/* Makes an idempotency key of 128 random bits: 32 hexadecimal digits. Keep it
 * with the request until the answer is there. REFUSED if the system gives no
 * randomness. */
enum bihuan_status bihuan_key_new(char out[BIHUAN_KEY_SIZE]);

#ifdef __cplusplus
}
#endif

#endif
