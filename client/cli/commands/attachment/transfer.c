/* Sending and fetching files: see transfer.h. */
#include "client/cli/commands/attachment/transfer.h"

#include <inttypes.h>

#include "client/cli/show/cell.h"

void transfer_progress(const struct transfer *t, int64_t done, int64_t size)
{
    if (t->terminal) {
        (void)fprintf(stderr, "\r%" PRId64 "/%" PRId64 " KiB\033[K",
                      done / 1024, size / 1024);
    }
}

void transfer_end_progress(const struct transfer *t)
{
    (void)fputs(t->terminal ? "\r\033[K" : "", stderr);
}

enum exit_status transfer_refused(const struct problem *p)
{
    complain(stderr, p);
    return EXIT_REFUSED;
}

/* One call; its result, or NULL: told, and the status set. Takes `params`. */
json_t *transfer_ask(struct transfer *t, const char *method, json_t *params,
                     const char *key)
{
    struct bihuan_reply reply;
    char *text = json_dumps(params, JSON_COMPACT);
    json_t *result = NULL;
    json_decref(params);
    struct bihuan_request request = {.method = method,
                                     .params = text,
                                     .key = key,
                                     .after = t->context->options->after};
    enum bihuan_status status = bihuan_call(t->b, &request, &reply);
    json_give_back(text);
    t->status = (enum exit_status)status;
    if (status == BIHUAN_DONE) {
        result = json_loadb(reply.result, reply.result_len, 0, NULL);
        t->status = result == NULL ? EXIT_REFUSED : EXIT_DONE;
    } else {
        transfer_end_progress(t);
        complain_call(stderr, &reply.error, t->context->command,
                      t->context->params);
    }
    bihuan_reply_done(&reply);
    return result;
}

const char *transfer_text(json_t *result, const char *name)
{
    const char *text = json_string_value(json_object_get(result, name));
    return text == NULL ? "" : text;
}

int64_t transfer_number(json_t *result, const char *name)
{
    return json_integer_value(json_object_get(result, name));
}
