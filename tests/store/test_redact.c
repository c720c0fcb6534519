/* What is redacted is in no byte of the database or its log any more, whatever
 * was written around it and however long it was; everything else stays, and the
 * proof goes on. And anchors: the line, its refusals, the files. */
#include <dirent.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "daemon/store/anchor.h"
#include "daemon/store/redact.h"
#include "daemon/store/verify.h"
#include "store/maker.h"

enum {
    TEXTS = 500,
    BODY_MAX = 6000,
    MARK = 8 /* "T00042.!", repeated: on every page of a long one */
};

static void mark_of(int i, char out[MARK + 1])
{
    snprintf(out, MARK + 1, "T%05d.!", i);
}

static int64_t add(struct world *w, int i)
{
    static char body[BODY_MAX + MARK];
    char mark[MARK + 1];
    int64_t id = 0;
    mark_of(i, mark);
    size_t len = rand() % 3 == 0 ? (size_t)(rand() % BODY_MAX) / MARK * MARK
                                 : (size_t)(rand() % 12) * MARK;
    len = len == 0 ? MARK : len;
    for (size_t at = 0; at < len; at += MARK) {
        memcpy(body + at, mark, MARK);
    }
    assert_int_equal(store_text_add(w->s, TEXT_NOTE, body, len, &id), OK);
    return id;
}

/* -- the bytes ---------------------------------------------------------------
 */

struct bytes {
    char *of;
    size_t n;
};

static void read_into(struct bytes *b, const char *path)
{
    FILE *file = fopen(path, "rb");
    if (file == NULL) {
        return;
    }
    char piece[65536];
    size_t n;
    while ((n = fread(piece, 1, sizeof piece, file)) > 0) {
        b->of = realloc(b->of, b->n + n);
        assert_non_null(b->of);
        memcpy(b->of + b->n, piece, n);
        b->n += n;
    }
    fclose(file);
}

static struct bytes read_all(const struct world *w)
{
    struct bytes b = {NULL, 0};
    char name[600];
    read_into(&b, w->path);
    snprintf(name, sizeof name, "%s-wal", w->path);
    read_into(&b, name);
    return b;
}

/* Which marks stand anywhere. */
static void find_marks(const struct bytes *b, bool found[TEXTS])
{
    memset(found, 0, TEXTS * sizeof found[0]);
    for (size_t i = 0; i + MARK <= b->n; i++) {
        char mark[MARK + 1];
        char digits[6] = "";
        if (b->of[i] == 'T' && b->of[i + 6] == '.') {
            memcpy(digits, b->of + i + 1, 5); /* no text ends the bytes */
            int n = (int)strtol(digits, NULL, 10);
            if (n >= 0 && n < TEXTS) {
                mark_of(n, mark);
                found[n] |= memcmp(b->of + i, mark, MARK) == 0;
            }
        }
    }
}

static void check_bytes(const struct world *w, const int64_t ids[TEXTS],
                        const bool redacted[TEXTS])
{
    static bool found[TEXTS];
    struct bytes b = read_all(w);
    find_marks(&b, found);
    free(b.of);
    for (int i = 0; i < TEXTS; i++) {
        if (ids[i] != 0 && found[i] == redacted[i]) {
            fail_msg("text %d is %s", i, found[i] ? "still there" : "gone");
        }
    }
}

/* -- redactions --------------------------------------------------------------
 */

static int step(struct world *w, int64_t ids[TEXTS], bool redacted[TEXTS],
                int *added)
{
    int64_t n = 0;
    begin(w);
    open_record(w, "text.redact", 0);
    for (int i = rand() % 9; i >= 0 && *added < TEXTS; i--) {
        ids[*added] = add(w, *added);
        (*added)++;
    }
    for (int i = rand() % 6; i >= 0; i--) {
        int which = rand() % *added;
        assert_int_equal(store_redact_text(w->s, ids[which], &n), OK);
        redacted[which] = true;
    }
    close_record(w);
    commit(w);
    return (int)n;
}

static void test_bytes_are_gone(void **state)
{
    static int64_t ids[TEXTS];
    static bool redacted[TEXTS];
    struct world *w = *state;
    struct verdict_report report;
    int added = 0;
    int n = 0;
    srand(20261121);
    for (int i = 0; added < TEXTS; i++) {
        n += step(w, ids, redacted, &added);
        assert_int_equal(store_checkpoint(w->s), OK);
        if (i % 10 == 0 || added == TEXTS) {
            check_bytes(w, ids, redacted);
        }
    }
    assert_true(n > TEXTS / 4 && n < TEXTS);
    assert_int_equal(count(w->s, "SELECT count(*) FROM text WHERE body ="
                                 " '[redacted]' AND salt IS NULL"),
                     n);
    assert_int_equal(store_verify(w->path, &report, NULL, NULL, NULL), OK);
    assert_int_equal(report.redacted, n);
    assert_int_equal(report.redactions[0].seq,
                     count(w->s, "SELECT redacted_seq FROM text WHERE"
                                 " redacted_seq IS NOT NULL ORDER BY id"));
}

/* A crash between the commit and the wiping: the next writer does it. */
static void test_wiped_after_a_crash(void **state)
{
    struct world *w = *state;
    struct world copy = *w;
    char from[600];
    char command[3000];
    int64_t ids[TEXTS] = {0};
    bool redacted[TEXTS] = {false};
    int64_t n = 0;
    begin(w);
    open_record(w, "note", 0);
    ids[0] = add(w, 0);
    ids[1] = add(w, 1);
    close_record(w);
    commit(w);
    begin(w);
    open_record(w, "text.redact", 0);
    assert_int_equal(store_redact_text(w->s, ids[1], &n), OK);
    close_record(w);
    commit(w);
    snprintf(from, sizeof from, "%.500s", w->path);
    snprintf(copy.path, sizeof copy.path, "%.500s.c", w->path);
    snprintf(command, sizeof command, "cp %s %s && cp %s-wal %s-wal", from,
             copy.path, from, copy.path);
    assert_int_equal(system(command), 0);
    assert_int_equal(store_open(copy.path, STORE_WRITE, &copy.s, NULL), OK);
    assert_int_equal(store_checkpoint(copy.s), OK);
    redacted[1] = true;
    check_bytes(&copy, ids, redacted);
    store_close(copy.s);
    snprintf(command, sizeof command, "rm -f %s*", copy.path);
    assert_int_equal(system(command), 0);
}

/* By record, and the names of people left alone; a ticket's, all but reasons of
 * redactions. */
static void test_by_record_and_ticket(void **state)
{
    struct world *w = *state;
    int64_t n = 0;
    int64_t id = 0;
    struct ticket_row row = file_ticket(w, "R-1");
    int64_t filed = store_head(w->s);
    begin(w);
    int64_t named = open_record(w, "person.add", 0);
    assert_int_equal(store_text_add(w->s, TEXT_NAME, "张三", 6, &id), OK);
    close_record(w);
    commit(w);
    begin(w);
    int64_t seq = open_record(w, "text.redact", row.ticket.id);
    assert_int_equal(store_redact_record(w->s, named, &n), OK);
    assert_int_equal(n, 0);
    assert_int_equal(store_redact_record(w->s, 999, &n), ERR_NOT_FOUND);
    assert_int_equal(store_redact_record(w->s, filed, &n), OK);
    assert_int_equal(n, 1);
    assert_int_equal(store_text_add(w->s, TEXT_REASON, "why", 3, &id), OK);
    assert_int_equal(close_record(w), seq);
    commit(w);
    begin(w);
    open_record(w, "text.redact", row.ticket.id);
    assert_int_equal(store_redact_ticket(w->s, row.ticket.id, &n), OK);
    assert_int_equal(n, 1);
    assert_int_equal(store_redact_record(w->s, seq, &n), OK);
    assert_int_equal(n, 2); /* asked for by its number, a reason goes too */
    close_record(w);
    commit(w);
}

/* -- anchors -----------------------------------------------------------------
 */

static void test_line(void **state)
{
    static const char *const bad[] = {
        "",
        "bihuan-anchor 1 7",
        "bihuan-anchor 2 7 %s 2026-11-21T10:00:00+08:00",
        "bihuan-anchor 1 0 %s 2026-11-21T10:00:00+08:00",
        "bihuan-anchor 1 -7 %s 2026-11-21T10:00:00+08:00",
        "bihuan-anchor 1 07 %s 2026-11-21T10:00:00+08:00",
        "bihuan-anchor 1 9999999999999999999 %s 2026-11-21T10:00:00+08:00",
        "bihuan-anchor 1 7 %s",
        "bihuan-anchor 1 7 %s0 2026-11-21T10:00:00+08:00",
        "bihuan-anchor 1 7 %s 2026-13-21T10:00:00+08:00",
        "bihuan-anchor 1 7 %s 2026-11-21T10:00:00+08:00 x"};
    char hex[65];
    char line[ANCHOR_LINE_SIZE];
    char text[300];
    struct anchor a = {.seq = 7, .at = 1795140000};
    struct anchor read;
    (void)state;
    for (int i = 0; i < 32; i++) {
        a.hash[i] = (uint8_t)(8 * i);
        snprintf(hex + 2 * i, 3, "%02x", 8 * i);
    }
    anchor_format(&a, line);
    snprintf(text, sizeof text,
             "bihuan-anchor 1 7 %s 2026-11-20T10:00:00+08:00", hex);
    assert_string_equal(line, text);
    snprintf(text, sizeof text, "  %s\r\n", line);
    assert_int_equal(anchor_parse(text, strlen(text), &read), OK);
    assert_int_equal(read.chain, a.chain);
    assert_int_equal(read.seq, a.seq);
    assert_int_equal(read.at, a.at);
    assert_memory_equal(read.hash, a.hash, sizeof a.hash);
    for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++) {
        const char *at = strstr(bad[i], "%s");
        int head = at == NULL ? (int)strlen(bad[i]) : (int)(at - bad[i]);
        snprintf(text, sizeof text, "%.*s%s%s", head, bad[i],
                 at == NULL ? "" : hex, at == NULL ? "" : at + 2);
        assert_int_equal(anchor_parse(text, strlen(text), &read),
                         ERR_BAD_PARAM);
    }
}

static void test_files(void **state)
{
    struct world *w = *state;
    struct anchor a = {.seq = 7, .at = 1795140000};
    struct anchors all = {.n = 0};
    struct stat info;
    char data[600];
    char name[700];
    snprintf(data, sizeof data, "%.500s.d", w->path);
    assert_int_equal(mkdir(data, 0700), 0);
    assert_int_equal(anchors_add_kept(&all, data, NULL), OK); /* none yet */
    assert_int_equal(all.n, 0);
    daynum day = instant_day(a.at);
    assert_int_equal(anchor_keep(data, &a, day, false), OK);
    a.seq = 9;
    assert_int_equal(anchor_keep(data, &a, day, false), ERR_EXISTS);
    assert_int_equal(anchor_keep(data, &a, day, true), OK);
    assert_int_equal(anchor_keep(data, &a, day, true), ERR_EXISTS);
    snprintf(name, sizeof name, "%s/anchors/2026-11-20.anchor", data);
    assert_int_equal(stat(name, &info), 0);
    assert_int_equal(info.st_mode & 0777, 0600);
    assert_int_equal(anchors_add_kept(&all, data, NULL), OK);
    anchors_sort(&all);
    assert_int_equal(all.n, 2);
    assert_int_equal(all.of[0].anchor.seq, 7);
    assert_string_equal(all.of[0].source, "2026-11-20.anchor");
    assert_string_equal(all.of[1].source, "2026-11-20-9.anchor");
    assert_int_equal(anchors_add(&all, name, NULL), OK);
    assert_int_equal(all.n, 3);
    assert_int_equal(anchors_add(&all, "/nowhere", NULL), ERR_NOT_FOUND);
    anchors_done(&all);
    snprintf(name, sizeof name, "rm -r %s", data);
    assert_int_equal(system(name), 0);
}

#define TEST(name) \
    cmocka_unit_test_setup_teardown(name, world_setup, world_teardown)

int main(void)
{
    struct CMUnitTest tests[] = {
        TEST(test_bytes_are_gone), TEST(test_wiped_after_a_crash),
        TEST(test_by_record_and_ticket), TEST(test_line), TEST(test_files)};
    for (size_t i = 0; i < sizeof tests / sizeof tests[0]; i++) {
        tests[i].initial_state = (void *)(uintptr_t)&makers[0];
    }
    return cmocka_run_group_tests(tests, NULL, NULL);
}
