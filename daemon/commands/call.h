/* One command on its way: what a handler gets and gives. Handlers are named
 * cmd_<id>() after their row in proto/commands.def and do no I/O but through
 * the store. They are run by call_run.h, for the engine: reads on a read-only
 * handle in libuv's pool, writes on the writer thread inside a savepoint. */
#ifndef BIHUAN_DAEMON_COMMANDS_CALL_H
#define BIHUAN_DAEMON_COMMANDS_CALL_H

#include <jansson.h>
#include <stdbool.h>
#include <stdint.h>

#include "core/err.h"
#include "core/instant.h"
#include "core/ticket.h"
#include "daemon/store/store.h"
#include "proto/command.h"

/* A role in a unit, as the register has it today. */
struct post {
    enum role role;
    register_id unit;
};
enum {
    POSTS_MAX = 16,        /* of one person; registering more is refused */
    DELEGATORS_MAX = 8,    /* for whom one may act at a time */
    ACTOR_POSTS_MAX = 256, /* all that an actor speaks for: their posts, those
                              of who has delegated theirs, and the same in the
                              units that these units have taken over */
    PEOPLE_TEXT_SIZE = 256
};

/* What a request shows of who sends it. All borrowed. */
struct credentials {
    const char *token;  /* what a log-in gave, NULL: none */
    const char *peer;   /* account that the configuration gives the peer of the
                           local socket, NULL or "": none; a token goes first */
    const char *source; /* where from: "10.1.2.3", "unix:1000" */
};

/* By what an actor is known. */
struct identity {
    int64_t token; /* its id; 0: by the local socket's peer, or as proven */
    bool api;      /* a token for a program */
    bool due;      /* the password must be changed before anything else */
    instant used;  /* of a token: when last, as it is written */
};

/* Who acts. The operator is the program itself (--init, tests): nobody can be
 * it over a connection. */
struct actor {
    register_id person;      /* 0: operator, or the clock */
    char account[CODE_SIZE]; /* "operator", "clock" or the person's code */
    uint32_t roles;          /* ROLE_BIT()s of all their posts, and GUIDE of
                                who is steward or specialist of anyone */
    int n_posts;
    struct post posts[ACTOR_POSTS_MAX];
    char people[PEOPLE_TEXT_SIZE]; /* as a JSON array, for access_bind():
                                      oneself, and for whom one acts today */
};

struct rulebook; /* daemon/commands/rules/rulebook.h */
struct stats;    /* daemon/stats.h: the engine's counters */
struct uploads;  /* daemon/files/uploads.h: files on their way in, files kept */
struct policy;   /* daemon/gate/policy.h */
struct proof;    /* daemon/commands/account/hasher.h */

/* What a move asks for on other tickets, in records of their own: noted by
 * parts.h, done by follow.h in ticket/. */
struct follow {
    ticket_id whole;  /* the whole whose last part may have ended; 0: none */
    ticket_id scored; /* the whole whose score counts for its parts; 0: none */
    int32_t score;
    bool solved;
};

struct call {
    const struct command *command;
    const struct value *values; /* in the row's order; see arg() */
    struct store *store;
    struct rulebook *book;
    struct actor actor;
    struct identity identity;
    const char *source; /* where the request came from, NULL: from inside */
    const struct policy *policy; /* what is asked of passwords and log-ins */
    struct proof *proof;         /* of a command that needs a password hashed */
    instant at;       /* the event's time: now, or an imported line's `at` */
    instant recorded; /* now */
    bool imported;    /* inside import.event */
    const char *importer; /* whose import it is, NULL outside one */
    int64_t head;         /* reads: the journal head of the snapshot */
    int64_t seq;       /* writes: number of the open record; after the call that
                          of the last one made, 0 if nothing changed */
    bool book_changed; /* set by a handler that changed regulation or calendar:
                          `book` is out of date from the next command on */
    bool stands; /* set by a handler that refuses and yet wrote what must stay:
                    a failed log-in counts. Only where no record is open */
    struct follow follow; /* of the moves made: done after the record closes */
    struct stats *stats;  /* the engine's counters, NULL outside it */
    struct uploads *uploads; /* NULL without a data folder */
    const char
        *backup_folder; /* where alone a backup may go, NULL or "": any */
    json_t *result; /* the handler's answer: it sets it, the engine owns it */
    struct problem problem;
};

/* The parameter of that name (asserted to be in the row). */
const struct value *arg(const struct call *c, const char *name);
/* Its text, or NULL if it is absent. */
const char *arg_text(const struct call *c, const char *name);

/* Refusal in one line: fills c->problem and returns err. */
enum err refuse(struct call *c, enum err err, const char *param,
                const char *expected, const char *detail);

#define HANDLER_READ(id) enum err cmd_##id(struct call *c);
#define HANDLER_WRITE(id) enum err cmd_##id(struct call *c);
#define HANDLER_LOCAL(id)
#define COMMAND(id, name, roles, effect, ...) HANDLER_##effect(id)
#include "proto/commands.def"
#undef COMMAND

/* The record of what the call does, by its actor at its time, about no ticket
 * yet. */
struct record call_record(const struct call *c, const char *method);
/* Inside a handler that moves several tickets: closes the open record and opens
 * the next by the same actor at the same time, about no ticket yet. c->seq is
 * its number. */
enum err call_next_record(struct call *c, const char *method);
/* Its second half: the open record is closed already. */
enum err call_open_record(struct call *c, const char *method);

#endif
