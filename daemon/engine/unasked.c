/* What the daemon does without being asked: when the next of it is due, and the
 * anchors that lie beside the data (daemon/store/anchor.h). */
#include "daemon/commands/view/digest.h"
#include "daemon/engine/engine_parts.h"
#include "daemon/log.h"
#include "daemon/store/anchor.h"
#include "daemon/store/audit.h"
#include "daemon/store/outbox.h"

enum {
    ANCHOR_RETRY_S = 3600, /* after it could not be written */
    CUT_MAX = 2000         /* records of one stride: some tens of ms */
};

static instant sooner(instant a, instant b)
{
    return a != INSTANT_NONE && a < b ? a : b;
}

enum err engine_next(struct engine *e, struct store *s,
                     const struct rulebook *book, instant *ret)
{
    instant clock = INSTANT_NONE;
    instant digest = INSTANT_NONE;
    enum err err = deadline_next(s, false, &clock);
    if (err == OK) {
        err = digest_next(s, book, engine_now(e), &digest);
    }
    if (err == OK) {
        *ret = sooner(sooner(clock, digest),
                      sooner(e->writer.anchor, e->writer.daily));
    }
    return err;
}

/* EXISTS: that day, or that head, has one. */
static enum err keep(struct engine *e, enum anchor_chain chain, instant now,
                     bool more)
{
    struct anchor anchor;
    enum err err = anchor_head(e->writer.store, chain, &anchor);
    if (err == OK) {
        err = anchor_keep(e->data, &anchor, instant_day(now), more);
    }
    if (err != OK && err != ERR_EXISTS) {
        log_text(LOG_PRIORITY_WARNING, "anchor", err_text(err));
    }
    return err == ERR_EXISTS ? OK : err;
}

/* -- once a day, in a transaction --------------------------------------------
 */

static enum err post_anchors(struct writer *w, instant now)
{
    struct anchor anchor;
    char lines[2][ANCHOR_LINE_SIZE];
    for (int i = 0; i < ANCHOR_CHAINS; i++) {
        enum err err = anchor_head(w->store, (enum anchor_chain)i, &anchor);
        if (err != OK) {
            return err == ERR_NOT_FOUND ? OK : err;
        }
        anchor_format(&anchor, lines[i]);
    }
    return outbox_post_anchors(w->store, instant_day(now),
                               lines[ANCHOR_JOURNAL], lines[ANCHOR_AUDIT], now);
}

/* Of the audit record a week goes in a day at most: a clock that runs years
 * ahead is put right before much is gone. */
static enum err do_daily(struct writer *w, instant now, int *ret_n)
{
    const instant week = (instant)7 * SECONDS_PER_DAY;
    instant before =
        now - (instant)w->engine->policy.audit_days * SECONDS_PER_DAY;
    instant oldest = INSTANT_MAX;
    enum err err = post_anchors(w, now);
    if (err == OK) {
        err = audit_oldest(w->store, &oldest);
    }
    if (err == OK && oldest < before - week) {
        before = oldest + week;
    }
    return err == OK ? audit_expire(w->store, now, before, CUT_MAX, ret_n)
                     : err;
}

/* A row that is damaged must not keep all others from being written: what was
 * begun is undone and tried again later, as an anchor is. */
static enum err set_aside(struct writer *w, instant now, enum err err)
{
    struct problem p;
    store_undo(w->store);
    problem_set(&p, err, "", "", "anchors for the webhooks, or old records");
    log_problem(LOG_PRIORITY_ERROR, "daily work", &p);
    w->daily_next = now + ANCHOR_RETRY_S;
    return OK;
}

enum err daily_work(struct writer *w, instant now)
{
    int n = 0;
    w->daily_next = w->daily;
    if (now < w->daily) {
        return OK;
    }
    enum err err = store_mark(w->store);
    if (err != OK) {
        return err;
    }
    err = do_daily(w, now, &n);
    w->daily_next = n == CUT_MAX ? now : day_start(instant_day(now) + 1);
    w->strode = true;
    if (err == ERR_CORRUPT && store_lost(w->store) == OK) {
        return set_aside(w, now, err);
    }
    return err == OK ? store_keep(w->store) : err;
}

/* -- and after it ------------------------------------------------------------
 */

void anchor_daily(struct writer *w)
{
    instant now = engine_now(w->engine);
    if (now < w->anchor) {
        return;
    }
    enum err err = keep(w->engine, ANCHOR_JOURNAL, now, false);
    if (err == OK) {
        err = keep(w->engine, ANCHOR_AUDIT, now, false);
    }
    w->anchor =
        err == OK ? day_start(instant_day(now) + 1) : now + ANCHOR_RETRY_S;
    w->strode = true;
}

void anchor_last(struct engine *e)
{
    instant now = engine_now(e);
    (void)keep(e, ANCHOR_JOURNAL, now, true);
    (void)keep(e, ANCHOR_AUDIT, now, true);
}
