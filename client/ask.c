/* Checking a request before anything is sent. */
#include "client/ask.h"

#include <stdlib.h>
#include <string.h>

#include "core/limits.h"
#include "proto/message.h"
#include "proto/utf8.h"
#include "proto/wipe.h"

/* The members that are texts; a text of the caller's may be any bytes, and what
 * jansson cannot take would look like memory having run out. */
static enum err check_texts(const struct bihuan_request *ask, struct problem *p)
{
    const struct {
        const char *member;
        const char *text;
    } texts[] = {
        {"method", ask->method}, {"token", ask->token}, {"key", ask->key}};
    for (size_t i = 0; i < sizeof texts / sizeof texts[0]; i++) {
        if (texts[i].text != NULL &&
            !utf8_ok(texts[i].text, strlen(texts[i].text))) {
            return problem_set(p, ERR_BAD_UTF8, texts[i].member, "UTF-8", "");
        }
    }
    return ask->method != NULL
               ? OK
               : problem_set(p, ERR_INVALID, "method", "a text", "it is NULL");
}

static enum err params_parse(const char *text, json_t **ret, struct problem *p)
{
    if (text == NULL) {
        *ret = NULL;
        return OK;
    }
    json_t *params = NULL;
    enum err err = json_parse(text, strlen(text), &params, p);
    if (err == OK && !json_is_object(params)) {
        json_decref(params);
        err = problem_set(p, ERR_INVALID, "params", "a JSON object", "");
    }
    if (err == OK) {
        *ret = params;
    }
    return err;
}

enum err ask_line(const struct bihuan_request *ask, int64_t id,
                  const char *token, char **ret, size_t *ret_len,
                  struct problem *p)
{
    json_t *params = NULL;
    enum err err = check_texts(ask, p);
    if (err == OK) {
        err = params_parse(ask->params, &params, p);
    }
    if (err != OK) {
        return err;
    }
    size_t len = 0;
    char *line = request_line(
        &(struct line_out){.id = id,
                           .method = ask->method,
                           .params = params,
                           .token = ask->token == NULL ? token : ask->token,
                           .key = ask->key,
                           .after = ask->after},
        &len);
    if (line == NULL) {
        return problem_set(p, ERR_NO_MEMORY, "", "", "");
    }
    if (len > LINE_BYTES_MAX + 1) { /* the line end is not counted */
        wipe_free(line, len);
        return problem_set(p, ERR_TOO_LONG, "",
                           "a request line of at most 262144 bytes", "");
    }
    *ret = line;
    *ret_len = len;
    return OK;
}
