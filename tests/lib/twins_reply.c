/* A reply as those who watch may compare it: see twins.h. */
#include "lib/twins.h"

#include <ctype.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

enum {
    NUMBER_LEN = 12
};

static bool is_number(const char *text)
{
    for (int i = 0; i < NUMBER_LEN; i++) {
        bool fits = i == 8 ? text[i] == '-' : isdigit((unsigned char)text[i]);
        if (!fits) {
            return false;
        }
    }
    return !isdigit((unsigned char)text[NUMBER_LEN]);
}

static json_t *plain_text(const struct twins *t, int world, const char *asked,
                          const char *text)
{
    char *copy = strdup(text);
    assert_non_null(copy);
    for (char *p = copy; strlen(p) >= NUMBER_LEN; p++) {
        if (!is_number(p)) {
            continue;
        }
        char given[NUMBER_LEN + 1];
        char name[32] = "";
        snprintf(given, sizeof given, "%.12s", p);
        for (int i = 0; i < t->n_tickets; i++) {
            if (strcmp(given, t->tickets[i][world]) == 0) {
                snprintf(name, sizeof name, "ticket-%05d", i + 1);
            }
        }
        if (name[0] == '\0' && strstr(asked, given) != NULL) {
            snprintf(name, sizeof name, "as-was-asked"); /* may be said back */
        }
        if (name[0] != '\0') {
            memcpy(p, name, NUMBER_LEN);
        }
    }
    json_t *ret = json_string(copy);
    free(copy);
    return ret;
}

static bool counts_the_county(const char *name)
{
    static const char *const names[] = {"seq",    "known", "head",
                                        "record", "id",    "meeting"};
    for (size_t i = 0; i < sizeof names / sizeof names[0]; i++) {
        if (strcmp(name, names[i]) == 0) {
            return true;
        }
    }
    return false;
}

static json_t *plain(const struct twins *t, int world, const char *asked,
                     json_t *value);

static json_t *plain_table(const struct twins *t, int world, const char *asked,
                           json_t *table)
{
    json_t *columns = json_object_get(table, "columns");
    json_t *ret = json_deep_copy(table);
    size_t i;
    json_t *row;
    json_array_foreach(json_object_get(ret, "rows"), i, row)
    {
        for (size_t j = 0; j < json_array_size(row); j++) {
            const char *name = json_string_value(json_array_get(columns, j));
            json_array_set_new(
                row, j,
                counts_the_county(name)
                    ? json_null()
                    : plain(t, world, asked, json_array_get(row, j)));
        }
    }
    return ret;
}

static json_t *plain_object(const struct twins *t, int world, const char *asked,
                            json_t *object)
{
    json_t *ret = json_object();
    const char *name;
    json_t *value;
    if (json_object_get(object, "columns") != NULL) {
        json_decref(ret);
        return plain_table(t, world, asked, object);
    }
    json_object_foreach(object, name, value)
    {
        /* where a page goes on is followed instead of compared */
        bool more = strcmp(name, "next") == 0;
        bool table = json_object_get(value, "columns") != NULL;
        json_object_set_new(ret, name,
                            more ? json_string("more")
                            : counts_the_county(name) && !table
                                ? json_null()
                                : plain(t, world, asked, value));
    }
    return ret;
}

static json_t *plain(const struct twins *t, int world, const char *asked,
                     json_t *value)
{
    if (json_is_object(value)) {
        return plain_object(t, world, asked, value);
    }
    if (json_is_array(value)) {
        json_t *ret = json_array();
        size_t i;
        json_t *item;
        json_array_foreach(value, i, item)
        {
            json_array_append_new(ret, plain(t, world, asked, item));
        }
        return ret;
    }
    return json_is_string(value)
               ? plain_text(t, world, asked, json_string_value(value))
               : json_deep_copy(value);
}

char *twins_reply(const struct twins *t, int world, const char *asked,
                  enum err err)
{
    const struct world *w = &t->w[world];
    json_t *all = json_object();
    json_object_set_new(all, "err", json_string(err_name(err)));
    if (err == OK) {
        json_object_set_new(all, "result", plain(t, world, asked, w->result));
    } else {
        json_t *problem = json_pack("[sss]", w->problem.param,
                                    w->problem.expected, w->problem.detail);
        json_object_set_new(all, "problem", plain(t, world, asked, problem));
        json_decref(problem);
    }
    char *ret = json_dumps(all, JSON_SORT_KEYS | JSON_INDENT(1));
    json_decref(all);
    assert_non_null(ret);
    return ret;
}
