/* The audit record's chain: see audit.h. */
#include "daemon/store/audit.h"

#include <assert.h>
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "daemon/store/audit_walk.h"
#include "daemon/store/internal.h"

static_assert(AUDIT_OBJECT_SIZE > 19 + 1 + 2 * HASH_SIZE, "what a cut says");

/* -- one record, written -----------------------------------------------------
 */

static void write_text(struct buffer *b, const char *name, const char *text)
{
    if (text[0] != '\0') {
        buffer_text(b, name);
        buffer_json(b, text, strlen(text));
    }
}

static void write_number(struct buffer *b, const char *name, int64_t number)
{
    buffer_text(b, name);
    buffer_int(b, number);
}

static void write_record(struct buffer *b, int64_t n,
                         const struct audit_event *e)
{
    buffer_clear(b);
    write_number(b, "{\"n\":", n);
    write_number(b, ",\"at\":", e->at);
    write_text(b, ",\"account\":", e->account);
    write_text(b, ",\"source\":", e->source);
    write_text(b, ",\"what\":", e->what);
    write_text(b, ",\"outcome\":", e->outcome);
    write_text(b, ",\"object\":", e->object);
    if (e->seq != 0) {
        write_number(b, ",\"seq\":", e->seq);
    }
    if (e->times > 1) {
        write_number(b, ",\"times\":", e->times);
    }
    buffer_text(b, "}");
}

/* -- one record, read --------------------------------------------------------
 */

struct cursor {
    const char *next;
    const char *end;
};

static bool take(struct cursor *c, const char *text)
{
    size_t len = strlen(text);
    if ((size_t)(c->end - c->next) < len || memcmp(c->next, text, len) != 0) {
        return false;
    }
    c->next += len;
    return true;
}

/* A number above 0, without anything before its first digit. */
static bool take_number(struct cursor *c, const char *name, int64_t *ret)
{
    if (!take(c, name) || c->next == c->end || *c->next == '0') {
        return false;
    }
    const char *from = c->next;
    int64_t number = 0;
    while (c->next < c->end && *c->next >= '0' && *c->next <= '9' &&
           c->next - from < 18) {
        number = number * 10 + (*c->next++ - '0');
    }
    *ret = number;
    return c->next > from;
}

/* Our texts hold no control characters: only two are ever escaped. */
static bool take_text(struct cursor *c, const char *name, char *out,
                      size_t size)
{
    size_t len = 0;
    if (!take(c, name) || !take(c, "\"")) {
        return false;
    }
    while (c->next < c->end && *c->next != '"') {
        bool escaped = *c->next == '\\';
        c->next += escaped;
        if (c->next == c->end || len + 1 == size ||
            (unsigned char)*c->next < 0x20 ||
            (escaped && *c->next != '"' && *c->next != '\\')) {
            return false;
        }
        out[len++] = *c->next++;
    }
    out[len] = '\0';
    return len > 0 && take(c, "\"");
}

/* One that may be absent: it then stays as it is. */
static bool may_take_text(struct cursor *c, const char *name, char *out,
                          size_t size)
{
    struct cursor ahead = *c;
    return !take(&ahead, name) || take_text(c, name, out, size);
}

static bool may_take_number(struct cursor *c, const char *name, int64_t least,
                            int64_t *ret)
{
    struct cursor ahead = *c;
    return !take(&ahead, name) || (take_number(c, name, ret) && *ret >= least);
}

bool audit_read(const char *record, size_t len, int64_t *ret_n,
                struct audit_event *ret)
{
    struct cursor c = {record, record + len};
    struct audit_event *e = ret;
    *e = (struct audit_event){.times = 1};
    return take_number(&c, "{\"n\":", ret_n) &&
           take_number(&c, ",\"at\":", &e->at) &&
           may_take_text(&c, ",\"account\":", e->account, sizeof e->account) &&
           may_take_text(&c, ",\"source\":", e->source, sizeof e->source) &&
           take_text(&c, ",\"what\":", e->what, sizeof e->what) &&
           take_text(&c, ",\"outcome\":", e->outcome, sizeof e->outcome) &&
           may_take_text(&c, ",\"object\":", e->object, sizeof e->object) &&
           may_take_number(&c, ",\"seq\":", 1, &e->seq) &&
           may_take_number(&c, ",\"times\":", 2, &e->times) && take(&c, "}") &&
           c.next == c.end;
}

/* -- the chain ---------------------------------------------------------------
 */

static enum err read_head(struct store *s, int64_t *ret_n,
                          uint8_t ret_hash[HASH_SIZE])
{
    struct rows rows;
    enum err err = rows_begin(s, STMT_AUDIT_HEAD, NULL, 0, &rows);
    if (err != OK) {
        return err;
    }
    *ret_n = 0;
    memset(ret_hash, 0, HASH_SIZE);
    if (rows_next(&rows)) {
        *ret_n = rows_int(&rows, 0);
        const void *hash = sqlite3_column_blob(rows.handle, 2);
        if (hash != NULL && sqlite3_column_bytes(rows.handle, 2) == HASH_SIZE) {
            memcpy(ret_hash, hash, HASH_SIZE);
        }
    }
    return rows_end(&rows);
}

enum err audit_head(struct store *s, int64_t *ret_n, uint8_t ret_hash[32])
{
    struct knowledge *k = &s->now;
    if (s->mode == STORE_READ) {
        return read_head(s, ret_n, ret_hash);
    }
    if (!k->audit_known) {
        enum err err = read_head(s, &k->audit_n, k->audit_hash);
        if (err != OK) {
            return err;
        }
        k->audit_known = true;
    }
    *ret_n = k->audit_n;
    memcpy(ret_hash, k->audit_hash, HASH_SIZE);
    return OK;
}

static enum err add_row(struct store *s, int64_t n,
                        const uint8_t before[HASH_SIZE],
                        const struct audit_event *e)
{
    uint8_t hash[HASH_SIZE];
    write_record(&s->line, n, e);
    if (s->line.err != OK) {
        s->lost = s->line.err;
        return s->lost;
    }
    journal_hash(before, s->line.bytes, s->line.len, hash);
    struct cell cells[] = {
        cell_int("n", n),
        cell_int("at", e->at),
        cell_text("account", e->account),
        cell_text("what", e->what),
        cell_text("outcome", e->outcome),
        {.column = "record",
         .type = CELL_TEXT,
         .bytes = s->line.bytes,
         .len = s->line.len},
        cell_blob("hash", hash, sizeof hash),
    };
    enum err err = store_run(s, STMT_AUDIT_ADD, cells, 7);
    if (err == OK) {
        s->now.audit_n = n;
        memcpy(s->now.audit_hash, hash, sizeof hash);
    }
    return err;
}

/* What a sender chose can be in it: no line of it may look like two. */
static void clean(char *text)
{
    for (char *c = text; *c != '\0'; c++) {
        if ((unsigned char)*c < 0x20 || *c == 0x7f) {
            *c = '?';
        }
    }
}

enum err audit_append(struct store *s, const struct audit_event *e)
{
    assert(s->in_transaction && s->mode != STORE_READ);
    assert(e->what[0] != '\0' && e->outcome[0] != '\0' && e->times >= 1);
    struct audit_event kept = *e;
    int64_t n = 0;
    uint8_t before[HASH_SIZE];
    if (s->lost != OK) {
        return s->lost;
    }
    clean(kept.account);
    clean(kept.source);
    clean(kept.object);
    enum err err = audit_head(s, &n, before);
    return err == OK ? add_row(s, n + 1, before, &kept) : err;
}

/* -- what is too old ---------------------------------------------------------
 */

enum err audit_oldest(struct store *s, instant *ret)
{
    struct cell bind = cell_int("", 1);
    struct rows rows;
    enum err err = rows_begin(s, STMT_AUDIT_OLDEST, &bind, 1, &rows);
    if (err != OK) {
        return err;
    }
    *ret = rows_next(&rows) ? rows_int(&rows, 1) : INSTANT_MAX;
    return rows_end(&rows);
}

/* The last of those from the beginning that are older, as a cut names it. */
static enum err find_cut(struct store *s, instant before, int max,
                         char out[AUDIT_OBJECT_SIZE], int64_t *ret_n,
                         int *ret_rows)
{
    struct cell bind = cell_int("", max);
    struct rows rows;
    enum err err = rows_begin(s, STMT_AUDIT_OLDEST, &bind, 1, &rows);
    if (err != OK) {
        return err;
    }
    *ret_rows = 0;
    while (rows_next(&rows) && rows_int(&rows, 1) < before) {
        *ret_n = rows_int(&rows, 0);
        ++*ret_rows;
        snprintf(out, AUDIT_OBJECT_SIZE, "%" PRId64 " %s", *ret_n,
                 rows_text(&rows, 2));
    }
    return rows_end(&rows);
}

enum err audit_expire(struct store *s, instant now, instant before, int max,
                      int *ret_n)
{
    struct audit_event cut = {
        .at = now, .what = AUDIT_CUT, .outcome = "ok", .times = 1};
    int64_t last = 0;
    uint8_t hash[HASH_SIZE];
    *ret_n = 0;
    if (s->lost != OK) {
        return s->lost;
    }
    enum err err = find_cut(s, before, max, cut.object, &last, ret_n);
    if (err != OK || *ret_n == 0) {
        return err;
    }
    int64_t head = 0;
    err = audit_head(s, &head, hash); /* before its row may be gone */
    if (err == OK) {
        err = meta_set(s, AUDIT_BASE, cut.object);
    }
    struct cell bind = cell_int("", last);
    if (err == OK) {
        err = store_run(s, STMT_AUDIT_CUT, &bind, 1);
    }
    return err == OK ? audit_append(s, &cut) : err;
}
