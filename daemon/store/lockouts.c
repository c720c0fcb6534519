/* Failed log-ins: see accounts.h. */
#include "daemon/store/accounts.h"

#include "daemon/store/internal.h"

bool lockout_holds(const struct lockout *l, instant now)
{
    return l->until != INSTANT_NONE && l->last <= now && now < l->until;
}

static void read_lockout(const struct rows *r, void *ret)
{
    struct lockout *l = ret;
    *l = (struct lockout){.failures = (int)rows_int(r, 0),
                          .last = rows_int(r, 1),
                          .until = rows_int_or(r, 2, INSTANT_NONE)};
}

enum err lockout_find(struct store *s, const char *name, const char *source,
                      struct lockout *ret)
{
    struct cell binds[] = {cell_text("", name), cell_text("", source)};
    return rows_one(s, STMT_LOCKOUT_FIND, binds, 2, read_lockout, ret);
}

enum err lockout_put(struct store *s, const char *name, const char *source,
                     const struct lockout *l)
{
    struct cell binds[] = {
        cell_text("", name),
        cell_text("", source),
        cell_int("", l->failures),
        cell_int("", l->last),
        cell_int_or_null("", l->until, INSTANT_NONE),
    };
    return store_write(s, STMT_LOCKOUT_PUT, binds, 5);
}

enum err lockout_drop(struct store *s, const char *name, const char *source)
{
    struct cell binds[] = {cell_text("", name), cell_text("", source)};
    return store_write(s, STMT_LOCKOUT_DROP, binds, 2);
}

enum err lockout_drop_name(struct store *s, const char *name)
{
    struct cell bind = cell_text("", name);
    return store_write(s, STMT_LOCKOUT_DROP_NAME, &bind, 1);
}

enum err lockout_expire(struct store *s, instant before)
{
    struct cell bind = cell_int("", before);
    struct cell most = cell_int("", LOCKOUTS_MAX);
    enum err err = store_write(s, STMT_LOCKOUT_EXPIRE, &bind, 1);
    return err == OK ? store_write(s, STMT_LOCKOUT_TRIM, &most, 1) : err;
}
