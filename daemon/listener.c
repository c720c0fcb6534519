#include "daemon/listener.h"

#include <errno.h>
#include <stdbool.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

enum {
    BACKLOG = 512
};

/* ERR_BAD_PARAM if the path is too long for a socket. */
static enum err address_of(const char *path, struct sockaddr_un *ret)
{
    *ret = (struct sockaddr_un){.sun_family = AF_UNIX};
    size_t len = strlen(path);
    if (len >= sizeof ret->sun_path) {
        return ERR_BAD_PARAM;
    }
    memcpy(ret->sun_path, path, len);
    return OK;
}

/* Whether somebody answers there. */
static bool is_live(const struct sockaddr_un *address)
{
    int fd = socket(AF_UNIX, SOCK_STREAM, 0);
    if (fd < 0) {
        return true; /* not known: better not to take it away */
    }
    int rc = connect(fd, (const struct sockaddr *)address,
                     (socklen_t)sizeof *address);
    bool live = rc == 0 || errno != ECONNREFUSED;
    close(fd);
    return live;
}

static enum err clear_path(const char *path, struct problem *p)
{
    struct stat info;
    struct sockaddr_un address;
    if (address_of(path, &address) != OK) {
        return problem_set(p, ERR_BAD_PARAM, path,
                           "a path of at most 107 bytes", "");
    }
    if (lstat(path, &info) != 0) {
        return OK;
    }
    if (!S_ISSOCK(info.st_mode)) {
        return problem_set(p, ERR_EXISTS, path, "", "it is not a socket");
    }
    if (is_live(&address)) {
        return problem_set(p, ERR_EXISTS, path, "",
                           "another process serves there");
    }
    return unlink(path) == 0
               ? OK
               : problem_set(p, ERR_IO, path, "", strerror(errno));
}

enum err listener_open(uv_loop_t *loop, uv_pipe_t *pipe, const char *path,
                       mode_t mode, uv_connection_cb on_connection,
                       struct problem *p)
{
    uv_pipe_init(loop, pipe, 0);
    enum err err = clear_path(path, p);
    if (err != OK) {
        return err;
    }
    int rc = uv_pipe_bind(pipe, path);
    if (rc == 0 && chmod(path, mode) != 0) {
        rc = uv_translate_sys_error(errno);
    }
    if (rc == 0) {
        rc = uv_listen((uv_stream_t *)pipe, BACKLOG, on_connection);
    }
    return rc == 0 ? OK : problem_set(p, ERR_IO, path, "", uv_strerror(rc));
}
