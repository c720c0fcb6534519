/* What a handler gets of a request, and for whom it runs. */
#include <assert.h>

#include "daemon/commands/call_run.h"
#include "daemon/commands/rules/rulebook.h"
#include "daemon/engine/engine_parts.h"

instant engine_now(struct engine *e)
{
    return clockport_now(&e->clock);
}

struct stats *engine_stats(struct engine *e)
{
    return &e->stats;
}

struct rulebook *engine_book(struct engine *e)
{
    uv_mutex_lock(&e->book_lock);
    struct rulebook *book = rulebook_ref(e->book);
    uv_mutex_unlock(&e->book_lock);
    return book;
}

void engine_book_set(struct engine *e, struct rulebook *book)
{
    uv_mutex_lock(&e->book_lock);
    struct rulebook *old = e->book;
    e->book = book;
    uv_mutex_unlock(&e->book_lock);
    rulebook_free(old);
}

struct call engine_call(struct engine *e, const struct job *job)
{
    instant now = engine_now(e);
    return (struct call){
        .command = job->request.command,
        .values = job->request.values,
        .at = now,
        .recorded = now,
        .stats = &e->stats,
        .uploads = e->uploads,
        .policy = &e->policy,
        .proof = job->proof,
        .backup_folder = e->backup_folder,
    };
}

static struct credentials credentials_of(const struct job *job)
{
    const struct origin *origin = job->origin;
    return (struct credentials){
        .token = job->request.token,
        .peer = origin == NULL ? NULL : origin->peer,
        .source = origin == NULL ? NULL : origin->source,
    };
}

/* Once a minute is enough to tell an idle log-in, and no write a request. */
static void note_use(struct job *job, const struct call *c)
{
    if (c->identity.token != 0 &&
        c->recorded - c->identity.used >= TOKEN_USED_S) {
        job->token = c->identity.token;
    }
}

enum err engine_run(struct job *job, struct call *c)
{
    struct credentials who = credentials_of(job);
    enum err err = call_run_for(c, &who);
    note_use(job, c);
    return err;
}

enum err engine_admit(struct job *job, struct call *c)
{
    struct credentials who = credentials_of(job);
    enum err err = call_admit_for(c, &who);
    note_use(job, c);
    return err;
}

void engine_refuse(struct job *job, enum err err, const struct problem *p)
{
    assert(err != OK);
    if (p->err == err) {
        job->problem = *p;
    } else {
        problem_set(&job->problem, err, "", "", "");
    }
    job->err = err;
    job->seq = -1;
    json_decref(job->result);
    job->result = NULL;
}
