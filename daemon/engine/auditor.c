/* When what waits for the audit record is written: half a second after the
 * first of it came, and as the last thing before the store closes. */
#include <stdio.h>

#include "daemon/audit/audit_note.h"
#include "daemon/engine/engine_parts.h"
#include "daemon/log.h"

#define WRITE_IN_MS UINT64_C(500)

/* -- what is told ------------------------------------------------------------
 */

static struct audit_event own_event(struct engine *e, const char *what,
                                    const char *object)
{
    struct audit_event event = {.at = engine_now(e), .times = 1};
    snprintf(event.what, sizeof event.what, "%s", what);
    snprintf(event.outcome, sizeof event.outcome, "%s", err_name(OK));
    snprintf(event.object, sizeof event.object, "%s", object);
    return event;
}

static const char *source_of(const struct origin *origin)
{
    return origin == NULL ? "" : origin->source;
}

bool auditor_note(struct engine *e, const struct job *job, const struct call *c,
                  enum err err)
{
    struct audit_event event;
    return !audit_note(c, source_of(job->origin), err, &event) ||
           audit_queue_add(&e->auditor.queue, &event, err == OK) || err != OK;
}

enum err auditor_append(const struct job *job, const struct call *c)
{
    struct audit_event event;
    return audit_note(c, source_of(job->origin), OK, &event)
               ? audit_append(c->store, &event)
               : OK;
}

void engine_audit_refusal(struct engine *e, const struct origin *origin,
                          const char *account, const char *what, enum err err)
{
    struct audit_event event = own_event(e, what, "");
    snprintf(event.account, sizeof event.account, "%s",
             account == NULL ? "" : account);
    snprintf(event.source, sizeof event.source, "%s", source_of(origin));
    snprintf(event.outcome, sizeof event.outcome, "%s", err_name(err));
    audit_queue_add(&e->auditor.queue, &event, false);
    auditor_look(&e->auditor);
}

/* -- writing, while the engine runs ------------------------------------------
 */

static enum err run_write(struct store *store, void *user)
{
    return audit_queue_write(user, store);
}

/* When it begins and when it ends: it is tried twice a second. */
static void tell(struct auditor *a, enum err err)
{
    if (err == a->told) {
        return;
    }
    a->told = err;
    if (err != OK) {
        log_text(LOG_PRIORITY_WARNING, "audit", err_text(err));
    } else {
        log_text(LOG_PRIORITY_INFO, "audit", "what waited is written");
    }
}

static void on_written(struct job *job)
{
    struct auditor *a = job->user;
    audit_queue_wrote(&a->queue, job->err == OK);
    a->writing = false;
    if (!a->engine->closing) {
        tell(a, job->err);
    }
    auditor_look(a);
}

static void on_timer(uv_timer_t *timer)
{
    struct engine *e = timer->data;
    struct auditor *a = &e->auditor;
    a->writing = true;
    a->job = (struct job){.own = {run_write, &a->queue, true},
                          .lane = &a->lane,
                          .done = on_written,
                          .user = a};
    engine_submit(e, &a->job);
}

void auditor_look(struct auditor *a)
{
    if (!a->writing && !a->engine->closing &&
        !uv_is_active((const uv_handle_t *)&a->timer) &&
        audit_queue_waits(&a->queue)) {
        uv_timer_start(&a->timer, on_timer, WRITE_IN_MS, 0);
    }
}

/* -- writing, when there is no other writer ----------------------------------
 */

static enum err write_now(struct auditor *a, struct store *store,
                          bool *ret_fatal)
{
    *ret_fatal = false;
    enum err err = store_begin(store);
    if (err == OK) {
        err = audit_queue_write(&a->queue, store);
        if (err == OK) {
            err = store_commit(store, ret_fatal);
        } else {
            store_rollback(store);
        }
    }
    audit_queue_wrote(&a->queue, err == OK);
    tell(a, err);
    return err;
}

/* Names alone: a value may be a secret. */
static void tell_settings(struct auditor *a, const struct settings *settings)
{
    for (int i = 0; settings != NULL && i < SETTING_COUNT; i++) {
        char name[SETTING_NAME_SIZE];
        if (settings->value[i].from != FROM_DEFAULT) {
            struct audit_event event =
                own_event(a->engine, "daemon.setting",
                          setting_name((enum setting_id)i, name));
            audit_queue_add(&a->queue, &event, true);
        }
    }
}

enum err auditor_open(struct auditor *a, struct engine *e, struct store *store,
                      const struct settings *settings)
{
    bool fatal = false;
    *a = (struct auditor){.engine = e};
    enum err err = audit_queue_init(&a->queue);
    if (err != OK) {
        return err;
    }
    struct audit_event event = own_event(e, "daemon.start", BIHUAN_VERSION);
    audit_queue_add(&a->queue, &event, true);
    tell_settings(a, settings);
    err = write_now(a, store, &fatal); /* on a full disk they wait */
    return fatal ? err : OK;
}

void auditor_start(struct auditor *a)
{
    uv_timer_init(a->engine->loop, &a->timer);
    a->timer.data = a->engine; /* as every handle of the engine */
    auditor_look(a);
}

void auditor_close(struct auditor *a, struct store *store)
{
    bool fatal = false;
    struct audit_event event =
        own_event(a->engine, "daemon.stop", BIHUAN_VERSION);
    audit_queue_add(&a->queue, &event, true);
    (void)write_now(a, store, &fatal);
    audit_queue_done(&a->queue);
}
