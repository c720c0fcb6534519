/* How the engine begins and how it ends. */
#include <stdio.h>
#include <stdlib.h>

#include "daemon/commands/rules/rulebook.h"
#include "daemon/engine/engine_parts.h"
#include "daemon/files/uploads.h"
#include "daemon/gate/password.h"
#include "daemon/log.h"
#include "daemon/store/accounts.h"

enum {
    PATH_SIZE = 4096,
    PATIENCE_TICK_MS = 200,
    WRITES_A_TURN = 16, /* their replies go together, which costs less */
    HANDLES = 6
};

/* -- start ------------------------------------------------------------------
 */

/* As after an upgrade from before there were accounts. */
static void tell_of_nobody(struct store *store)
{
    int64_t n = 0;
    if (account_enabled(store, ROLE_SECURITY, 0, &n) == OK && n == 0) {
        log_text(LOG_PRIORITY_WARNING, "accounts",
                 "no security administrator can log in: stop the service and "
                 "run bihuand --administrators");
    }
}

static bool keep_dearest(void *user, const char *begins)
{
    struct policy *policy = user;
    int cost = password_cost(begins);
    policy->dearest = cost > policy->dearest ? cost : policy->dearest;
    return true;
}

/* What can fail for want of memory or because of the data folder. */
static enum err open_store(struct engine *e, const struct engine_config *config,
                           struct store **ret, struct problem *p)
{
    char path[PATH_SIZE];
    int len = snprintf(path, sizeof path, "%s/bihuan.db", config->data);
    if (len < 0 || len >= PATH_SIZE) {
        return problem_set(p, ERR_IO, "data", "a shorter path", "");
    }
    enum err err = store_open(path, STORE_WRITE, ret, p);
    if (err != OK) {
        return err;
    }
    if (config->room != NULL) {
        store_set_space(*ret, config->room->floor, config->room->ballast);
    }
    tell_of_nobody(*ret);
    err = account_hashes(*ret, keep_dearest, &e->policy);
    if (err == OK) {
        err = rulebook_load(*ret, &e->book, p);
    }
    if (err == OK) { /* after the store: it is locked, so we are alone */
        err = uploads_open(config->data, &e->uploads, p);
    }
    if (err == OK) {
        err = readers_open(&e->readers, e, path, p);
    }
    if (err == OK) {
        err = hashing_open(&e->hashing, e, path, p);
        if (err != OK) {
            readers_close(&e->readers);
        }
    }
    if (err != OK) {
        uploads_close(e->uploads);
        rulebook_free(e->book);
        store_close(*ret);
    }
    return err;
}

/* Handles, in the order that engine_try_close() ends them. */
static void open_handles(struct engine *e)
{
    uv_timer_init(e->loop, &e->deadline);
    uv_timer_init(e->loop, &e->patience);
    e->async.data = e;
    e->deadline.data = e;
    e->patience.data = e;
    e->handles = HANDLES;
    uv_timer_start(&e->deadline, engine_on_deadline, 0, 0);
    uv_timer_start(&e->patience, engine_on_patience, PATIENCE_TICK_MS,
                   PATIENCE_TICK_MS);
    engine_arm_deadline(e);
    sweeper_start(&e->sweeper, e);
    auditor_start(&e->auditor);
    token_uses_start(&e->uses, e);
}

/* Time stands still till the clock has caught up: all limits with it, which is
 * right for a few seconds and a fault of the machine for more. */
static void tell_behind(struct clockport *clock)
{
    int64_t behind = clockport_behind(clock);
    char text[96];
    if (behind > 0) {
        snprintf(text, sizeof text,
                 "%lld s behind what is recorded; time stands still till then",
                 (long long)behind);
        log_text(LOG_PRIORITY_WARNING, "the machine's clock", text);
    }
}

static enum err start(struct engine *e, const struct engine_config *config,
                      struct store *store)
{
    e->head = store_head(store);
    enum err err = clockport_init(&e->clock, config->now, config->now_user,
                                  store_last_recorded(store));
    if (err == OK) {
        tell_behind(&e->clock);
        err = stats_init(&e->stats, clockport_now(&e->clock));
    }
    if (err == OK) {
        err = auditor_open(&e->auditor, e, store, config->settings);
    }
    if (err == OK) {
        err = engine_next(e, store, e->book, &e->next);
    }
    if (err == OK &&
        (uv_mutex_init(&e->book_lock) != 0 ||
         uv_async_init(e->loop, &e->async, engine_on_async) != 0)) {
        err = ERR_NO_MEMORY;
    }
    if (err == OK) {
        err = writer_start(&e->writer, e, store);
    }
    return err;
}

enum err engine_open(uv_loop_t *loop, const struct engine_config *config,
                     struct engine **ret, struct problem *p)
{
    struct store *store = NULL;
    struct engine *e = calloc(1, sizeof *e);
    if (e == NULL) {
        return problem_set(p, ERR_NO_MEMORY, "", "", "");
    }
    e->loop = loop;
    e->gathering = (struct turns){TURNS_WRITE, .most = WRITES_A_TURN};
    e->posted = config->posted;
    e->posted_user = config->posted_user;
    e->backup_folder = config->backup_folder;
    if (config->policy != NULL) {
        e->policy = *config->policy;
    } else {
        policy_default(&e->policy);
    }
    e->data = config->data;
    enum err err = open_store(e, config, &store, p);
    if (err != OK) {
        free(e);
        return err;
    }
    err = start(e, config, store);
    if (err != OK) {
        /* only at the start of a process that then ends: nothing is undone */
        return problem_set(p, err, "", "", "the engine did not start");
    }
    open_handles(e);
    *ret = e;
    return OK;
}

/* -- end --------------------------------------------------------------------
 */

static void on_handle_closed(uv_handle_t *handle)
{
    struct engine *e = handle->data;
    e->handles--;
    if (e->handles > 0) {
        return;
    }
    void (*closed)(void *) = e->closed;
    void *user = e->closed_user;
    hashing_close(&e->hashing);
    readers_close(&e->readers);
    auditor_close(&e->auditor, e->writer.store);
    anchor_last(e);
    store_close(e->writer.store);
    uploads_close(e->uploads);
    rulebook_free(e->book);
    uv_mutex_destroy(&e->book_lock);
    stats_done(&e->stats);
    clockport_done(&e->clock);
    free(e);
    closed(user);
}

void engine_try_close(struct engine *e)
{
    bool busy = e->writing || e->jobs > 0 || !readers_idle(&e->readers);
    if (!e->closing || busy || uv_is_closing((uv_handle_t *)&e->async)) {
        return;
    }
    writer_stop(&e->writer);
    uv_close((uv_handle_t *)&e->async, on_handle_closed);
    uv_close((uv_handle_t *)&e->deadline, on_handle_closed);
    uv_close((uv_handle_t *)&e->patience, on_handle_closed);
    uv_close((uv_handle_t *)&e->sweeper.timer, on_handle_closed);
    uv_close((uv_handle_t *)&e->auditor.timer, on_handle_closed);
    uv_close((uv_handle_t *)&e->uses.timer, on_handle_closed);
}

void engine_close(struct engine *e, void (*done)(void *), void *user)
{
    e->closing = true;
    e->closed = done;
    e->closed_user = user;
    engine_look_at_waiting(e);
    engine_arm_deadline(e);
    uv_async_send(&e->async);
}
