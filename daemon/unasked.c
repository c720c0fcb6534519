/* What the daemon does without being asked: when the next of it is due, and the
 * anchors that lie beside the data (daemon/store/anchor.h). */
#include "daemon/commands/digest.h"
#include "daemon/engine_parts.h"
#include "daemon/log.h"
#include "daemon/store/anchor.h"

enum {
    ANCHOR_RETRY_S = 3600 /* after it could not be written */
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
        *ret = sooner(clock, sooner(e->writer.anchor, digest));
    }
    return err;
}

/* EXISTS: that day, or that head, has one. */
static enum err keep(struct engine *e, struct store *s, instant now, bool more)
{
    struct anchor anchor;
    enum err err = anchor_head(s, ANCHOR_JOURNAL, &anchor);
    if (err == OK) {
        err = anchor_keep(e->data, &anchor, instant_day(now), more);
    }
    if (err != OK && err != ERR_EXISTS) {
        log_text(LOG_PRIORITY_WARNING, "anchor", err_text(err));
    }
    return err == ERR_EXISTS ? OK : err;
}

void anchor_daily(struct writer *w)
{
    instant now = engine_now(w->engine);
    if (now < w->anchor) {
        return;
    }
    enum err err = keep(w->engine, w->store, now, false);
    w->anchor =
        err == OK ? day_start(instant_day(now) + 1) : now + ANCHOR_RETRY_S;
    w->strode = true;
}

void anchor_last(struct engine *e)
{
    (void)keep(e, e->writer.store, engine_now(e), true);
}
