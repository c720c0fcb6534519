/* Look-ups in today's register. The kinds in the statements are those of enum
 * register_kind: chain 0, committee 1, office 2, department 3, enterprise 4,
 * person 5. */
#include "daemon/store/registry.h"

#include <stdio.h>

static void read_entry(const struct rows *rows, struct entry *e)
{
    e->id = rows_int(rows, 0);
    e->kind = (enum register_kind)rows_enum(rows, 1, REGISTER_KIND_COUNT);
    snprintf(e->code, sizeof e->code, "%s", rows_text(rows, 2));
    snprintf(e->name, sizeof e->name, "%s", rows_text(rows, 3));
    e->from_at = rows_int(rows, 4);
    e->from_seq = rows_int(rows, 5);
    e->warned = rows_int(rows, 6) != 0;
}

static enum err find(struct store *s, enum statement statement,
                     const struct cell *binds, int n, struct entry *ret)
{
    struct rows rows;
    enum err err = rows_begin(s, statement, binds, n, &rows);
    if (err != OK) {
        return err;
    }
    struct entry entry;
    bool there = rows_next(&rows);
    if (there) {
        read_entry(&rows, &entry);
    }
    err = rows_end(&rows);
    if (err == OK && !there) {
        err = ERR_NOT_FOUND;
    }
    if (err == OK) {
        *ret = entry;
    }
    return err;
}

static enum err find_by(struct store *s, enum statement statement,
                        struct cell bind, struct entry *ret)
{
    return find(s, statement, &bind, 1, ret);
}

enum err registry_unit(struct store *s, const char *code, struct entry *ret)
{
    return find_by(s, STMT_UNIT_BY_CODE, cell_text("", code), ret);
}

enum err registry_chain(struct store *s, const char *code, struct entry *ret)
{
    return find_by(s, STMT_CHAIN_BY_CODE, cell_text("", code), ret);
}

enum err registry_person(struct store *s, const char *code, struct entry *ret)
{
    return find_by(s, STMT_PERSON_BY_CODE, cell_text("", code), ret);
}

enum err registry_any(struct store *s, const char *code, struct entry *ret)
{
    return find_by(s, STMT_ANY_BY_CODE, cell_text("", code), ret);
}

enum err registry_by_id(struct store *s, register_id id, struct entry *ret)
{
    return find_by(s, STMT_REGISTER_BY_ID, cell_int("", id), ret);
}

enum err registry_name_at(struct store *s, register_id id, instant at,
                          int64_t known, struct entry *ret)
{
    struct cell binds[] = {cell_int("", id), cell_int("", at),
                           cell_int("", known)};
    return find(s, STMT_REGISTER_AT, binds, 3, ret);
}
