/* Deliveries that wait, and what came of them: see outbox.h. */
#include "daemon/store/outbox.h"

#include <stdio.h>
#include <string.h>

#include "daemon/store/internal.h"

enum err outbox_add(struct store *s, const struct delivery *d, instant next_at,
                    int64_t *ret_id)
{
    bool digest = d->notice == 0;
    struct cell binds[] = {
        cell_int("hook", d->hook),
        cell_int_or_null("notice", d->notice, 0),
        digest ? cell_int("person", d->person) : cell_null("person"),
        digest ? cell_int("day", d->day) : cell_null("day"),
        cell_int("next_at", next_at),
    };
    enum err err = store_run(s, STMT_OUTBOX_ADD, binds, 5);
    if (err == OK && ret_id != NULL) {
        *ret_id = sqlite3_last_insert_rowid(s->db);
    }
    return err;
}

enum err outbox_due(struct store *s, instant now, struct delivery *rows,
                    int max, int *ret_n)
{
    struct cell binds[] = {cell_int("next_at", now), cell_int("", max)};
    struct rows r;
    enum err err = rows_begin(s, STMT_OUTBOX_DUE, binds, 2, &r);
    if (err != OK) {
        return err;
    }
    int n = 0;
    while (n < max && rows_next(&r)) {
        rows[n++] = (struct delivery){
            .id = rows_int(&r, 0),
            .hook = rows_int(&r, 1),
            .notice = rows_int(&r, 2),
            .person = rows_int(&r, 3),
            .day = rows_int(&r, 4),
            .attempts = (int32_t)rows_int(&r, 5),
        };
    }
    err = rows_end(&r);
    if (err == OK) {
        *ret_n = n;
    }
    return err;
}

enum err outbox_next(struct store *s, instant *ret)
{
    return store_number(s, STMT_OUTBOX_NEXT, NULL, 0, INSTANT_NONE, ret);
}

/* Cuts `text` to what is kept of it, at the end of a character. */
static size_t kept(const char *text)
{
    size_t len = strlen(text);
    if (len < OUTBOX_ERROR_SIZE) {
        return len;
    }
    len = OUTBOX_ERROR_SIZE - 1;
    while (len > 0 && ((unsigned char)text[len] & 0xC0U) == 0x80) {
        len--;
    }
    return len;
}

static struct cell error_cell(const char *error)
{
    struct cell cell = cell_text("error", error);
    if (error != NULL) {
        cell.len = kept(error);
    }
    return cell;
}

enum err outbox_mark(struct store *s, int64_t id, const struct attempt *attempt)
{
    bool done = attempt->state == OUTBOX_DONE;
    struct cell binds[] = {
        cell_int("id", id),
        cell_int("state", attempt->state),
        cell_int("attempts", attempt->attempts),
        attempt->state == OUTBOX_WAITING ? cell_int("next_at", attempt->next_at)
                                         : cell_null("next_at"),
        done ? cell_int("done_at", attempt->at) : cell_null("done_at"),
        error_cell(attempt->error),
    };
    enum err err = store_run(s, STMT_OUTBOX_MARK, binds, 6);
    return err == OK && sqlite3_changes(s->db) == 0 ? ERR_NOT_FOUND : err;
}

enum err outbox_retry(struct store *s, int64_t hook, instant next_at,
                      int64_t *ret_n)
{
    struct cell binds[] = {cell_int("hook", hook),
                           cell_int("next_at", next_at)};
    enum err err = store_run(s, STMT_OUTBOX_RETRY, binds, 2);
    if (err == OK) {
        *ret_n = sqlite3_changes(s->db);
    }
    return err;
}

enum err outbox_stop(struct store *s, int64_t hook, const char *error)
{
    struct cell binds[] = {cell_int("hook", hook), error_cell(error)};
    return store_run(s, STMT_OUTBOX_STOP, binds, 2);
}

enum err hook_secret_set(struct store *s, int64_t hook, const char *secret)
{
    struct cell binds[] = {cell_int("hook", hook), cell_text("secret", secret)};
    return secret == NULL ? store_run(s, STMT_HOOK_SECRET_DROP, binds, 1)
                          : store_run(s, STMT_HOOK_SECRET_SET, binds, 2);
}

enum err hook_secret_get(struct store *s, int64_t hook,
                         char out[HOOK_SECRET_SIZE])
{
    struct cell bind = cell_int("hook", hook);
    struct rows r;
    enum err err = rows_begin(s, STMT_HOOK_SECRET_GET, &bind, 1, &r);
    if (err != OK) {
        return err;
    }
    out[0] = '\0';
    if (rows_next(&r)) {
        snprintf(out, HOOK_SECRET_SIZE, "%s", rows_text(&r, 0));
    }
    return rows_end(&r);
}
