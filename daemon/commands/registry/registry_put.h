/* Rows of the register: making, ending, replacing. All inside the open record
 * of a command, valid from its time on. */
#ifndef BIHUAN_DAEMON_COMMANDS_REGISTRY_REGISTRY_PUT_H
#define BIHUAN_DAEMON_COMMANDS_REGISTRY_REGISTRY_PUT_H

#include "daemon/commands/call.h"
#include "daemon/store/registry.h"

struct new_entry {
    enum register_kind kind;
    const char *code;
    const char *name;   /* NULL for a person: then name_text */
    int64_t name_text;  /* 0: none */
    int64_t phone_text; /* 0: none */
    bool warned;
};
/* EXISTS "code" if a living entry has the code; BAD_CODE for the words that
 * stand for nobody in particular. */
enum err registry_add(struct call *c, const struct new_entry *entry,
                      register_id *ret);

/* Renames from the command's time on. OUT_OF_ORDER, as from all that end
 * something here, for an event of history from before that began. */
enum err registry_replace(struct call *c, const struct entry *entry,
                          const char *name);
/* Ends an entry and every relation that it stands in. */
enum err registry_finish(struct call *c, const struct entry *entry);

struct tie {
    enum relation_kind kind;
    register_id subject;
    register_id object;
    int64_t detail;
};
enum err relation_add(struct call *c, const struct tie *tie);
/* The same with its end agreed from the start; INSTANT_NONE: open. */
enum err relation_add_until(struct call *c, const struct tie *tie,
                            instant until);
/* Ends it now, or leaves the end that it has had already. */
enum err relation_end(struct call *c, int64_t id);
/* The living relation of that kind of a subject, or to an object: its id, 0 if
 * none. With `tie.subject` or `tie.object` 0 that side is free. */
enum err relation_find(struct call *c, const struct tie *tie, int64_t *ret);

/* A living relation as a handler collects it before it changes any: the rows
 * that a cursor walks are not changed under it. */
struct held_tie {
    int64_t id;
    struct tie tie;
    instant until; /* INSTANT_NONE: open */
};
struct held_ties {
    struct held_tie *list;
    size_t n;
    size_t room;
};
/* All that the statement finds (id, kind, subject, object, detail, to_at).
 * NO_MEMORY, LIMIT when there are more than a million. */
enum err ties_collect(struct call *c, enum statement statement,
                      const struct cell *binds, int n, struct held_ties *ret);
void ties_done(struct held_ties *ties);

/* The unit that has taken over an ended one: its entry; NOT_FOUND if none. */
enum err registry_successor(struct store *s, register_id unit,
                            struct entry *ret);
/* NOT_FOUND of `param`; if that code was a unit's that was merged into another,
 * the detail names the other. */
enum err refuse_unit(struct call *c, const char *param, const char *expected);

/* The entries a command names; NOT_FOUND with that parameter, also if the actor
 * may not know of it (register_access.h). */
enum err named_any(struct call *c, const char *param, struct entry *ret);
enum err named_unit(struct call *c, const char *param, struct entry *ret);
enum err named_chain(struct call *c, const char *param, struct entry *ret);
enum err named_person(struct call *c, const char *param, struct entry *ret);
/* An enterprise by its normalised credit code. */
enum err named_enterprise(struct call *c, const char *param, struct entry *ret);

#endif
