/* One sender of what goes outside: it is free, or it sends, or it waits for its
 * outcome to be noted. A delivery's outcome is noted in the outbox before the
 * sender is free again; a failed note is given again, and the hook stays where
 * it is till then.
 *
 * All functions belong to the loop's thread. */
#ifndef BIHUAN_DAEMON_OUTGOING_SENDER_H
#define BIHUAN_DAEMON_OUTGOING_SENDER_H

#include "daemon/engine/engine.h"
#include "daemon/notify/courier.h"
#include "daemon/notify/sign.h"
#include "daemon/outgoing/parcel.h"

enum {
    SENDER_TARGET_SIZE = HOOK_URL_SIZE + HOOK_URL_SIZE + SIGN_QUERY_SIZE
};

enum sender_state {
    SENDER_FREE,
    SENDER_SENDING,
    SENDER_NOTING,
    SENDER_TO_NOTE /* the note failed: sender_note() */
};

/* Zeroed but for the first part. */
struct sender {
    struct engine *engine;
    struct courier *courier;
    struct lane *lane; /* its notes' */
    /* The note was written, or not; called on the loop while NOTING. It leaves
     * the sender free (sender_let_go()) or TO_NOTE. */
    void (*noted)(struct sender *w, enum err err);
    void *user;
    /* its own: */
    enum sender_state state;
    struct parcel parcel;
    struct errand errand;
    char url[SENDER_TARGET_SIZE];
    char *body;
    struct attempt attempt;
    char error[OUTBOX_ERROR_SIZE];
    struct job note;
};

/* A free one takes a parcel; it is copied. What can never be delivered is noted
 * as given up at once. */
void sender_send(struct sender *w, const struct parcel *parcel);
/* Notes the outcome, once more if it is TO_NOTE. */
void sender_note(struct sender *w);
/* Whatever it did is over: its body goes, it is free. */
void sender_let_go(struct sender *w);

#endif
