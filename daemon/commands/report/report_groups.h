/* Counts by group: a small sorted map from an id to its counters, and the names
 * of groups as they were at the view. */
#ifndef BIHUAN_DAEMON_COMMANDS_REPORT_REPORT_GROUPS_H
#define BIHUAN_DAEMON_COMMANDS_REPORT_REPORT_GROUPS_H

#include "daemon/commands/call.h"
#include "daemon/commands/report/report_scan.h"

enum {
    COUNTS_MAX = 8
};

struct group {
    int64_t id;
    int64_t counts[COUNTS_MAX];
    char code[CODE_SIZE]; /* filled by groups_name() */
    char name[NAME_SIZE];
};

struct groups {
    struct group *list; /* ascending by id */
    size_t n;
    size_t room;
};

/* The group with that id, made if it is new. Borrowed until the next call.
 * NO_MEMORY. */
enum err groups_at(struct groups *g, int64_t id, struct group **ret);
void groups_done(struct groups *g);

/* Names all groups from the register at the view, and orders them by code; the
 * group 0 (none) comes last, without a name. */
enum err groups_name(struct call *c, struct groups *g, const struct view *view);

/* Enterprises and what they belonged to, each asked once: an open hash. */
struct homes {
    struct {
        register_id enterprise; /* 0: free */
        register_id home;
    } * list;
    size_t n;
    size_t room; /* a power of two, or 0 */
};
/* The chain (or steward) of an enterprise at the view: 0 if it had none.
 * NO_MEMORY. */
enum err homes_find(struct homes *h, struct call *c, register_id enterprise,
                    const struct view *view, enum statement ask,
                    register_id *ret);
void homes_done(struct homes *h);
/* Categories are codes of a regulation, not entries of the register: a group's
 * id is their place here, from 1. */
struct categories {
    int64_t n;
    char codes[CATEGORIES_MAX * 4][CODE_SIZE];
};
int64_t categories_id(struct categories *categories, const char *code);
/* Names and orders groups by code. */
void categories_name(const struct categories *categories, struct groups *g);
/* Puts what people call them into c->result, as it was known at the view. */
enum err categories_words(const struct categories *categories, struct call *c,
                          const struct view *view);

/* The unit under whose name a unit's work is counted at the view: the one that
 * has taken it over by then, or itself. `h` holds units only. NO_MEMORY. */
enum err homes_unit(struct homes *h, struct call *c, register_id unit,
                    const struct view *view, register_id *ret);

#endif
