/* A ticket's history: its own chain of records in the journal, each read back
 * into what a timeline or a line of progress says about it. */
#ifndef BIHUAN_DAEMON_COMMANDS_VIEW_MOMENT_H
#define BIHUAN_DAEMON_COMMANDS_VIEW_MOMENT_H

#include "daemon/commands/call.h"

enum {
    MOMENTS_MAX = 1000, /* the latest of a ticket that are read */
    MOMENT_TEXTS = 8
};

struct moment_text {
    int64_t id;
    enum text_purpose purpose;
};

/* One record. Texts borrow from the journal's, for the length of a visit. */
struct moment {
    ticket_id ticket;
    int64_t seq;
    instant at;
    const char *method;
    const char *by;       /* "clock", "operator" or an account */
    int64_t dispatch;     /* the one made, else the only one moved; 0: none */
    int64_t state;        /* of a dispatch moved, -1: unchanged */
    int64_t ticket_state; /* -1: unchanged */
    int64_t handler;      /* the person it was assigned to, 0: nobody */
    int64_t score;        /* 0: none given, or that of the round before */
    bool extended;        /* an extension was granted */
    int64_t attached;     /* enum attachment_purpose, -1: nothing was */
    int64_t decision;     /* of a meeting: enum event_type, -1: none */
    int n_texts;
    struct moment_text texts[MOMENT_TEXTS];
    /* of the clocks begun or moved: INSTANT_NONE if none of that kind */
    instant dues[CLOCK_KIND_COUNT];
};

/* Visits the records, the latest (`seq`) first, until one answers an error. */
enum err moments(struct call *c, int64_t seq,
                 enum err (*visit)(const struct moment *m, void *user),
                 void *user);

/* What happened: the word of an event, or the method of a record that moves no
 * ticket by one. Borrowed. */
const char *moment_word(const struct moment *m);
/* Is it that event? */
bool moment_is(const struct moment *m, enum event_type type);

/* Who may read a text: what is said between offices is not for the enterprise,
 * what it says of a score not for the units. */
enum audience {
    AUDIENCE_ALL,
    AUDIENCE_OFFICIALS,
    AUDIENCE_PARTY,  /* all but units that may not know who asks */
    AUDIENCE_RATERS, /* all but the handling units */
    AUDIENCE_NONE    /* stands elsewhere */
};
enum audience moment_audience(const struct moment *m,
                              enum text_purpose purpose);

/* The text's body; NULL if it was redacted. New reference. */
enum err moment_body(struct call *c, int64_t id, json_t **ret);

/* For whom the person acted: the unit's name ("guide" for a guide) and the role
 * there (ROLE_COUNT and an empty name for the clock and the operator); and, if
 * that post is another's for whom they act by delegation, that one's name. */
struct acting {
    enum role role;
    char unit[NAME_SIZE];
    char away[NAME_SIZE];
};
enum err moment_acting(struct call *c, const struct moment *m,
                       struct acting *ret);

#endif
