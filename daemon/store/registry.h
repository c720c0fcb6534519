/* The temporal register: chains, units and people, and what belongs to what. */
#ifndef BIHUAN_STORE_REGISTRY_H
#define BIHUAN_STORE_REGISTRY_H

#include "daemon/store/store.h"

/* Stored numbers: append only. */
enum register_kind {
    REGISTER_CHAIN,
    REGISTER_COMMITTEE,
    REGISTER_OFFICE,
    REGISTER_DEPARTMENT,
    REGISTER_ENTERPRISE,
    REGISTER_PERSON,
    REGISTER_KIND_COUNT
};
enum relation_kind {
    RELATION_MEMBER,     /* enterprise in chain; detail = enum position */
    RELATION_COMMITTEE,  /* committee of chain */
    RELATION_PARENT,     /* department under department */
    RELATION_ROLE,       /* person in unit; detail = enum role */
    RELATION_STEWARD,    /* person of enterprise: guide, 管家 */
    RELATION_SPECIALIST, /* person of enterprise: 服务专员 */
    RELATION_DELEGATE,   /* person for whom object acts (委托); to_at is set
                            from the start when an end is agreed, so that it is
                            alive iff to_seq IS NULL and to_at, if any, is to
                            come */
    RELATION_SUCCESSOR,  /* unit whose work object has taken over (合并); one
                            level: a later merger rewrites it */
};
enum position {
    POSITION_LEAD,
    POSITION_CORE,
    POSITION_MEMBER
};

struct entry {
    register_id id;
    enum register_kind kind;
    char code[CODE_SIZE];
    char name[NAME_SIZE]; /* for people read from their text row */
    instant from_at;
    int64_t from_seq;
    bool warned; /* an enterprise whose credit code was taken by force */
};

/* By code among units (not people, not chains), chains, people or all of them,
 * today's. NOT_FOUND; a code belongs to one living entry of any kind. */
enum err registry_unit(struct store *s, const char *code, struct entry *ret);
enum err registry_chain(struct store *s, const char *code, struct entry *ret);
enum err registry_person(struct store *s, const char *code, struct entry *ret);
enum err registry_any(struct store *s, const char *code, struct entry *ret);
/* The latest version of an entry, ended or not. */
enum err registry_by_id(struct store *s, register_id id, struct entry *ret);
/* As it was called at an instant and known at a journal number; where it did
 * not exist yet, its first version. */
enum err registry_name_at(struct store *s, register_id id, instant at,
                          int64_t known, struct entry *ret);

#endif
