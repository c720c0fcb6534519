/* The loop's side of what goes outside: which delivery goes when, to which
 * sender: see outgoing.h. */
#include "daemon/outgoing/outgoing.h"

#include <stdlib.h>

#include "daemon/log.h"
#include "daemon/outgoing/parcel.h"
#include "daemon/outgoing/sender.h"

enum {
    AGAIN_MS = 1000,    /* after a read or a note failed */
    LOOK_MAX_MS = 60000 /* a clock that was set anew is noticed */
};

struct outgoing {
    uv_loop_t *loop;
    struct engine *engine;
    struct courier *courier;
    uv_timer_t timer; /* the next look; while closing, the last words */
    struct lane lane;
    struct sender senders[SENDERS];
    /* a look under way */
    bool looking;
    bool look_again;
    struct job look;
    struct parcel_ask ask;
    int64_t busy[SENDERS];
    struct parcel found[SENDERS];
    int n_found;
    instant next;
    bool deliver;
    bool closing;
    bool ended;
    void (*closed)(void *user);
    void *closed_user;
};

static void try_end(struct outgoing *o);
static void look_in(struct outgoing *o, uint64_t ms);

/* -- looking ----------------------------------------------------------------
 */

static void on_noted(struct sender *w, enum err err)
{
    struct outgoing *o = w->user;
    if (err != OK && !o->closing) {
        w->state = SENDER_TO_NOTE;
        look_in(o, AGAIN_MS);
        return;
    }
    sender_let_go(w);
    if (o->closing) {
        try_end(o);
    } else {
        outgoing_look(o);
    }
}

static enum err run_look(struct store *s, void *user)
{
    struct outgoing *o = user;
    return parcels_take(s, &o->ask, o->found, &o->n_found, &o->next);
}

static struct sender *free_sender(struct outgoing *o)
{
    for (int i = 0; i < SENDERS; i++) {
        if (o->senders[i].state == SENDER_FREE) {
            return &o->senders[i];
        }
    }
    return NULL;
}

static void on_timer(uv_timer_t *timer)
{
    struct outgoing *o = timer->data;
    if (o->closing) { /* the time for last words is over */
        courier_drop_all(o->courier);
        for (int i = 0; i < SENDERS; i++) {
            struct sender *w = &o->senders[i];
            if (w->state == SENDER_SENDING) {
                sender_let_go(w);
            }
        }
        try_end(o);
        return;
    }
    for (int i = 0; i < SENDERS; i++) {
        if (o->senders[i].state == SENDER_TO_NOTE) {
            sender_note(&o->senders[i]);
        }
    }
    outgoing_look(o);
}

/* Not later than in so many milliseconds. */
static void look_in(struct outgoing *o, uint64_t ms)
{
    bool set = uv_is_active((const uv_handle_t *)&o->timer) != 0;
    if (!set || uv_timer_get_due_in(&o->timer) > ms) {
        uv_timer_start(&o->timer, on_timer, ms, 0);
    }
}

static void arm(struct outgoing *o)
{
    if (o->next == INSTANT_NONE) {
        return;
    }
    instant left = o->next - engine_now(o->engine);
    uint64_t ms = left <= 0 ? AGAIN_MS : (uint64_t)left * 1000;
    look_in(o, ms < LOOK_MAX_MS ? ms : LOOK_MAX_MS);
}

static void on_looked(struct job *job)
{
    struct outgoing *o = job->user;
    o->looking = false;
    if (o->closing) {
        try_end(o);
        return;
    }
    if (job->err != OK) {
        log_text(LOG_PRIORITY_WARNING, "outbox", err_text(job->err));
        look_in(o, AGAIN_MS);
        return;
    }
    for (int i = 0; i < o->n_found; i++) {
        sender_send(free_sender(o), &o->found[i]);
    }
    if (o->look_again) {
        outgoing_look(o);
    } else {
        arm(o);
    }
}

void outgoing_look(struct outgoing *o)
{
    if (o == NULL || o->closing || !o->deliver) {
        return;
    }
    o->look_again = o->looking;
    if (o->looking) {
        return;
    }
    o->ask = (struct parcel_ask){.now = engine_now(o->engine), .busy = o->busy};
    for (int i = 0; i < SENDERS; i++) {
        if (o->senders[i].state != SENDER_FREE) {
            o->busy[o->ask.n_busy++] = o->senders[i].parcel.delivery.hook;
        }
    }
    o->ask.max = SENDERS - o->ask.n_busy;
    o->looking = true;
    o->look = (struct job){.own = {run_look, o, false},
                           .lane = &o->lane,
                           .done = on_looked,
                           .user = o};
    engine_submit(o->engine, &o->look);
}

/* -- begin and end ----------------------------------------------------------
 */

enum err outgoing_open(uv_loop_t *loop, struct engine *engine,
                       const struct outgoing_config *config,
                       struct outgoing **ret)
{
    struct outgoing *o = calloc(1, sizeof *o);
    if (o == NULL) {
        return ERR_NO_MEMORY;
    }
    enum err err = courier_open(loop, &config->courier, &o->courier);
    if (err != OK) {
        free(o);
        return err;
    }
    o->loop = loop;
    o->engine = engine;
    o->deliver = config->deliver;
    for (int i = 0; i < SENDERS; i++) {
        o->senders[i].engine = engine;
        o->senders[i].courier = o->courier;
        o->senders[i].lane = &o->lane;
        o->senders[i].noted = on_noted;
        o->senders[i].user = o;
    }
    uv_timer_init(loop, &o->timer);
    o->timer.data = o;
    *ret = o;
    outgoing_look(o);
    return OK;
}

static void on_courier_closed(void *user)
{
    struct outgoing *o = user;
    void (*closed)(void *) = o->closed;
    void *closed_user = o->closed_user;
    free(o);
    closed(closed_user);
}

static void on_timer_closed(uv_handle_t *handle)
{
    struct outgoing *o = handle->data;
    courier_close(o->courier, on_courier_closed, o);
}

static void try_end(struct outgoing *o)
{
    bool busy = o->looking;
    for (int i = 0; i < SENDERS; i++) {
        busy = busy || o->senders[i].state == SENDER_SENDING ||
               o->senders[i].state == SENDER_NOTING;
    }
    if (busy || o->ended) {
        return;
    }
    o->ended = true;
    for (int i = 0; i < SENDERS; i++) {
        free(o->senders[i].body); /* of what could not be noted */
    }
    uv_timer_stop(&o->timer);
    uv_close((uv_handle_t *)&o->timer, on_timer_closed);
}

void outgoing_close(struct outgoing *o, void (*closed)(void *user), void *user)
{
    o->closing = true;
    o->closed = closed;
    o->closed_user = user;
    uv_timer_start(&o->timer, on_timer, LAST_WORDS_MS, 0);
    try_end(o);
}
