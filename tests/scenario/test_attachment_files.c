/* Which files stay and which are swept; what is damaged. */
#include "scenario/attaching.h"

#include "daemon/files/sweep.h"

/* -- files -------------------------------------------------------------------
 */

static int n_listed;

static enum err count(void *user, const char *sha256)
{
    (void)user;
    assert_true(files_sha256_ok(sha256));
    n_listed++;
    return OK;
}

static int files_of(struct world *w)
{
    n_listed = 0;
    for (int i = 0; i < FILES_PARTS; i++) {
        assert_int_equal(files_list(uploads_files(w->uploads), i, count, NULL),
                         OK);
    }
    return n_listed;
}

static int sweep(struct world *w)
{
    bool fatal = false;
    struct sweep s = {.uploads = w->uploads};
    do {
        assert_int_equal(store_snapshot(w->reader), OK);
        assert_int_equal(sweep_find(w->reader, &s), OK);
        store_release(w->reader);
        assert_int_equal(store_begin(w->writer), OK);
        assert_int_equal(sweep_remove(w->writer, &s), OK);
        assert_int_equal(store_commit(w->writer, &fatal), OK);
    } while (s.n > 0);
    return s.removed;
}

static void test_once(void **state)
{
    struct world w;
    (void)state;
    open_county(&w, "");
    attach_all(&w);
    assert_int_equal(files_of(&w), 5);
    assert_int_equal(attach(&w, "dp", "one", "z.txt", "internal"), OK);
    assert_int_equal(files_of(&w), 5);
    assert_int_equal(sweep(&w), 0);
    assert_int_equal(sees(&w, "dp"), 6);
    world_close(&w);
}

static void place(struct world *w, const char *content)
{
    char name[128];
    char sha256[SHA256_SIZE];
    snprintf(name, sizeof name, "%s/uploads/x", w->data);
    FILE *file = fopen(name, "wb");
    assert_non_null(file);
    fputs(content, file);
    fclose(file);
    files_sha256(content, strlen(content), sha256);
    assert_int_equal(files_place(uploads_files(w->uploads), name, sha256), OK);
}

static void test_sweep(void **state)
{
    struct world w;
    char id[UPLOAD_ID_SIZE];
    (void)state;
    open_county(&w, "");
    assert_int_equal(attach(&w, "qy1", "one", "a.txt", "request"), OK);
    place(&w, "two"); /* of a daemon that was killed before the record */
    assert_int_equal(sweep(&w), 1);
    assert_int_equal(files_of(&w), 1);
    /* whole and not yet attached: it stays as long as its upload */
    assert_int_equal(begin(&w, "qy1", "three", id), OK);
    assert_int_equal(put(&w, "qy1", id, 0, "three", 5), OK);
    assert_int_equal(sweep(&w), 0);
    assert_int_equal(keep(&w, "qy1", id, "a.txt", "request"), OK);
    assert_int_equal(begin(&w, "qy1", "four", id), OK);
    assert_int_equal(put(&w, "qy1", id, 0, "four", 4), OK);
    world_sleep(&w, "2026-11-02T10:00:01+08:00");
    uploads_expire(w.uploads, w.now);
    assert_int_equal(sweep(&w), 1);
    assert_int_equal(files_of(&w), 2);
    refused(&w, keep(&w, "qy1", id, "a.txt", "request"), ERR_NOT_FOUND,
            "upload");
    assert_int_equal(sees(&w, "qy1"), 2);
    world_close(&w);
}

/* More than one stride, and all in one part. */
static void test_sweep_many(void **state)
{
    struct world w;
    char content[32];
    (void)state;
    open_county(&w, "");
    for (int i = 0; i < 300; i++) {
        snprintf(content, sizeof content, "orphan %d", i);
        place(&w, content);
    }
    attach_all(&w);
    assert_int_equal(sweep(&w), 300);
    assert_int_equal(files_of(&w), 5);
    world_close(&w);
}

/* What a reader found unnamed, and a record has named since, stays. */
static void test_named_since(void **state)
{
    struct world w;
    bool fatal = false;
    (void)state;
    open_county(&w, "");
    assert_int_equal(attach(&w, "qy1", "one", "a.txt", "request"), OK);
    world_sleep(&w, "2026-11-02T11:00:00+08:00");
    uploads_expire(w.uploads, w.now);
    struct sweep s = {.uploads = w.uploads, .n = 1};
    files_sha256("one", 3, s.found[0]);
    assert_int_equal(store_begin(w.writer), OK);
    assert_int_equal(sweep_remove(w.writer, &s), OK);
    assert_int_equal(store_commit(w.writer, &fatal), OK);
    assert_int_equal(s.removed, 0);
    assert_true(files_there(uploads_files(w.uploads), s.found[0]));
    world_close(&w);
}

/* A file that is gone or cut short is never given for the whole. */
static void test_damaged(void **state)
{
    struct world w;
    char sha256[SHA256_SIZE];
    (void)state;
    open_county(&w, "");
    assert_int_equal(attach(&w, "qy1", "one", "a.txt", "request"), OK);
    files_sha256("one", 3, sha256);
    assert_int_equal(files_remove(uploads_files(w.uploads), sha256), OK);
    refused(&w,
            world_try(&w, "a1", "attachment.read",
                      "{'ticket':'20261102-001','n':1}"),
            ERR_CORRUPT, "n");
    /* the same content, attached once more, mends it */
    assert_int_equal(attach(&w, "qy1", "one", "b.txt", "request"), OK);
    assert_int_equal(sees(&w, "a1"), 2);
    world_close(&w);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_once),       cmocka_unit_test(test_sweep),
        cmocka_unit_test(test_sweep_many), cmocka_unit_test(test_named_since),
        cmocka_unit_test(test_damaged),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
