#include "daemon/net/pair.h"

#include <errno.h>
#include <fcntl.h>
#include <gnutls/x509.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "daemon/say.h"
#include "proto/wipe.h"

enum {
    FILE_BYTES_MAX = 262144 /* a long chain has ten */
};

struct pair {
    gnutls_certificate_credentials_t credentials;
    instant ends;
    int references;
};

/* -- files ------------------------------------------------------------------
 */

/* Whoever reads the key can be us, so nobody else may; that a group of its own
 * may is how a key is given to a service. */
static enum err look_at_key(const char *path, const struct stat *info,
                            struct problem *p)
{
    if (info->st_uid != 0 && info->st_uid != geteuid()) {
        return problem_set(p, ERR_FORBIDDEN, path,
                           say("应属于 root 或运行本服务的用户",
                               "expected to be root's or our own account's"),
                           "");
    }
    if ((info->st_mode & (S_IRWXO | S_IWGRP)) != 0) {
        return problem_set(p, ERR_FORBIDDEN, path,
                           say("他人可读或可写; 请执行 chmod g-w,o= 于该文件",
                               "others may read or write it; chmod g-w,o="),
                           "");
    }
    return OK;
}

static enum err read_all(const char *path, int fd, size_t size,
                         gnutls_datum_t *ret, struct problem *p)
{
    unsigned char *bytes = malloc(size + 1);
    size_t len = 0;
    ssize_t n = 1;
    if (bytes == NULL) {
        return problem_set(p, ERR_NO_MEMORY, path, "", "");
    }
    while (len < size && (n = read(fd, bytes + len, size - len)) > 0) {
        len += (size_t)n;
    }
    if (n < 0) {
        enum err err = problem_set(p, ERR_IO, path, "", strerror(errno));
        wipe_free(bytes, len);
        return err;
    }
    bytes[len] = '\0';
    *ret = (gnutls_datum_t){.data = bytes, .size = (unsigned)len};
    return OK;
}

static enum err read_file(const char *path, bool is_key, gnutls_datum_t *ret,
                          struct problem *p)
{
    struct stat info;
    int fd = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK);
    if (fd < 0 || fstat(fd, &info) != 0) {
        enum err err = problem_set(p, ERR_IO, path, "", strerror(errno));
        if (fd >= 0) {
            close(fd);
        }
        return err;
    }
    enum err err = OK;
    if (!S_ISREG(info.st_mode) || info.st_size > FILE_BYTES_MAX) {
        err = problem_set(p, ERR_BAD_PARAM, path,
                          say("应为 PEM 文件", "expected a PEM file"), "");
    } else if (is_key) {
        err = look_at_key(path, &info, p);
    }
    if (err == OK) {
        err = read_all(path, fd, (size_t)info.st_size, ret, p);
    }
    close(fd);
    return err;
}

static void forget(gnutls_datum_t *file)
{
    wipe_free(file->data, file->size);
}

/* -- the pair ---------------------------------------------------------------
 */

static enum err set_pair(struct pair *pair, const char *path,
                         const gnutls_datum_t *certificate,
                         const gnutls_datum_t *key, struct problem *p)
{
    int rc = gnutls_certificate_set_x509_key_mem2(
        pair->credentials, certificate, key, GNUTLS_X509_FMT_PEM, NULL, 0);
    if (rc < 0) {
        return problem_set(
            p, ERR_BAD_PARAM, path,
            say("应为 PEM 证书链及与之相配的私钥",
                "expected a PEM certificate chain and the key that fits it"),
            gnutls_strerror(rc));
    }
    return OK;
}

/* The first certificate of the chain is the server's own. */
static instant end_of(const gnutls_datum_t *certificate)
{
    gnutls_x509_crt_t own;
    time_t ends = 0;
    if (gnutls_x509_crt_init(&own) != 0) {
        return 0;
    }
    if (gnutls_x509_crt_import(own, certificate, GNUTLS_X509_FMT_PEM) == 0) {
        ends = gnutls_x509_crt_get_expiration_time(own);
    }
    gnutls_x509_crt_deinit(own);
    return (instant)ends;
}

static enum err make_pair(const char *path, const gnutls_datum_t *certificate,
                          const gnutls_datum_t *key, struct pair **ret,
                          struct problem *p)
{
    struct pair *pair = calloc(1, sizeof *pair);
    if (pair == NULL) {
        return problem_set(p, ERR_NO_MEMORY, path, "", "");
    }
    pair->references = 1;
    enum err err = OK;
    if (gnutls_certificate_allocate_credentials(&pair->credentials) != 0) {
        pair->credentials = NULL;
        err = problem_set(p, ERR_NO_MEMORY, path, "", "");
    }
    if (err == OK) {
        err = set_pair(pair, path, certificate, key, p);
    }
    if (err != OK) {
        pair_drop(pair);
        return err;
    }
    pair->ends = end_of(certificate);
    *ret = pair;
    return OK;
}

enum err pair_load(const char *certificate, const char *key, struct pair **ret,
                   struct problem *p)
{
    gnutls_datum_t chain = {.data = NULL};
    gnutls_datum_t secret = {.data = NULL};
    enum err err = read_file(certificate, false, &chain, p);
    if (err == OK) {
        err = read_file(key, true, &secret, p);
    }
    if (err == OK) {
        err = make_pair(certificate, &chain, &secret, ret, p);
    }
    forget(&chain);
    forget(&secret);
    return err;
}

struct pair *pair_take(struct pair *pair)
{
    pair->references++;
    return pair;
}

void pair_drop(struct pair *pair)
{
    if (pair == NULL || --pair->references > 0) {
        return;
    }
    if (pair->credentials != NULL) {
        gnutls_certificate_free_credentials(pair->credentials);
    }
    free(pair);
}

bool pair_use(struct pair *pair, gnutls_session_t session)
{
    return gnutls_credentials_set(session, GNUTLS_CRD_CERTIFICATE,
                                  pair->credentials) == 0;
}

instant pair_ends(const struct pair *pair)
{
    return pair->ends;
}
