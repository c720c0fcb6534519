/* What reaches a terminal of a text that is stored already: names that hide
 * something show it. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "client/cli/show/width.h"

struct row {
    const char *stored;
    const char *shown;
};

static const struct row rows[] = {
    {"张\u200b三", "张<U+200B>三"},
    {"\u00ad", "<U+00AD>"},
    {"a\u2028b", "a<U+2028>b"},
    {"invoice\u202efdp.exe", "invoice<U+202E>fdp.exe"},
    {"x\U000e0041y", "x<U+E0041>y"},
    {"\ufffe", "<U+FFFE>"},
    {"👩\u200d🔧", "👩\u200d🔧"},         /* a joiner makes one character of two */
    {"葛\U000e0100", "葛\U000e0100"}, /* a form of a character in a name */
    {"某某（镇江）有限公司", "某某（镇江）有限公司"},
};

static void test_disguised(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        for (int keep = 0; keep < 2; keep++) {
            char *shown = text_clean(rows[i].stored, keep != 0);
            assert_string_equal(shown, rows[i].shown);
            free(shown);
        }
    }
}

/* The longest for its bytes, many times: there is room for all of it. */
static void test_room(void **state)
{
    char stored[2001];
    (void)state;
    for (size_t i = 0; i < 2000; i += 2) {
        memcpy(stored + i, "\xC2\xAD", 2);
    }
    stored[2000] = '\0';
    char *shown = text_clean(stored, false);
    assert_int_equal(strlen(shown), 1000 * strlen("<U+00AD>"));
    free(shown);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_disguised),
        cmocka_unit_test(test_room),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
