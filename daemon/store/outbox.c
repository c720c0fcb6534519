/* Deliveries that wait, and what came of them: see outbox.h. */
#include "daemon/store/outbox.h"

#include <stdio.h>
#include <string.h>

#include "daemon/store/internal.h"

enum err outbox_post(struct store *s, const struct delivery *d,
                     register_id target, instant at)
{
    bool digest = d->notice == 0;
    struct cell binds[] = {
        cell_int_or_null("notice", d->notice, 0),
        digest ? cell_int("person", d->person) : cell_null("person"),
        digest ? cell_int("day", d->day) : cell_null("day"),
        cell_int("target", target),
        cell_int("next_at", at),
    };
    return store_run(s, STMT_OUTBOX_POST, binds, 5);
}

enum err outbox_post_anchors(struct store *s, daynum day, const char *journal,
                             const char *audit, instant at)
{
    char lines[2 * ANCHOR_LINE_SIZE];
    snprintf(lines, sizeof lines, "%s\n%s", journal, audit);
    struct cell binds[] = {cell_int("day", day), cell_text("anchors", lines),
                           cell_int("next_at", at)};
    return store_run(s, STMT_OUTBOX_POST_ANCHORS, binds, 3);
}

enum err outbox_anchors(struct store *s, int64_t id,
                        char ret_journal[ANCHOR_LINE_SIZE],
                        char ret_audit[ANCHOR_LINE_SIZE])
{
    struct cell bind = cell_int("id", id);
    struct rows r;
    enum err err = rows_begin(s, STMT_OUTBOX_ANCHORS, &bind, 1, &r);
    if (err != OK) {
        return err;
    }
    bool there = rows_next(&r);
    const char *lines = there ? rows_text(&r, 0) : "";
    const char *end = strchr(lines, '\n');
    if (end != NULL) {
        snprintf(ret_journal, ANCHOR_LINE_SIZE, "%.*s", (int)(end - lines),
                 lines);
        snprintf(ret_audit, ANCHOR_LINE_SIZE, "%s", end + 1);
    }
    there = end != NULL;
    err = rows_end(&r);
    return err == OK && !there ? ERR_NOT_FOUND : err;
}

enum err outbox_newest(struct store *s, int64_t *ret)
{
    return rows_number(s, STMT_OUTBOX_NEWEST, NULL, 0, 0, ret);
}

enum err outbox_heads(struct store *s, struct delivery *rows, int max,
                      int *ret_n)
{
    struct cell bind = cell_int("", max);
    struct rows r;
    enum err err = rows_begin(s, STMT_OUTBOX_HEADS, &bind, 1, &r);
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
            .next_at = rows_int(&r, 6),
        };
    }
    err = rows_end(&r);
    if (err == OK) {
        *ret_n = n;
    }
    return err;
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

enum err outbox_expire(struct store *s, instant before)
{
    struct cell bind = cell_int("done_at", before);
    return store_write(s, STMT_OUTBOX_EXPIRE, &bind, 1);
}

enum err hook_secret_set(struct store *s, int64_t hook, const char *secret,
                         const char *query)
{
    struct cell binds[] = {cell_int("hook", hook), cell_text("secret", secret),
                           cell_text("query", query)};
    return store_run(s, STMT_HOOK_SECRET_SET, binds, 3);
}

enum err hook_secret_drop(struct store *s, int64_t hook)
{
    struct cell bind = cell_int("hook", hook);
    return store_run(s, STMT_HOOK_SECRET_DROP, &bind, 1);
}

enum err hook_secret_get(struct store *s, int64_t hook, struct hook_secret *ret)
{
    struct cell bind = cell_int("hook", hook);
    struct rows r;
    enum err err = rows_begin(s, STMT_HOOK_SECRET_GET, &bind, 1, &r);
    if (err != OK) {
        return err;
    }
    *ret = (struct hook_secret){.secret = ""};
    if (rows_next(&r)) {
        snprintf(ret->secret, sizeof ret->secret, "%s", rows_text(&r, 0));
        snprintf(ret->query, sizeof ret->query, "%s", rows_text(&r, 1));
    }
    return rows_end(&r);
}
