/* What waits for the audit record: see audit_queue.h. */
#include "daemon/audit/audit_queue.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum err audit_queue_init(struct audit_queue *q)
{
    *q = (struct audit_queue){.n = 0};
    rates_init(&q->apart, AUDIT_APART_MINUTE, AUDIT_APART_BURST);
    if (uv_mutex_init(&q->lock) != 0) {
        return ERR_NO_MEMORY;
    }
    /* untouched pages of them take no memory */
    q->waiting = calloc(AUDIT_PENDING_MAX, sizeof *q->waiting);
    q->taken = calloc(AUDIT_PENDING_MAX, sizeof *q->taken);
    q->places = calloc(AUDIT_PLACES, sizeof *q->places);
    if (q->waiting == NULL || q->taken == NULL || q->places == NULL) {
        audit_queue_done(q);
        return ERR_NO_MEMORY;
    }
    return OK;
}

void audit_queue_done(struct audit_queue *q)
{
    free(q->waiting);
    free(q->taken);
    free(q->places);
    uv_mutex_destroy(&q->lock);
}

/* -- what comes --------------------------------------------------------------
 */

static bool same(const struct audit_event *a, const struct audit_event *b)
{
    return strcmp(a->what, b->what) == 0 && strcmp(a->object, b->object) == 0 &&
           strcmp(a->account, b->account) == 0 &&
           strcmp(a->source, b->source) == 0 &&
           strcmp(a->outcome, b->outcome) == 0 && a->seq == b->seq;
}

static uint32_t mix(uint32_t mixed, const char *text)
{
    do { /* FNV-1a, with the NUL */
        mixed = (mixed ^ (unsigned char)*text) * UINT32_C(16777619);
    } while (*text++ != '\0');
    return mixed;
}

/* Where such a one is, or would be. Never full: see AUDIT_PLACES. */
static int *place_of(struct audit_queue *q, const struct audit_event *e)
{
    uint32_t mixed = UINT32_C(2166136261);
    mixed = mix(mixed, e->account);
    mixed = mix(mixed, e->source);
    mixed = mix(mixed, e->what);
    mixed = mix(mixed, e->outcome);
    mixed = mix(mixed, e->object);
    size_t i = mixed % AUDIT_PLACES;
    while (q->places[i] != 0 && !same(&q->waiting[q->places[i] - 1], e)) {
        i = (i + 1) % AUDIT_PLACES;
    }
    return &q->places[i];
}

/* Of a log-in the account is only claimed. */
static const char *proven(const struct audit_event *e)
{
    return strcmp(e->what, "login") == 0 ? "" : e->account;
}

static bool apart(struct audit_queue *q, const struct audit_event *e)
{
    const char *account = proven(e);
    int64_t wait_s = 0;
    return rates_take(&q->apart,
                      rates_name(account[0] == '\0' ? e->source : account),
                      (uint64_t)e->at * 1000, &wait_s);
}

static struct audit_event one_more(const struct audit_event *e)
{
    struct audit_event more = *e;
    snprintf(more.account, sizeof more.account, "%s", proven(e));
    snprintf(more.what, sizeof more.what, AUDIT_MORE);
    more.object[0] = '\0';
    return more;
}

static bool add(struct audit_queue *q, const struct audit_event *e, bool must)
{
    int *place = place_of(q, e);
    struct audit_event more;
    if (*place == 0 && !must && !apart(q, e)) {
        more = one_more(e);
        e = &more;
        place = place_of(q, e);
    }
    if (*place != 0) {
        q->waiting[*place - 1].times += e->times;
        return true;
    }
    int room = must ? AUDIT_PENDING_MAX : AUDIT_REFUSALS_MAX;
    if (q->n + q->n_taken >= room) {
        q->dropped += must ? 0 : e->times;
        q->dropped_at = must ? q->dropped_at : e->at;
        return false;
    }
    q->waiting[q->n++] = *e;
    *place = q->n;
    return true;
}

bool audit_queue_add(struct audit_queue *q, const struct audit_event *e,
                     bool must)
{
    uv_mutex_lock(&q->lock);
    bool added = add(q, e, must);
    uv_mutex_unlock(&q->lock);
    return added;
}

bool audit_queue_waits(struct audit_queue *q)
{
    uv_mutex_lock(&q->lock);
    bool waits = q->n + q->n_taken > 0 || q->dropped > 0;
    uv_mutex_unlock(&q->lock);
    return waits;
}

/* -- what is written ---------------------------------------------------------
 */

/* What a lost write took goes first; what came since waits for the next. */
static void take(struct audit_queue *q)
{
    uv_mutex_lock(&q->lock);
    if (q->n_taken == 0) {
        struct audit_event *empty = q->taken;
        q->taken = q->waiting;
        q->n_taken = q->n;
        q->waiting = empty;
        q->n = 0;
        memset(q->places, 0, AUDIT_PLACES * sizeof *q->places);
    }
    q->told = q->dropped;
    uv_mutex_unlock(&q->lock);
}

/* Only one write is under way: nobody else changes `taken`. */
enum err audit_queue_write(struct audit_queue *q, struct store *s)
{
    enum err err = OK;
    take(q);
    for (int i = 0; err == OK && i < q->n_taken; i++) {
        err = audit_append(s, &q->taken[i]);
    }
    if (err == OK && q->told > 0) {
        struct audit_event e = {.at = q->dropped_at, .times = q->told};
        snprintf(e.what, sizeof e.what, AUDIT_DROPPED);
        snprintf(e.outcome, sizeof e.outcome, "%s", err_name(ERR_LIMIT));
        err = audit_append(s, &e);
    }
    return err;
}

void audit_queue_wrote(struct audit_queue *q, bool durable)
{
    uv_mutex_lock(&q->lock);
    if (durable) {
        q->n_taken = 0;
        q->dropped -= q->told;
    }
    q->told = 0;
    uv_mutex_unlock(&q->lock);
}
