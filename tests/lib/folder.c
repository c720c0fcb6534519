/* A data folder: see folder.h. */
#include "lib/folder.h"

#include <dirent.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

#include "daemon/commands/account/one_time.h"
#include "daemon/commands/rules/seed.h"

enum {
    PATH = 400
};

void folder_make(char *ret, size_t size)
{
    char path[PATH];
    struct problem p = {.err = OK};
    struct policy policy;
    struct first_account first[ADMINISTRATORS];
    struct store *store = NULL;
    snprintf(ret, size, "/tmp/bihuan.XXXXXX");
    assert_non_null(mkdtemp(ret));
    snprintf(path, sizeof path, "%s/bihuan.db", ret);
    assert_int_equal(store_open(path, STORE_CREATE, &store, &p), OK);
    assert_int_equal(store_seed(store, FRIDAY, &p), OK);
    policy_default(&policy);
    assert_int_equal(
        one_time_administrators(store, FRIDAY, &policy, "test", first, &p), OK);
    store_close(store);
}

void folder_clear(const char *folder)
{
    DIR *dir = opendir(folder);
    struct dirent *entry;
    assert_non_null(dir);
    while ((entry = readdir(dir)) != NULL) {
        char path[PATH];
        if (strcmp(entry->d_name, ".") == 0 ||
            strcmp(entry->d_name, "..") == 0) {
            continue;
        }
        snprintf(path, sizeof path, "%s/%s", folder, entry->d_name);
        if (unlink(path) != 0) {
            folder_clear(path);
        }
    }
    closedir(dir);
    assert_int_equal(rmdir(folder), 0);
}
