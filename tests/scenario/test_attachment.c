/* A file on its way to a ticket: pieces, what is refused and with which words,
 * whose an upload is and how long, limits. */
#include "scenario/attaching.h"

/* -- the way in --------------------------------------------------------------
 */

static void test_in_and_out(void **state)
{
    struct world w;
    char out[64];
    size_t len = 0;
    (void)state;
    open_county(&w, "");
    assert_int_equal(attach(&w, "qy1", "现场情况", "说明.TXT", "request"), OK);
    assert_int_equal(world_int(&w, "n"), 1);
    assert_string_equal(world_text(&w, "type"), "text");
    assert_int_equal(attach(&w, "zdy", "a,b\n", "表.csv", "supplement"), OK);
    assert_int_equal(world_int(&w, "n"), 2);
    world_do(&w, "a1", "attachment.read",
             "{'ticket':'20261102-001','n':1,'offset':6}");
    const char *text = world_text(&w, "bytes");
    assert_true(base64_decode(text, strlen(text), out, &len));
    assert_int_equal(len, strlen("情况"));
    assert_memory_equal(out, "情况", len);
    assert_string_equal(world_text(&w, "name"), "说明.TXT");
    assert_true(json_is_false(json_object_get(w.result, "more")));
    world_do(&w, "a1", "attachment.read",
             "{'ticket':'20261102-001','n':1,'offset':20000000}");
    assert_string_equal(world_text(&w, "bytes"), "");
    world_do(&w, "a1", "ticket.show", first);
    size_t last = json_array_size(world_rows(&w, "timeline")) - 1;
    assert_string_equal(world_cell(&w, "timeline", last, "event"),
                        "attachment");
    assert_string_equal(world_cell(&w, "timeline", last, "text"), "表.csv");
    assert_string_equal(world_cell(&w, "attachments", 1, "purpose"),
                        "supplement");
    world_verify(&w);
    world_close(&w);
}

static void test_pieces(void **state)
{
    static const char content[] = "第一段;第二段;第三段";
    struct world w;
    char id[UPLOAD_ID_SIZE];
    size_t len = strlen(content);
    (void)state;
    open_county(&w, "");
    assert_int_equal(begin(&w, "qy1", content, id), OK);
    refused(&w, put(&w, "qy1", id, 5, content + 5, 5), ERR_BAD_PARAM, "offset");
    assert_int_equal(put(&w, "qy1", id, 0, content, 10), OK);
    assert_int_equal(world_int(&w, "received"), 10);
    assert_int_equal(put(&w, "qy1", id, 0, content, 10), OK); /* once more */
    assert_int_equal(world_int(&w, "received"), 10);
    refused(&w, keep(&w, "qy1", id, "a.txt", "request"), ERR_BLOCKED, "upload");
    refused(&w, put(&w, "qy1", id, 10, content, len), ERR_BAD_PARAM, "bytes");
    assert_int_equal(put(&w, "qy1", id, 7, content + 7, len - 7), OK);
    assert_true(json_is_true(json_object_get(w.result, "whole")));
    assert_int_equal(put(&w, "qy1", id, 7, content + 7, len - 7), OK);
    assert_int_equal(keep(&w, "qy1", id, "a.txt", "request"), OK);
    assert_int_equal(world_int(&w, "size"), (int64_t)len);
    world_close(&w);
}

/* What is not what was declared, or nothing that is taken, is gone. */
static void test_refused_content(void **state)
{
    struct world w;
    char id[UPLOAD_ID_SIZE];
    (void)state;
    open_county(&w, "");
    assert_int_equal(begin(&w, "qy1", "abcd", id), OK);
    refused(&w, put(&w, "qy1", id, 0, "abce", 4), ERR_BAD_PARAM, "sha256");
    refused(&w, put(&w, "qy1", id, 0, "abcd", 4), ERR_NOT_FOUND, "upload");
    assert_int_equal(begin(&w, "qy1", "MZ\x01\x02", id), OK);
    refused(&w, put(&w, "qy1", id, 0, "MZ\x01\x02", 4), ERR_BAD_PARAM, "bytes");
    assert_non_null(strstr(w.problem.expected, "pdf"));
    refused(&w, put(&w, "qy1", id, 0, "MZ\x01\x02", 4), ERR_NOT_FOUND,
            "upload");
    assert_int_equal(begin(&w, "qy1", "abcd", id), OK);
    assert_int_equal(put(&w, "qy1", id, 0, "abcd", 4), OK);
    refused(&w, keep(&w, "qy1", id, "a.pdf", "request"), ERR_BAD_PARAM, "name");
    refused(&w, keep(&w, "qy1", id, "../a.txt", "request"), ERR_BAD_PARAM,
            "name");
    refused(&w, keep(&w, "qy1", id, "a\xE2\x80\xAEtxt.txt", "request"),
            ERR_BAD_PARAM, "name");
    assert_int_equal(keep(&w, "qy1", id, "a.txt", "request"), OK);
    refused(&w,
            world_try(&w, "qy1", "attachment.begin",
                      "{'size':1,'sha256':'A000000000000000000000000000000000"
                      "000000000000000000000000000000'}"),
            ERR_BAD_PARAM, "sha256");
    refused(&w,
            world_try(&w, "qy1", "attachment.begin",
                      "{'size':20971521,'sha256':'a0000000000000000000000000000"
                      "00000000000000000000000000000000000'}"),
            ERR_BAD_PARAM, "size");
    refused(&w,
            world_try(&w, "qy1", "attachment.put",
                      "{'upload':'x','offset':0,'bytes':'a b='}"),
            ERR_BAD_PARAM, "bytes");
    world_close(&w);
}

/* An upload is its beginner's alone, counted, and over after an hour. */
static void test_uploads(void **state)
{
    struct world w;
    char id[UPLOAD_ID_SIZE];
    char other[UPLOAD_ID_SIZE];
    (void)state;
    open_county(&w, "");
    assert_int_equal(begin(&w, "qy1", "abcd", id), OK);
    assert_int_equal(put(&w, "qy1", id, 0, "ab", 2), OK);
    refused(&w, put(&w, "zdy", id, 2, "cd", 2), ERR_NOT_FOUND, "upload");
    struct problem theirs = w.problem;
    refused(&w, put(&w, "zdy", "0123", 2, "cd", 2), ERR_NOT_FOUND, "upload");
    assert_memory_equal(&theirs, &w.problem, sizeof theirs);
    for (int i = 0; i < 3; i++) {
        assert_int_equal(begin(&w, "qy1", "abcd", other), OK);
        assert_string_not_equal(other, id);
    }
    refused(&w, begin(&w, "qy1", "abcd", other), ERR_LIMIT, "");
    assert_int_equal(begin(&w, "zdy", "abcd", other), OK);
    /* what was attached counts no more */
    assert_int_equal(put(&w, "qy1", id, 2, "cd", 2), OK);
    refused(&w, keep(&w, "zdy", id, "a.txt", "request"), ERR_NOT_FOUND,
            "upload");
    theirs = w.problem;
    refused(&w, keep(&w, "zdy", "0123", "a.txt", "request"), ERR_NOT_FOUND,
            "upload");
    assert_memory_equal(&theirs, &w.problem, sizeof theirs);
    assert_int_equal(keep(&w, "qy1", id, "a.txt", "request"), OK);
    assert_int_equal(begin(&w, "qy1", "abcd", other), OK);
    assert_int_equal(put(&w, "qy1", other, 0, "abc", 3), OK);
    world_sleep(&w, "2026-11-02T10:00:00+08:00");
    assert_int_equal(put(&w, "qy1", other, 0, "abc", 3), OK);
    world_sleep(&w, "2026-11-02T11:00:01+08:00");
    refused(&w, put(&w, "qy1", other, 3, "d", 1), ERR_NOT_FOUND, "upload");
    for (int i = 0; i < 4; i++) {
        assert_int_equal(begin(&w, "qy1", "abcd", other), OK);
    }
    world_close(&w);
}

/* One that never ends is over after a day. */
static void test_upload_for_ever(void **state)
{
    struct world w;
    char id[UPLOAD_ID_SIZE];
    char now[64];
    (void)state;
    open_county(&w, "");
    assert_int_equal(begin(&w, "qy1", "abcd", id), OK);
    for (int i = 10; i <= 32; i++) {
        snprintf(now, sizeof now, "2026-11-%02dT%02d:00:00+08:00", 2 + i / 24,
                 i % 24);
        world_sleep(&w, now);
        assert_int_equal(put(&w, "qy1", id, 0, "a", 1), OK);
    }
    world_sleep(&w, "2026-11-03T09:00:01+08:00");
    refused(&w, put(&w, "qy1", id, 0, "a", 1), ERR_NOT_FOUND, "upload");
    uploads_expire(w.uploads, w.now);
    world_close(&w);
}

/* -- limits ------------------------------------------------------------------
 */

static void test_ticket_limit(void **state)
{
    struct world w;
    char content[16];
    (void)state;
    open_county(&w, "");
    for (int i = 0; i < ATTACHMENTS_MAX; i++) {
        snprintf(content, sizeof content, "%d", i % 7);
        assert_int_equal(attach(&w, "dp", content, "a.txt", "internal"), OK);
    }
    refused(&w, attach(&w, "dp", "x", "a.txt", "internal"), ERR_LIMIT,
            "ticket");
    world_close(&w);
}

/* History brings no files. */
static void test_no_import(void **state)
{
    struct world w;
    (void)state;
    open_county(&w, "");
    refused(&w,
            world_try(&w, NULL, "import.event",
                      "{'event':{'at':'2026-11-01T09:00:00+08:00','as':'qy1',"
                      "'method':'attachment.keep','params':{}},"
                      "'occurrence':0}"),
            ERR_BAD_PARAM, "event.method");
    world_close(&w);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_in_and_out),
        cmocka_unit_test(test_pieces),
        cmocka_unit_test(test_refused_content),
        cmocka_unit_test(test_uploads),
        cmocka_unit_test(test_upload_for_ever),
        cmocka_unit_test(test_ticket_limit),
        cmocka_unit_test(test_no_import),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
