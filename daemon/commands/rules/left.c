/* What is left from one stride to the next: see left.h. */
#include "daemon/commands/rules/left.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

#include "proto/latch.h"

enum err left_get(struct call *c, const char *name, json_t **ret)
{
    char *text = malloc(LEFT_SIZE);
    if (text == NULL) {
        return ERR_NO_MEMORY;
    }
    enum err err = meta_get(c->store, name, text, LEFT_SIZE);
    *ret = NULL;
    if (err == OK && text[0] != '\0') {
        *ret = json_loads(text, 0, NULL);
        err = *ret == NULL ? ERR_CORRUPT : OK;
    }
    free(text);
    return err == ERR_NOT_FOUND ? OK : err;
}

enum err left_set(struct call *c, const char *name, const json_t *left,
                  bool done)
{
    if (done) {
        return meta_set(c->store, name, "");
    }
    char *text = json_dumps(left, JSON_COMPACT);
    if (text == NULL) {
        return ERR_NO_MEMORY;
    }
    assert(strlen(text) < LEFT_SIZE);
    enum err err = meta_set(c->store, name, text);
    latch_free(text);
    return err;
}

int64_t left_number(const json_t *object, const char *member)
{
    return json_integer_value(json_object_get(object, member));
}

void left_number_set(json_t *object, const char *member, int64_t number)
{
    json_object_set_new(object, member, json_integer(number));
}
