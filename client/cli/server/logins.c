/* See logins.h. */
#include "client/cli/server/logins.h"

#include <assert.h>
#include <errno.h>
#include <fcntl.h>
#include <gnutls/gnutls.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "client/cli/files/file.h"
#include "client/cli/files/state.h"

enum {
    BYTES_MAX = 8388608, /* of the whole file */
    FIELDS = 4
};

/* The file's lines in memory. */
struct lines {
    char *bytes;
    size_t size;
    int n;
    char *line[LOGINS_MAX]; /* each ended by a NUL, without its line end */
};

static enum err broken(struct problem *p, const char *path, const char *why,
                       const char *expected)
{
    char detail[PROBLEM_TEXT_SIZE];
    (void)snprintf(detail, sizeof detail, "'%.160s': %.80s", path, why);
    return problem_set(p, ERR_IO, "logins", expected, detail);
}

void logins_server(const char *server, char out[LOGIN_SERVER_SIZE])
{
    static const char scheme[] = "unix:";
    const char *path = server + sizeof scheme - 1;
    char folder[LOGIN_SERVER_SIZE - 256];
    bool local = strncmp(server, scheme, sizeof scheme - 1) == 0;
    if (local && path[0] != '/' && getcwd(folder, sizeof folder) != NULL) {
        (void)snprintf(out, LOGIN_SERVER_SIZE, "%s%s/%.200s", scheme, folder,
                       path);
    } else {
        (void)snprintf(out, LOGIN_SERVER_SIZE, "%s", server);
    }
}

void login_forget(struct login *login)
{
    gnutls_memset(login, 0, sizeof *login);
}

/* -- reading -----------------------------------------------------------------
 */

static void lines_done(struct lines *l)
{
    if (l->bytes != NULL) {
        gnutls_memset(l->bytes, 0, l->size);
    }
    free(l->bytes);
}

/* Nobody else may read or write it, or put another in its place. */
static enum err check_owner(int fd, const char *path, mode_t refused,
                            struct problem *p)
{
    struct stat about;
    if (fstat(fd, &about) != 0) {
        return broken(p, path, strerror(errno), "");
    }
    if (about.st_uid != geteuid()) {
        return broken(
            p, path, "it belongs to somebody else",
            "log-ins of one's own: HOME or XDG_STATE_HOME says where");
    }
    return (about.st_mode & refused) == 0
               ? OK
               : broken(p, path, "others can get at it",
                        "chmod go= on it, then log in anew: the log-ins may "
                        "be known to others");
}

static enum err check_folder(const char *path, struct problem *p)
{
    char folder[STATE_PATH_SIZE];
    (void)snprintf(folder, sizeof folder, "%s", path);
    *strrchr(folder, '/') = '\0';
    int fd = open(folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    if (fd < 0) {
        return broken(p, folder, strerror(errno), "a folder of one's own");
    }
    enum err err = check_owner(fd, folder, S_IWGRP | S_IWOTH, p);
    (void)close(fd);
    return err;
}

/* All bytes with a NUL behind them. */
static enum err read_all(int fd, const char *path, struct lines *l,
                         struct problem *p)
{
    struct stat about;
    if (fstat(fd, &about) != 0 || !S_ISREG(about.st_mode) ||
        about.st_size > BYTES_MAX) {
        return broken(p, path, "it is not a file of log-ins", "");
    }
    size_t len = 0;
    l->size = (size_t)about.st_size + 1;
    l->bytes = must_alloc(l->size);
    while (len + 1 < l->size) {
        ssize_t n = read(fd, l->bytes + len, l->size - 1 - len);
        if (n < 0 && errno != EINTR) {
            return broken(p, path, strerror(errno), "");
        }
        if (n == 0) {
            break;
        }
        len += n > 0 ? (size_t)n : 0;
    }
    l->bytes[len] = '\0';
    return OK;
}

/* Of more lines than LOGINS_MAX the last ones. */
static void split(struct lines *l)
{
    assert(l->bytes != NULL);
    for (char *at = l->bytes; *at != '\0';) {
        char *line = at;
        at += strcspn(at, "\n");
        if (*at != '\0') {
            *at++ = '\0';
        }
        if (l->n == LOGINS_MAX) {
            memmove(l->line, l->line + 1, sizeof l->line - sizeof *l->line);
            l->n--;
        }
        if (line[0] != '\0') {
            l->line[l->n++] = line;
        }
    }
}

/* A file that is not there has no lines. */
static enum err read_lines(const char *path, struct lines *l, struct problem *p)
{
    *l = (struct lines){.bytes = NULL};
    int fd = open(path, O_RDONLY | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK);
    if (fd < 0) {
        return errno == ENOENT || errno == ENOTDIR
                   ? OK
                   : broken(p, path, strerror(errno), "");
    }
    enum err err = check_folder(path, p);
    if (err == OK) {
        err = check_owner(fd, path, S_IRWXG | S_IRWXO, p);
    }
    if (err == OK) {
        err = read_all(fd, path, l, p);
    }
    (void)close(fd);
    if (err == OK) {
        split(l);
    }
    return err;
}

/* -- a line
 * -------------------------------------------------------------------- */

static bool parse(const char *line, struct login *ret)
{
    const struct {
        char *to;
        size_t size;
    } fields[FIELDS] = {{ret->server, sizeof ret->server},
                        {ret->account, sizeof ret->account},
                        {ret->token, sizeof ret->token},
                        {ret->ends, sizeof ret->ends}};
    for (int i = 0; i < FIELDS; i++) {
        size_t len = strcspn(line, "\t");
        if (len >= fields[i].size || (line[len] == '\t') != (i < FIELDS - 1)) {
            return false;
        }
        memcpy(fields[i].to, line, len);
        fields[i].to[len] = '\0';
        line += len + 1;
    }
    return true;
}

static bool fits(const char *text)
{
    return text[strcspn(text, "\t\r\n")] == '\0';
}

/* Is it the log-in of `account` (NULL: of any) at `server`? */
static bool is_of(const char *line, const char *server, const char *account,
                  struct login *ret)
{
    return parse(line, ret) && strcmp(ret->server, server) == 0 &&
           (account == NULL || strcmp(ret->account, account) == 0);
}

enum err logins_find(const char *server, const char *account, struct login *ret,
                     struct problem *p)
{
    char path[STATE_PATH_SIZE];
    struct lines l;
    struct login one;
    if (!state_path("logins", path)) {
        return problem_set(p, ERR_NOT_FOUND, "account", "", "");
    }
    enum err err = read_lines(path, &l, p);
    if (err == OK) {
        err = ERR_NOT_FOUND;
    }
    for (int i = l.n - 1; err == ERR_NOT_FOUND && i >= 0; i--) {
        if (is_of(l.line[i], server, account, &one)) {
            *ret = one;
            err = OK;
        }
    }
    lines_done(&l);
    login_forget(&one);
    return err == ERR_NOT_FOUND ? problem_set(p, err, "account", "", "") : err;
}

/* -- writing
 * ------------------------------------------------------------------- */

/* Whoever has it locked is the only one who writes. The lock goes with its
 * process, however that ends. */
static int lock(const char *path)
{
    char name[STATE_PATH_SIZE + 8];
    (void)snprintf(name, sizeof name, "%s.lock", path);
    int fd = open(name, O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0600);
    struct flock whole = {.l_type = F_WRLCK, .l_whence = SEEK_SET};
    while (fd >= 0 && fcntl(fd, F_SETLKW, &whole) != 0) {
        if (errno != EINTR) {
            (void)close(fd);
            return -1;
        }
    }
    return fd;
}

static void put(FILE *file, const struct login *login)
{
    (void)fprintf(file, "%s\t%s\t%s\t%s\n", login->server, login->account,
                  login->token, login->ends);
}

/* What stays, then the new one; NULL: none. */
static void put_all(FILE *file, const struct lines *l, const char *server,
                    const char *account, const struct login *login)
{
    struct login one;
    int room = LOGINS_MAX - (login == NULL ? 0 : 1);
    for (int i = l->n > room ? l->n - room : 0; i < l->n; i++) {
        if (!is_of(l->line[i], server, account, &one)) {
            (void)fprintf(file, "%s\n", l->line[i]);
        }
    }
    if (login != NULL) {
        put(file, login);
    }
    login_forget(&one);
}

static enum err replace(const char *path, const struct lines *l,
                        const char *server, const char *account,
                        const struct login *login, struct problem *p)
{
    char name[STATE_PATH_SIZE + 8];
    (void)snprintf(name, sizeof name, "%s.new", path);
    (void)unlink(name); /* of who broke off; only the lock's holder is here */
    int fd =
        open(name, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC | O_NOFOLLOW, 0600);
    FILE *file = fd < 0 ? NULL : fdopen(fd, "w");
    if (file == NULL) {
        enum err err = broken(p, name, strerror(errno), "");
        if (fd >= 0) {
            (void)close(fd);
            (void)unlink(name);
        }
        return err;
    }
    put_all(file, l, server, account, login);
    bool whole = fflush(file) == 0 && fsync(fd) == 0;
    whole = fclose(file) == 0 && whole;
    if (!whole || rename(name, path) != 0) {
        enum err err = broken(p, path, strerror(errno), "");
        (void)unlink(name);
        return err;
    }
    return OK;
}

static enum err change(const char *server, const char *account,
                       const struct login *login, struct problem *p)
{
    char path[STATE_PATH_SIZE];
    struct lines l;
    if (!state_path("logins", path)) {
        return problem_set(p, ERR_IO, "logins",
                           "HOME or XDG_STATE_HOME, to say where log-ins are "
                           "kept",
                           "");
    }
    state_folders(path);
    int fd = lock(path);
    if (fd < 0) {
        return broken(p, path, strerror(errno), "a folder one can write to");
    }
    enum err err = check_folder(path, p);
    if (err == OK) {
        err = read_lines(path, &l, p);
        if (err == OK) {
            err = replace(path, &l, server, account, login, p);
        }
        lines_done(&l);
    }
    (void)close(fd);
    return err;
}

enum err logins_keep(const struct login *login, struct problem *p)
{
    if (!fits(login->server) || !fits(login->account) || !fits(login->token) ||
        !fits(login->ends)) {
        return problem_set(p, ERR_BAD_PARAM, "server",
                           "a server's name without control characters", "");
    }
    return change(login->server, login->account, login, p);
}

enum err logins_drop(const char *server, const char *account, struct problem *p)
{
    return change(server, account, NULL, p);
}
