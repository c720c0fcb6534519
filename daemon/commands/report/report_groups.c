/* Groups of a report: see report_groups.h. */
#include "daemon/commands/report/report_groups.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "daemon/commands/words.h"
#include "daemon/store/registry.h"

enum {
    GROUPS_MAX = 100000
};

static size_t place_of(const struct groups *g, int64_t id)
{
    size_t low = 0;
    size_t high = g->n;
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        if (g->list[middle].id < id) {
            low = middle + 1;
        } else {
            high = middle;
        }
    }
    return low;
}

enum err groups_at(struct groups *g, int64_t id, struct group **ret)
{
    size_t place = place_of(g, id);
    if (place < g->n && g->list[place].id == id) {
        *ret = &g->list[place];
        return OK;
    }
    if (g->n == GROUPS_MAX) {
        return ERR_LIMIT;
    }
    if (g->n == g->room) {
        size_t room = g->room == 0 ? 32 : 2 * g->room;
        struct group *list = realloc(g->list, room * sizeof *list);
        if (list == NULL) {
            return ERR_NO_MEMORY;
        }
        g->list = list;
        g->room = room;
    }
    memmove(&g->list[place + 1], &g->list[place],
            (g->n - place) * sizeof g->list[0]);
    g->list[place] = (struct group){.id = id};
    g->n++;
    *ret = &g->list[place];
    return OK;
}

void groups_done(struct groups *g)
{
    free(g->list);
}

static int compare(const void *a, const void *b)
{
    const struct group *x = a;
    const struct group *y = b;
    if ((x->id == 0) != (y->id == 0)) {
        return x->id == 0 ? 1 : -1;
    }
    int order = strcmp(x->code, y->code);
    return order != 0 ? order : (x->id > y->id) - (x->id < y->id);
}

enum err groups_name(struct call *c, struct groups *g, const struct view *view)
{
    for (size_t i = 0; i < g->n; i++) {
        struct group *group = &g->list[i];
        if (group->id == 0) {
            continue;
        }
        struct entry entry;
        enum err err = registry_name_at(c->store, group->id, view->at,
                                        view->known, &entry);
        if (err != OK) {
            return err;
        }
        snprintf(group->code, sizeof group->code, "%s", entry.code);
        snprintf(group->name, sizeof group->name, "%s", entry.name);
    }
    if (g->n > 1) {
        qsort(g->list, g->n, sizeof g->list[0], compare);
    }
    return OK;
}

/* -- categories --------------------------------------------------------------
 */

int64_t categories_id(struct categories *categories, const char *code)
{
    int64_t i = 0;
    while (i < categories->n && strcmp(categories->codes[i], code) != 0) {
        i++;
    }
    int64_t room = (int64_t)(sizeof categories->codes / CODE_SIZE);
    if (i == categories->n && i < room) {
        snprintf(categories->codes[i], CODE_SIZE, "%s", code);
        categories->n++;
    }
    return i + 1;
}

static int compare_names(const void *a, const void *b)
{
    const struct group *x = a;
    const struct group *y = b;
    return strcmp(x->name, y->name);
}

void categories_name(const struct categories *categories, struct groups *g)
{
    for (size_t i = 0; i < g->n; i++) {
        snprintf(g->list[i].name, NAME_SIZE, "%s",
                 categories->codes[g->list[i].id - 1]);
    }
    if (g->n > 1) {
        qsort(g->list, g->n, sizeof g->list[0], compare_names);
    }
}

enum err categories_words(const struct categories *categories, struct call *c,
                          const struct view *view)
{
    enum err err = OK;
    for (int64_t i = 0; err == OK && i < categories->n; i++) {
        err = words_find(c, "category", categories->codes[i], view->at,
                         view->known);
    }
    return err;
}

static enum err related(struct call *c, enum statement statement,
                        register_id enterprise, const struct view *view,
                        register_id *ret)
{
    struct cell binds[] = {cell_int("", enterprise), cell_int("", view->at),
                           cell_int("", view->known)};
    return rows_number(c->store, statement, binds, 3, 0, ret);
}

/* -- homes -------------------------------------------------------------------
 */

/* Where the enterprise stands, or the free place that is its own. */
static size_t home_place(const struct homes *h, register_id enterprise)
{
    uint64_t mixed = (uint64_t)enterprise * UINT64_C(0x9E3779B97F4A7C15);
    size_t place = (size_t)(mixed >> 32) & (h->room - 1);
    while (h->list[place].enterprise != 0 &&
           h->list[place].enterprise != enterprise) {
        place = (place + 1) & (h->room - 1);
    }
    return place;
}

/* Room for one more: at most half of the places are taken. */
static enum err homes_grow(struct homes *h)
{
    if (2 * (h->n + 1) <= h->room) {
        return OK;
    }
    struct homes more = {.n = h->n, .room = h->room == 0 ? 256 : 2 * h->room};
    more.list = calloc(more.room, sizeof more.list[0]);
    if (more.list == NULL) {
        return ERR_NO_MEMORY;
    }
    for (size_t i = 0; i < h->room; i++) {
        if (h->list[i].enterprise != 0) {
            size_t place = home_place(&more, h->list[i].enterprise);
            more.list[place].enterprise = h->list[i].enterprise;
            more.list[place].home = h->list[i].home;
        }
    }
    free(h->list);
    *h = more;
    return OK;
}

enum err homes_find(struct homes *h, struct call *c, register_id enterprise,
                    const struct view *view, enum statement ask,
                    register_id *ret)
{
    register_id home = 0;
    enum err err = homes_grow(h);
    if (err != OK) {
        return err;
    }
    size_t place = home_place(h, enterprise);
    if (h->list[place].enterprise == enterprise) {
        *ret = h->list[place].home;
        return OK;
    }
    err = related(c, ask, enterprise, view, &home);
    if (err == OK) {
        h->list[place].enterprise = enterprise;
        h->list[place].home = home;
        h->n++;
        *ret = home;
    }
    return err;
}

enum err homes_unit(struct homes *h, struct call *c, register_id unit,
                    const struct view *view, register_id *ret)
{
    register_id successor = 0;
    enum err err =
        unit == 0 ? OK
                  : homes_find(h, c, unit, view, STMT_SUCCESSOR_AT, &successor);
    *ret = successor != 0 ? successor : unit;
    return err;
}

void homes_done(struct homes *h)
{
    free(h->list);
}
