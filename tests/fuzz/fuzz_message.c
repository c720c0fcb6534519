/* Request and reply lines: what is accepted means the same when it is written
 * and read again; what is refused has a name, and its answer is a right reply
 * to the same id. */
#include <assert.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "core/limits.h"
#include "proto/message.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static bool same_value(const struct value *a, const struct value *b)
{
    return a->given == b->given && a->len == b->len &&
           (a->text == NULL) == (b->text == NULL) &&
           (a->text == NULL || memcmp(a->text, b->text, a->len) == 0) &&
           a->number == b->number && a->at == b->at &&
           a->limit.n == b->limit.n && a->limit.unit == b->limit.unit;
}

static void check_accepted(const struct request *r)
{
    struct request again;
    struct problem p;
    char *text = json_dumps(r->root, JSON_COMPACT);
    assert(text != NULL);
    size_t len = strlen(text);
    /* escapes may make it longer than a line may be */
    if (len <= LINE_BYTES_MAX) {
        assert(request_parse(text, len, &again, &p) == OK);
        assert(json_equal(r->root, again.root));
        assert(r->command == again.command);
        for (int i = 0; i < r->command->n_args; i++) {
            assert(same_value(&r->values[i], &again.values[i]));
        }
        request_done(&again);
    }
    free(text);
}

static void check_refused(enum err err, const struct request *r,
                          const struct problem *p)
{
    struct reply reply;
    size_t len = 0;
    assert(p->err == err && err != ERR_INTERNAL && err != ERR_NO_MEMORY);
    char *line = reply_error(r->id, p, &len);
    assert(line != NULL && line[len - 1] == '\n');
    assert(memchr(line, '\n', len) == line + len - 1);
    assert(reply_parse(line, len - 1, &reply) == OK);
    assert(reply.problem.err == err);
    if (r->id != NULL) {
        assert(json_equal(r->id, json_object_get(reply.root, "id")));
    }
    reply_done(&reply);
    free(line);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static bool ready;
    struct request request;
    struct reply reply;
    struct problem p = {.err = OK};
    if (!ready) {
        message_setup();
        ready = true;
    }
    enum err err = request_parse((const char *)data, size, &request, &p);
    if (err == OK) {
        check_accepted(&request);
    } else {
        check_refused(err, &request, &p);
    }
    request_done(&request);
    err = reply_parse((const char *)data, size, &reply);
    assert(err != OK || (reply.result == NULL) != (reply.problem.err == OK));
    reply_done(&reply);
    return 0;
}
