/* Forgeries by the thousand, all found: see forge.h. BIHUAN_FORGE="RECORDS
 * FORGERIES SEED" makes it more of them (tests/long/forge.py). */
#include <stdio.h>
#include <stdlib.h>

#include "store/forge.h"

struct measure {
    int records;
    int forgeries;
    uint64_t seed;
};

static struct measure measure(void)
{
    struct measure m = {300, 3000, 20261121};
    const char *text = getenv("BIHUAN_FORGE");
    if (text != NULL) {
        char *end = NULL;
        m.records = (int)strtol(text, &end, 10);
        m.forgeries = (int)strtol(end, &end, 10);
        m.seed = strtoull(end, NULL, 10);
    }
    assert_true(m.records >= 200 && m.forgeries >= FORGERIES && m.seed != 0);
    return m;
}

static void test_all_found(void **state)
{
    static struct forge f;
    struct measure m = measure();
    int of_each = (m.forgeries + FORGERIES - 1) / FORGERIES;
    int64_t all = 0;
    forge_open(&f, *state, m.records, m.seed);
    forge_journal(&f, of_each);
    for (int i = 0; i < of_each; i++) {
        for (int kind = FORGE_CHANGE; kind < FORGERIES; kind++) {
            forge_table(&f, (enum forgery)kind, (enum table)(i % TABLE_COUNT));
        }
    }
    for (int kind = 0; kind < FORGERIES; kind++) {
        print_message("%7lld %s\n", (long long)f.done[kind],
                      forgery_names[kind]);
        all += f.done[kind];
    }
    print_message("%7lld forgeries in %d records, all found\n", (long long)all,
                  f.n);
    assert_true(all >= m.forgeries);
    forge_close(&f);
}

/* As many of the other chain. */
static void test_audit_found(void **state)
{
    static struct forge f;
    struct measure m = measure();
    int of_each = (m.forgeries + AUDIT_FORGERIES - 1) / AUDIT_FORGERIES;
    f = (struct forge){.world = *state, .chance = m.seed};
    int64_t all = forge_audit(&f, m.records, of_each);
    print_message("%7lld forgeries in %d audit records, all found\n",
                  (long long)all, m.records);
    assert_true(all >= m.forgeries);
}

int main(void)
{
    struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(test_all_found, world_setup,
                                        world_teardown),
        cmocka_unit_test_setup_teardown(test_audit_found, world_setup,
                                        world_teardown)};
    tests[0].initial_state = (void *)(uintptr_t)&makers[1]; /* in memory */
    tests[1].initial_state = (void *)(uintptr_t)&makers[1];
    return cmocka_run_group_tests(tests, NULL, NULL);
}
