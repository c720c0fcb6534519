/* Inside a session: session.c (its life, its lines), replies.c (exchanges and
 * the order of replies), shed.c (what is refused to whom). Nobody else includes
 * this. */
#ifndef BIHUAN_DAEMON_NET_SESSION_PARTS_H
#define BIHUAN_DAEMON_NET_SESSION_PARTS_H

#include "daemon/net/session.h"
#include "proto/line.h"

/* One request. Large, so it goes as soon as its reply is made. */
struct asked {
    struct job job;
    struct exchange *exchange;
    struct charge charge; /* what it was counted as */
};

/* One request and, in time, its reply. In the session's queue until written. */
struct exchange {
    struct session *session;
    struct exchange *next;
    struct asked *asked; /* NULL: it is finished */
    char *reply;         /* NULL: a notification gets none */
    size_t reply_len;
};

struct session {
    struct conn conn;
    struct session_host *host;
    struct session *next;
    struct session *prev;
    struct session *next_dirty;
    struct session *next_hungry;
    struct origin origin;
    uint64_t source; /* rates_name() of origin.source */
    struct line_reader in;
    uint64_t line_since; /* loop time: a line began and is not whole; 0: none */
    uint64_t heard;      /* loop time of the last request */
    struct lane lane;
    struct exchange *first; /* in the order of the requests */
    struct exchange *last;
    int queued;       /* exchanges in the queue, */
    size_t strange;   /* what it holds of its host's strange_bytes, */
    size_t lines;     /* of its lines_bytes */
    size_t to_come;   /* and of its to_come */
    size_t in_bytes;  /* the lines of those not finished, */
    int in_engine;    /* how many those are */
    size_t out_bytes; /* of replies made and not yet written */
    size_t reply_top; /* about the largest of its late replies */
    bool known;       /* somebody has logged in on it */
    bool dirty;
    bool hungry;
    bool eof;      /* the peer sends no more */
    bool draining; /* we take no more */
    bool closed;   /* freed when in_engine is 0 too */
};

/* -- session.c */
/* Takes what may be taken, then reads, or ends what is complete. */
void session_go_on(struct session *s);
/* Frees a closed session once nothing points to it. */
void session_try_free(struct session *s);
/* Says why, if that can still be said, and takes no more. */
void session_shed(struct session *s, const struct problem *p);

/* -- replies.c */
/* A new exchange at the end of the queue; NULL: no memory, and the session is
 * closed. */
struct exchange *replies_add(struct session *s);
/* What the replies of requests at work will take, as far as that is known: to
 * be called when their number changed. */
void replies_expect(struct session *s);
/* The exchange is done with (problem NULL: by a result): its reply is made now
 * and written when all before it are. */
void replies_finish(struct exchange *x, const struct problem *p);
/* An answer to something that is not even a request. */
void replies_answer_null(struct session *s, const struct problem *p);
/* Asks for a flush at the end of this turn of the loop. */
void replies_mark_dirty(struct session *s);
/* Writes all whose turn has come. */
void replies_flush(struct session *s);
void replies_written(struct session *s, size_t bytes);
void replies_free(struct session *s);

#endif
