/* --init and --administrators: see setup.h. */
#include "daemon/setup/setup.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <gnutls/gnutls.h>
#include <stdio.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include "daemon/commands/account/one_time.h"
#include "daemon/commands/rules/seed.h"
#include "daemon/say.h"
#include "daemon/setup/data_folder.h"
#include "daemon/store/store.h"

/* -- init -------------------------------------------------------------------
 */

static bool is_empty(const char *folder)
{
    DIR *dir = opendir(folder);
    bool empty = dir != NULL;
    struct dirent *entry;
    while (empty && (entry = readdir(dir)) != NULL) {
        empty =
            strcmp(entry->d_name, ".") == 0 || strcmp(entry->d_name, "..") == 0;
    }
    if (dir != NULL) {
        closedir(dir);
    }
    return empty;
}

/* A folder that was empty before, so whatever is in it now is ours. */
static void empty_folder(const char *folder)
{
    DIR *dir = opendir(folder);
    struct dirent *entry;
    while (dir != NULL && (entry = readdir(dir)) != NULL) {
        char path[DATA_PATH_SIZE];
        int len = snprintf(path, sizeof path, "%s/%s", folder, entry->d_name);
        if (len < DATA_PATH_SIZE && entry->d_name[0] != '.') {
            unlink(path);
        }
    }
    if (dir != NULL) {
        closedir(dir);
    }
}

static enum err make_database(const char *data, instant now,
                              const struct policy *policy,
                              struct first_account first[ADMINISTRATORS],
                              struct problem *p)
{
    char path[DATA_PATH_SIZE];
    struct store *store = NULL;
    if (!data_folder_database(data, path)) {
        return problem_set(p, ERR_IO, "data", "a shorter path", "");
    }
    enum err err = store_open(path, STORE_CREATE, &store, p);
    if (err != OK) {
        return err;
    }
    err = store_seed(store, now, p);
    if (err == OK) {
        err = one_time_administrators(store, now, policy, "bihuand --init",
                                      first, p);
    }
    store_close(store);
    return err;
}

/* The only time that they are seen. False if they were not. */
static bool print_first(const struct first_account first[ADMINISTRATORS])
{
    printf("%s\n",
           say("三员的一次性口令(只显示这一次,首次登录时须修改):",
               "one-time passwords of the three administrators (shown only "
               "this once; each is changed at the first log-in):"));
    for (int i = 0; i < ADMINISTRATORS; i++) {
        printf("%s  %s\n", first[i].code, first[i].password);
    }
    return fflush(stdout) == 0;
}

static enum err make_folder(const char *data, instant now,
                            const struct policy *policy, struct problem *p)
{
    struct first_account first[ADMINISTRATORS];
    enum err err = make_database(data, now, policy, first, p);
    if (err == OK) {
        printf("%s: %s\n", data, say("已建立", "made"));
        err = print_first(first)
                  ? OK
                  : problem_set(p, ERR_IO, "", "", "standard output");
    }
    gnutls_memset(first, 0, sizeof first);
    return err;
}

/* Another that makes the same folder must neither count it as its own nor empty
 * it: whoever has it locked is the only one. -1: it is another's. */
static int claim(const char *data)
{
    int fd = open(data, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    if (fd >= 0 && flock(fd, LOCK_EX | LOCK_NB) != 0) {
        close(fd);
        return -1;
    }
    return fd;
}

static int init_claimed(const char *data, bool made, instant now,
                        const struct policy *policy)
{
    struct problem p = {.err = OK};
    if (!is_empty(data)) {
        fprintf(stderr, "bihuand: %s: %s\n", data,
                say("目录不是空的, 请给出新目录或空目录",
                    "the folder is not empty; name a new or empty one"));
        return 1;
    }
    if (data_folder_ours(data, &p) != OK) {
        data_folder_tell(data, &p);
        return 1;
    }
    if (make_folder(data, now, policy, &p) != OK) {
        data_folder_tell(data, &p);
        empty_folder(data);
        if (made) {
            rmdir(data);
        }
        return 1;
    }
    return 0;
}

int setup_init(const char *data, instant now, const struct policy *policy)
{
    struct problem p;
    bool made = mkdir(data, 0700) == 0;
    int folder = made || errno == EEXIST ? claim(data) : -1;
    if (folder < 0) {
        bool taken = errno == EWOULDBLOCK;
        problem_set(&p, taken ? ERR_BUSY : ERR_IO, "", "", strerror(errno));
        data_folder_tell(data, &p);
        return 1;
    }
    int status = init_claimed(data, made, now, policy);
    close(folder);
    return status;
}

/* -- administrators ---------------------------------------------------------
 */

int setup_administrators(const char *data, instant now,
                         const struct policy *policy)
{
    struct first_account first[ADMINISTRATORS];
    struct problem p = {.err = OK};
    struct store *store = NULL;
    char path[DATA_PATH_SIZE];
    bool told = true;
    enum err err = data_folder_ours(data, &p);
    if (err == OK) {
        err = data_folder_database(data, path)
                  ? store_open(path, STORE_WRITE, &store, &p)
                  : problem_set(&p, ERR_IO, "data", "a shorter path", "");
    }
    if (err == OK) {
        err = one_time_administrators(store, now, policy,
                                      "bihuand --administrators", first, &p);
        store_close(store);
    }
    if (err == OK) {
        told = print_first(first);
        gnutls_memset(first, 0, sizeof first);
    }
    if (err == OK && !told) {
        problem_set(&p, ERR_IO, "",
                    say("再运行一次, 换发新的", "run it again for new ones"),
                    "standard output");
    }
    if (p.err != OK) {
        data_folder_tell(data, &p);
    }
    return p.err == OK ? 0 : 1;
}
