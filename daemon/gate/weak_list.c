/* The text, its letters made small, every line ended by NUL; and a table of
 * where lines begin, found by their hash (FNV-1a), at most half full. */
#include "daemon/gate/weak_list.h"

#include <errno.h>
#include <fcntl.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "daemon/say.h"
#include "proto/utf8.h"

struct weak_list {
    char *text;
    uint32_t *slots; /* where in the text, and one more; 0: empty */
    size_t mask;     /* their number less one, a power of two */
    size_t count;
};

/* -- the table --------------------------------------------------------------
 */

static char lower(char c)
{
    return c >= 'A' && c <= 'Z' ? (char)(c - 'A' + 'a') : c;
}

static uint64_t hash(const char *text, size_t len)
{
    uint64_t ret = UINT64_C(0xcbf29ce484222325);
    for (size_t i = 0; i < len; i++) {
        ret = (ret ^ (unsigned char)lower(text[i])) * UINT64_C(0x100000001b3);
    }
    return ret ^ (ret >> 32);
}

static bool equal(const char *line, const char *text, size_t len)
{
    size_t i = 0;
    while (i < len && line[i] != '\0' && line[i] == lower(text[i])) {
        i++;
    }
    return i == len && line[i] == '\0';
}

/* Its place in the table, or the empty one where it would go. */
static uint32_t *find(const struct weak_list *list, const char *text,
                      size_t len)
{
    size_t at = hash(text, len) & list->mask;
    while (list->slots[at] != 0 &&
           !equal(list->text + list->slots[at] - 1, text, len)) {
        at = (at + 1) & list->mask;
    }
    return &list->slots[at];
}

bool weak_list_has(const struct weak_list *list, const char *text, size_t len)
{
    return *find(list, text, len) != 0;
}

size_t weak_list_count(const struct weak_list *list)
{
    return list->count;
}

/* -- lines ------------------------------------------------------------------
 */

static size_t count_lines(const char *text, size_t len)
{
    size_t lines = len > 0 && text[len - 1] != '\n';
    for (size_t i = 0; i < len; i++) {
        lines += text[i] == '\n';
    }
    return lines;
}

static enum err wrong_line(struct problem *p, const char *name, size_t number)
{
    char line[64];
    snprintf(line, sizeof line, say("第 %zu 行", "line %zu"), number);
    return problem_set(p, ERR_BAD_PARAM, name,
                       say("应为 UTF-8 文本, 每行一个口令",
                           "expected UTF-8 text, one password a line"),
                       line);
}

static void add_line(struct weak_list *list, size_t start, size_t len)
{
    char *line = list->text + start;
    for (size_t i = 0; i < len; i++) {
        line[i] = lower(line[i]);
    }
    uint32_t *slot = find(list, line, len);
    list->count += *slot == 0;
    *slot = (uint32_t)start + 1;
}

static enum err add_lines(struct weak_list *list, const char *name, size_t len,
                          struct problem *p)
{
    static const char mark[] = "\xef\xbb\xbf";
    size_t number = 1;
    size_t start = len >= 3 && memcmp(list->text, mark, 3) == 0 ? 3 : 0;
    for (; start < len; number++) {
        char *line = list->text + start;
        char *newline = memchr(line, '\n', len - start);
        size_t whole = newline == NULL ? len - start : (size_t)(newline - line);
        size_t own = whole > 0 && line[whole - 1] == '\r' ? whole - 1 : whole;
        if (memchr(line, '\0', own) != NULL || !utf8_ok(line, own)) {
            return wrong_line(p, name, number);
        }
        line[own] = '\0';
        if (own > 0 && own <= PASSWORD_BYTES_MAX) {
            add_line(list, start, own);
        }
        start += whole + 1;
    }
    return list->count > 0 ? OK
                           : problem_set(p, ERR_BAD_PARAM, name,
                                         say("应每行一个口令, 至少一行",
                                             "expected one password a line, "
                                             "and at least one"),
                                         "");
}

/* -- making -----------------------------------------------------------------
 */

static enum err too_long(struct problem *p, const char *name)
{
    char expected[PROBLEM_TEXT_SIZE];
    snprintf(expected, sizeof expected,
             say("至多 %d 字节、%d 行; 请只保留最常用的口令",
                 "expected at most %d bytes and %d lines; keep the most used "
                 "passwords only"),
             PASSWORD_LIST_BYTES_MAX, PASSWORD_LIST_LINES_MAX);
    return problem_set(p, ERR_LIMIT, name, expected, "");
}

void weak_list_free(struct weak_list *list)
{
    if (list != NULL) {
        free(list->text);
        free(list->slots);
        free(list);
    }
}

static struct weak_list *make_empty(const char *text, size_t len, size_t lines)
{
    struct weak_list *list = calloc(1, sizeof *list);
    if (list == NULL) {
        return NULL;
    }
    size_t slots = 2;
    while (slots < 2 * lines) {
        slots *= 2;
    }
    list->mask = slots - 1;
    list->slots = calloc(slots, sizeof *list->slots);
    list->text = malloc(len + 1);
    if (list->slots == NULL || list->text == NULL) {
        weak_list_free(list);
        return NULL;
    }
    memcpy(list->text, text, len);
    list->text[len] = '\0';
    return list;
}

enum err weak_list_make(const char *name, const char *text, size_t len,
                        struct weak_list **ret, struct problem *p)
{
    size_t lines = count_lines(text, len);
    *ret = NULL;
    if (len > PASSWORD_LIST_BYTES_MAX || lines > PASSWORD_LIST_LINES_MAX) {
        return too_long(p, name);
    }
    struct weak_list *list = make_empty(text, len, lines);
    if (list == NULL) {
        return problem_set(p, ERR_NO_MEMORY, name, "", "");
    }
    enum err err = add_lines(list, name, len, p);
    if (err != OK) {
        weak_list_free(list);
        return err;
    }
    *ret = list;
    return OK;
}

/* -- the file ---------------------------------------------------------------
 */

/* errno says why. */
static enum err unreadable(struct problem *p, const char *path)
{
    return problem_set(p, ERR_IO, path,
                       say("应为可读的文本文件, 每行一个口令",
                           "expected a text file that may be read, one "
                           "password a line"),
                       strerror(errno));
}

static enum err look_at(const char *path, const struct stat *info,
                        struct problem *p)
{
    if (!S_ISREG(info->st_mode)) {
        return problem_set(p, ERR_BAD_PARAM, path,
                           say("应为文本文件, 每行一个口令",
                               "expected a text file, one password a line"),
                           "");
    }
    if (info->st_uid != 0 && info->st_uid != geteuid()) {
        return problem_set(p, ERR_FORBIDDEN, path,
                           say("应属于 root 或运行本服务的用户",
                               "expected to be root's or our own account's"),
                           "");
    }
    if ((info->st_mode & (S_IWGRP | S_IWOTH)) != 0) {
        return problem_set(p, ERR_FORBIDDEN, path,
                           say("他人可写; 请执行 chmod go-w 于该文件",
                               "others may write it; chmod go-w"),
                           "");
    }
    return info->st_size > PASSWORD_LIST_BYTES_MAX ? too_long(p, path) : OK;
}

/* At most `size` bytes: what is longer meanwhile is read at the next reload. */
static enum err read_all(int fd, char *bytes, size_t size, size_t *ret_len)
{
    ssize_t n = 1;
    *ret_len = 0;
    while (*ret_len < size &&
           (n = read(fd, bytes + *ret_len, size - *ret_len)) > 0) {
        *ret_len += (size_t)n;
    }
    return n < 0 ? ERR_IO : OK;
}

static enum err make_of(const char *path, int fd, size_t size,
                        struct weak_list **ret, struct problem *p)
{
    size_t len = 0;
    char *bytes = malloc(size + 1);
    if (bytes == NULL) {
        return problem_set(p, ERR_NO_MEMORY, path, "", "");
    }
    enum err err = read_all(fd, bytes, size, &len);
    err = err == OK ? weak_list_make(path, bytes, len, ret, p)
                    : unreadable(p, path);
    free(bytes);
    return err;
}

enum err weak_list_read(const char *path, struct weak_list **ret,
                        struct problem *p)
{
    struct stat info;
    *ret = NULL;
    /* a pipe must not be waited for */
    int fd = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK);
    if (fd < 0 || fstat(fd, &info) != 0) {
        enum err err = unreadable(p, path);
        if (fd >= 0) {
            close(fd);
        }
        return err;
    }
    enum err err = look_at(path, &info, p);
    if (err == OK) {
        err = make_of(path, fd, (size_t)info.st_size, ret, p);
    }
    close(fd);
    return err;
}
