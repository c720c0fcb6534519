/* Requests with a key: an accepted one's first answer is kept and given to who
 * repeats it. The writer thread's. */
#include <stdlib.h>
#include <string.h>

#include "daemon/engine/engine_parts.h"
#include "proto/json.h"
#include "proto/latch.h"

/* SM3 of method and parameters, in one form whatever the order and blanks. */
enum err key_digest(const struct request *r, uint8_t ret[KEY_DIGEST_SIZE])
{
    json_t *both = json_array();
    json_t *params = r->params == NULL ? json_object() : json_incref(r->params);
    enum err err = ERR_NO_MEMORY;
    if (json_array_append_new(both, json_string(r->command->name)) == 0 &&
        json_array_append(both, params) == 0) {
        char *text = json_dumps(both, JSON_COMPACT | JSON_SORT_KEYS);
        if (text != NULL) {
            store_digest(text, strlen(text), ret);
            latch_free(text);
            err = OK;
        }
    }
    json_decref(params);
    json_decref(both);
    return err;
}

/* Its kept answer goes into the job. */
enum err key_recall(struct writer *w, struct job *job, struct call *c,
                    const uint8_t digest[KEY_DIGEST_SIZE])
{
    struct idem kept;
    enum err err =
        idem_find(w->store, c->actor.account, job->request.key, digest, &kept);
    if (err != OK) {
        return err;
    }
    struct json_text source = {kept.reply, strlen(kept.reply), REPLY_BYTES_MAX,
                               REPLY_VALUES_MAX};
    err = json_read(&source, &job->result, NULL, &c->problem);
    free(kept.reply);
    job->seq = kept.seq;
    if (err == OK) {
        stats_add(&w->engine->stats, FIGURE_repeats, 1);
    }
    return err;
}

/* One stride of a command that is to be asked for until it says done: kept
 * under its key it would be the answer for ever. */
static bool is_stride(const json_t *result)
{
    return json_is_false(json_object_get(result, "done"));
}

/* Keeps the first answer in the same transaction. If that fails the command
 * must not succeed either, and it is done already: the batch is lost. */
enum err key_remember(struct writer *w, const struct job *job,
                      const struct call *c,
                      const uint8_t digest[KEY_DIGEST_SIZE])
{
    size_t len = 0;
    if (is_stride(job->result)) {
        return OK;
    }
    char *reply = json_line(job->result, &len);
    if (reply == NULL) {
        return ERR_NO_MEMORY;
    }
    enum err err = idem_keep(w->store, c->actor.account, job->request.key,
                             digest, reply, job->seq, c->recorded);
    free(reply);
    return err;
}
