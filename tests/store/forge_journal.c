/* Forgeries of the journal, gone through from its first record to its last: the
 * fold of what stands before each is kept, what comes after it is folded on a
 * savepoint and undone. */
#include <inttypes.h>
#include <nettle/sm3.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "store/forge.h"

struct plan {
    enum forgery kind;
    int at;    /* index of the first record that is touched */
    int other; /* of a swap: the second */
};

/* What a forged journal is, and what is to be said of it. */
struct forged {
    int n;
    int64_t low; /* the number named lies from here */
    int64_t high;
    char *copy; /* a record of its own, or NULL */
    uint8_t hash[HASH_SIZE];
};

static void exec(struct forge *f, const char *sql)
{
    assert_int_equal(sqlite3_exec(f->fold.copy, sql, NULL, NULL, NULL),
                     SQLITE_OK);
}

static char *own_copy(struct forge *f, int i, struct forged *g)
{
    size_t len = f->rows[i].row.len;
    g->copy = malloc(len + 1);
    assert_non_null(g->copy);
    memcpy(g->copy, f->rows[i].record, len + 1);
    f->forged[i].record = g->copy;
    return g->copy;
}

/* Another digit for one behind `from`. */
static void change_digit(struct forge *f, char *record, const char *from)
{
    char *start = strstr(record, from);
    assert_non_null(start);
    start += strlen(from);
    size_t digits = 0;
    for (char *p = start; *p != '\0'; p++) {
        digits += *p >= '1' && *p <= '9';
    }
    size_t chosen = forge_chance(f, digits);
    for (char *p = start; *p != '\0'; p++) {
        if (*p >= '1' && *p <= '9' && chosen-- == 0) {
            *p = (char)('1' + (*p - '1' + 1 + (int)forge_chance(f, 8)) % 9);
            return;
        }
    }
}

/* The time stands in front: its first digit, so that the form stays. */
static void change_head(struct forge *f, char *record)
{
    char *at = strstr(record, "\"at\":") + 5;
    *at = (char)('1' + (*at - '1' + 1 + (int)forge_chance(f, 8)) % 9);
}

/* The first anchor that names it or one after it. */
static int64_t anchored(const struct forge *f, int64_t seq)
{
    int i = 0;
    while (f->anchors.of[i].anchor.seq < seq) {
        i++;
    }
    return f->anchors.of[i].anchor.seq;
}

/* Hashes anew from `i` to the next anchor: no reader comes further. */
static void rechain(struct forge *f, int i)
{
    const uint8_t zero[HASH_SIZE] = {0};
    const uint8_t *before = i == 0 ? zero : f->rows[i - 1].hash;
    int64_t last = anchored(f, i + 1);
    for (; i < last; i++) {
        struct sm3_ctx sm3;
        sm3_init(&sm3);
        sm3_update(&sm3, HASH_SIZE, before);
        sm3_update(&sm3, f->forged[i].len,
                   (const uint8_t *)f->forged[i].record);
        sm3_digest(&sm3, HASH_SIZE, f->hashes[i]);
        f->forged[i].hash = f->hashes[i];
        before = f->hashes[i];
    }
}

static void take_out(struct forge *f, int i, struct forged *g)
{
    memmove(&f->forged[i], &f->forged[i + 1],
            (size_t)(f->n - i - 1) * sizeof f->forged[0]);
    g->n--;
}

static void swap(struct forge *f, int a, int b)
{
    struct journal_row row = f->forged[a];
    int64_t first = f->forged[a].seq;
    int64_t second = f->forged[b].seq;
    f->forged[a] = f->forged[b];
    f->forged[b] = row;
    f->forged[a].seq = first;
    f->forged[b].seq = second;
}

static void change_byte(struct forge *f, int i, struct forged *g)
{
    char *record = own_copy(f, i, g);
    size_t at = forge_chance(f, f->rows[i].row.len);
    record[at] = (char)(record[at] ^ (char)(1 + forge_chance(f, 255)));
}

static void change_hash(struct forge *f, int i, struct forged *g)
{
    memcpy(g->hash, f->rows[i].hash, HASH_SIZE);
    g->hash[forge_chance(f, HASH_SIZE)] ^= (uint8_t)(1 + forge_chance(f, 255));
    f->forged[i].hash = g->hash;
}

static void make(struct forge *f, const struct plan *p, struct forged *g)
{
    int i = p->at;
    *g = (struct forged){.n = f->n, .low = i + 1, .high = i + 1};
    switch (p->kind) {
    case FORGE_BYTE:
        change_byte(f, i, g);
        break;
    case FORGE_HASH:
        change_hash(f, i, g);
        break;
    case FORGE_LINK:
        f->forged[i].before += 1 + (int64_t)forge_chance(f, 1000);
        break;
    case FORGE_DELETE:
        take_out(f, i, g);
        break;
    case FORGE_TAIL:
        g->n = i;
        break;
    case FORGE_SWAP:
        swap(f, i, p->other);
        break;
    case FORGE_RECHAIN:
        change_head(f, own_copy(f, i, g));
        rechain(f, i);
        g->low = g->high = anchored(f, i + 1);
        break;
    default: /* FORGE_EFFECT: may not fold any more, before the anchor */
        change_digit(f, own_copy(f, i, g), "\"put\":[");
        rechain(f, i);
        g->high = anchored(f, i + 1);
    }
}

static void try_one(struct forge *f, const struct plan *p)
{
    struct verdict_report report = f->report;
    struct anchors_held held = f->fold.held;
    struct forged g;
    enum err err = OK;
    for (int i = 0; i < f->n; i++) {
        f->forged[i] = f->rows[i].row;
    }
    make(f, p, &g);
    exec(f, "SAVEPOINT forged");
    for (int i = p->at; err == OK && i < g.n; i++) {
        err = fold_record(&f->fold, &f->forged[i]);
    }
    if (err == OK) {
        err = fold_end(&f->fold);
    }
    if (err != ERR_CORRUPT || f->report.bad_seq < g.low ||
        f->report.bad_seq > g.high || f->report.reason[0] == '\0') {
        fail_msg("%s at %d (%d): %s, named %" PRId64 " (%s), not %" PRId64
                 " to %" PRId64,
                 forgery_names[p->kind], p->at + 1, p->other + 1, err_name(err),
                 f->report.bad_seq, f->report.reason, g.low, g.high);
    }
    exec(f, "ROLLBACK TO forged");
    exec(f, "RELEASE forged");
    free(g.copy);
    f->report = report;
    f->fold.held = held;
    f->done[p->kind]++;
}

static int by_place(const void *x, const void *y)
{
    const struct plan *a = x;
    const struct plan *b = y;
    return (a->at > b->at) - (a->at < b->at);
}

static struct plan *plans(struct forge *f, int of_each, int *ret_n)
{
    int n = (FORGE_EFFECT + 1) * of_each;
    struct plan *all = calloc((size_t)n, sizeof *all);
    assert_non_null(all);
    for (int i = 0; i < n; i++) {
        int at = (int)forge_chance(f, (uint64_t)f->n - 1);
        int other = at + 1 + (int)forge_chance(f, (uint64_t)(f->n - at - 1));
        all[i] =
            (struct plan){(enum forgery)(i % (FORGE_EFFECT + 1)), at, other};
        bool last = all[i].kind == FORGE_DELETE && forge_chance(f, 50) == 0;
        all[i].at = last ? f->n - 1 : at;
    }
    qsort(all, (size_t)n, sizeof *all, by_place);
    *ret_n = n;
    return all;
}

static void begin_fold(struct forge *f)
{
    f->fold.live = f->world->s;
    f->fold.report = &f->report;
    f->fold.held.all = &f->anchors;
    assert_int_equal(fold_open(&f->fold), OK);
    exec(f, "PRAGMA journal_mode = MEMORY"); /* what is folded is undone */
    exec(f, "BEGIN");
}

void forge_journal(struct forge *f, int of_each)
{
    int n = 0;
    int next = 0;
    struct plan *all = plans(f, of_each, &n);
    begin_fold(f);
    for (int i = 0; i < f->n; i++) {
        for (; next < n && all[next].at == i; next++) {
            try_one(f, &all[next]);
        }
        assert_int_equal(fold_record(&f->fold, &f->rows[i].row), OK);
    }
    assert_int_equal(next, n);
    assert_int_equal(fold_end(&f->fold), OK);
    exec(f, "COMMIT");
    free(all);
    /* the control: nothing is wrong where nothing was done */
    f->fold.head = f->n;
    assert_int_equal(fold_compare(&f->fold), OK);
    assert_int_equal(f->fold.n, 0);
    assert_int_equal(f->report.anchors, f->anchors.n);
}
