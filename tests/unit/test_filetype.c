/* What files are, by real ones and by what only looks like them; names of
 * files; bytes as text. The files stand in tests/fuzz/corpus/filetype and are
 * named after what they are. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "core/limits.h"
#include "proto/base64.h"
#include "proto/filetype.h"

enum {
    FILE_ROOM = 65536
};

static enum file_type type_of_file(const char *name)
{
    char path[256];
    unsigned char bytes[FILE_ROOM];
    snprintf(path, sizeof path, "tests/fuzz/corpus/filetype/%s", name);
    FILE *file = fopen(path, "rb");
    if (file == NULL) {
        fail_msg("%s is not there", path);
    }
    size_t len = fread(bytes, 1, sizeof bytes, file);
    assert_true(feof(file));
    fclose(file);
    return file_type_of(bytes, len);
}

static void test_files(void **state)
{
    static const struct {
        const char *file;
        enum file_type type;
    } files[] = {
        {"pdf", FILE_TYPE_PDF},
        {"jpeg", FILE_TYPE_JPEG},
        {"jpeg_exif", FILE_TYPE_JPEG},
        {"png", FILE_TYPE_PNG},
        {"webp", FILE_TYPE_WEBP},
        {"docx", FILE_TYPE_DOCX},
        {"xlsx", FILE_TYPE_XLSX},
        {"pptx", FILE_TYPE_PPTX},
        {"ofd", FILE_TYPE_OFD},
        {"text_utf8", FILE_TYPE_TEXT},
        {"text_bom", FILE_TYPE_TEXT},
        {"text_gb18030", FILE_TYPE_TEXT},
        {"text_ascii", FILE_TYPE_TEXT},
        {"none_pdf_cut", FILE_TYPE_COUNT},
        {"none_png_cut", FILE_TYPE_COUNT},
        {"none_docx_cut", FILE_TYPE_COUNT},
        {"none_encrypted", FILE_TYPE_COUNT},
        {"none_docm", FILE_TYPE_COUNT},
        {"none_zip", FILE_TYPE_COUNT},
        {"none_two", FILE_TYPE_COUNT},
        {"none_no_types", FILE_TYPE_COUNT},
        {"none_jar", FILE_TYPE_COUNT},
        {"none_utf16", FILE_TYPE_COUNT},
        {"none_elf", FILE_TYPE_COUNT},
        {"none_exe", FILE_TYPE_COUNT},
        {"none_ole", FILE_TYPE_COUNT},
        {"none_gif", FILE_TYPE_COUNT},
        {"none_heic", FILE_TYPE_COUNT},
    };
    (void)state;
    for (size_t i = 0; i < sizeof files / sizeof files[0]; i++) {
        enum file_type type = type_of_file(files[i].file);
        if (type != files[i].type) {
            fail_msg("%s: %d", files[i].file, (int)type);
        }
    }
}

static void is_none(const char *bytes, size_t len)
{
    if (file_type_of(bytes, len) != FILE_TYPE_COUNT) {
        fail_msg("taken: %.*s", (int)len, bytes);
    }
}

static void test_nearly(void **state)
{
    (void)state;
    is_none("", 0);
    is_none("\0", 1);
    is_none("a\0b", 3);
    is_none("a\x1B[31mb", 7); /* what moves a terminal */
    is_none("a\x7F", 2);
    is_none("\xFF", 1);
    is_none("\x81", 1); /* half a character of GB18030 */
    is_none("\x81\x30\x81", 3);
    is_none("\x81\x30\x81\x41", 4);
    is_none("%PDF-1.4", 8);
    is_none("\xFF\xD8\xFF\xE0\0\x01", 6); /* a segment shorter than its size */
    is_none("\xFF\xD8\xFF\xE0\xFF\xFF", 6); /* one past the end */
    is_none("\xFF\xD8\xFF\xD9\0\x02", 6);   /* ends at once */
    is_none("RIFF\x04\0\0\0WAVEfmt ", 16);
    is_none("RIFF\xFF\xFF\xFF\xFFWEBPVP8 \0\0\0\0", 20);
    is_none("PK\3\4", 4);
    is_none("PK\5\6\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0", 22);
}

/* A list of members that says it is elsewhere, larger or longer than it is. */
static void test_zip_lies(void **state)
{
    static const struct {
        size_t at; /* in the record at the end */
        unsigned char byte;
    } lies[] = {{4, 1},     {6, 1},     {8, 9},     {10, 9},
                {10, 0xFF}, {12, 1},    {13, 0xFF}, {15, 0xFF},
                {16, 0},    {17, 0xFF}, {19, 0xFF}, {20, 1}};
    unsigned char bytes[FILE_ROOM];
    FILE *file = fopen("tests/fuzz/corpus/filetype/docx", "rb");
    (void)state;
    assert_non_null(file);
    size_t len = fread(bytes, 1, sizeof bytes, file);
    fclose(file);
    assert_int_equal(file_type_of(bytes, len), FILE_TYPE_DOCX);
    for (size_t i = 0; i < sizeof lies / sizeof lies[0]; i++) {
        unsigned char *byte = &bytes[len - 22 + lies[i].at];
        unsigned char kept = *byte;
        *byte = lies[i].byte;
        if (file_type_of(bytes, len) != FILE_TYPE_COUNT) {
            fail_msg("lie %d at %d", (int)i, (int)lies[i].at);
        }
        *byte = kept;
    }
    for (size_t n = 3; n < len; n++) {
        assert_int_equal(file_type_of(bytes, n), FILE_TYPE_COUNT);
    }
}

/* -- names -------------------------------------------------------------------
 */

static void test_names(void **state)
{
    static const char *const good[] = {"a.jpg",       "现场照片 1.JPG",
                                       "a.b.pdf",     "营业执照(副本).Png",
                                       "图纸-v2.ofd", "x.csv"};
    static const char *const bad[] = {"",
                                      "/etc/a.jpg",
                                      "..\\a.jpg",
                                      "../a.jpg",
                                      ".jpg",
                                      "a.jpg ",
                                      " a.jpg",
                                      "a.jpg.",
                                      "a\nb.jpg",
                                      "a\x7F.jpg",
                                      "a\xC2\x85.jpg",
                                      "a\xFF.jpg",
                                      "a.exe",
                                      "a",
                                      "a.",
                                      "a.jpg.exe",
                                      "a.htm",
                                      "a\xE2\x80\xAEgpj.exe",
                                      "a\xE2\x80\x8B.jpg",
                                      "\xEF\xBB\xBF"
                                      "a.jpg",
                                      "a.jpg|jpeg",
                                      "a.docm"};
    struct problem p;
    (void)state;
    for (size_t i = 0; i < sizeof good / sizeof good[0]; i++) {
        assert_int_equal(file_name_check(good[i], strlen(good[i]), &p), OK);
    }
    for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++) {
        enum err err = file_name_check(bad[i], strlen(bad[i]), &p);
        if (err != ERR_BAD_PARAM) {
            fail_msg("taken: %s", bad[i]);
        }
        assert_string_equal(p.param, "name");
        assert_true(p.expected[0] != '\0' && p.detail[0] != '\0');
    }
}

static void test_name_length(void **state)
{
    char name[FILE_NAME_BYTES_MAX + 16] = "";
    struct problem p;
    (void)state;
    for (int i = 0; i < FILE_NAME_CHARS_MAX - 4; i++) {
        strncat(name, "照", sizeof name - strlen(name) - 1);
    }
    strncat(name, ".jpg", sizeof name - strlen(name) - 1);
    assert_true(strlen(name) <= FILE_NAME_BYTES_MAX);
    assert_int_equal(file_name_check(name, strlen(name), &p), OK);
    memmove(name + 1, name, strlen(name) + 1);
    name[0] = 'x';
    assert_int_equal(file_name_check(name, strlen(name), &p), ERR_BAD_PARAM);
}

static void test_fits(void **state)
{
    (void)state;
    assert_true(file_name_fits("a.JPEG", FILE_TYPE_JPEG));
    assert_true(file_name_fits("a.csv", FILE_TYPE_TEXT));
    assert_true(file_name_fits("a.txt", FILE_TYPE_TEXT));
    assert_false(file_name_fits("a.png", FILE_TYPE_JPEG));
    assert_false(file_name_fits("a.docx", FILE_TYPE_XLSX));
    assert_false(file_name_fits("a.txt|csv", FILE_TYPE_TEXT));
    assert_false(file_name_fits("a.", FILE_TYPE_TEXT));
    assert_false(file_name_fits("a.pdf", FILE_TYPE_COUNT));
}

/* -- bytes as text -----------------------------------------------------------
 */

/* RFC 4648, section 10. */
static void test_base64(void **state)
{
    static const char *const pairs[][2] = {{"", ""},
                                           {"f", "Zg=="},
                                           {"fo", "Zm8="},
                                           {"foo", "Zm9v"},
                                           {"foob", "Zm9vYg=="},
                                           {"fooba", "Zm9vYmE="},
                                           {"foobar", "Zm9vYmFy"},
                                           {"\xFB\xFF\xFE", "+//+"}};
    static const char *const bad[] = {
        "Z",        "Zg",   "Zg=",  "Zh==",  "Zm9=",
        "Zm8==",    "=Zg=", "Zg=a", "Zm9v ", "Zm\n9",
        "Zm9v====", "====", "Zm-_", "Z===",  "Zg==Zg=="};
    char text[64];
    char bytes[64];
    size_t len = 0;
    (void)state;
    for (size_t i = 0; i < sizeof pairs / sizeof pairs[0]; i++) {
        size_t n = strlen(pairs[i][0]);
        base64_encode(pairs[i][0], n, text);
        assert_string_equal(text, pairs[i][1]);
        assert_int_equal(strlen(text), BASE64_LEN(n));
        assert_true(base64_decode(text, strlen(text), bytes, &len));
        assert_int_equal(len, n);
        assert_memory_equal(bytes, pairs[i][0], n);
    }
    for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++) {
        if (base64_decode(bad[i], strlen(bad[i]), bytes, &len)) {
            fail_msg("taken: %s", bad[i]);
        }
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_files),       cmocka_unit_test(test_nearly),
        cmocka_unit_test(test_zip_lies),    cmocka_unit_test(test_names),
        cmocka_unit_test(test_name_length), cmocka_unit_test(test_fits),
        cmocka_unit_test(test_base64),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
