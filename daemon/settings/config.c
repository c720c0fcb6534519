/* inih splits the lines into section, key and value. The reader that it asks
 * for lines is ours: it counts them, so that a fault has its number, refuses a
 * line that inih would split in two, and takes indentation away, which inih
 * would take for more of the line before. */
#include "daemon/settings/config.h"

#include <errno.h>
#include <fcntl.h>
#include <ini.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "daemon/say.h"
#include "proto/utf8.h"

enum {
    LINE_SIZE = 4096 /* a comment may be so long; a setting, as inih takes */
};

struct reading {
    const char *path;
    FILE *file;
    struct settings *settings;
    int line;
    enum err err; /* the first fault, */
    char *why;    /* and its text */
};

/* -- faults -----------------------------------------------------------------
 */

static void fault(struct reading *r, const char *key, const char *text)
{
    if (r->err == OK) {
        r->err = ERR_BAD_PARAM;
        snprintf(r->why, CONFIG_WHY_SIZE, "%s:%d: %s%s%s", r->path, r->line,
                 key, *key == '\0' ? "" : ": ", text);
    }
}

static enum err refuse_file(struct reading *r, enum err err, const char *text)
{
    snprintf(r->why, CONFIG_WHY_SIZE, "%s: %s", r->path, text);
    return err;
}

static void fault_value(struct reading *r, const struct problem *p)
{
    char text[2 * PROBLEM_TEXT_SIZE];
    snprintf(text, sizeof text,
             say("应为%s, 实为 '%s'", "expected %s, not '%s'"), p->expected,
             p->detail);
    fault(r, p->param, text);
}

/* -- lines ------------------------------------------------------------------
 */

/* In a comment what nobody sees may stand, unless it turns the text around; in
 * a setting it is never meant. */
static bool find_unfit(const char *line, size_t len, uint32_t *ret)
{
    bool comment = line[0] == '#' || line[0] == ';';
    bool found = false;
    for (size_t at = 0; !found && at < len;) {
        *ret = utf8_next(line, len, &at);
        found =
            *ret != '\t' && !utf8_fits(*ret, comment ? UTF8_FREE : UTF8_LINE);
    }
    return found;
}

/* inih passes the keys of a section on, but not a section without any, and
 * takes no notice of what stands behind it. */
static void look_at_section(struct reading *r, const char *line)
{
    char name[SETTING_NAME_SIZE];
    size_t len = strcspn(line + 1, "]");
    const char *behind = line + 1 + len + (line[1 + len] == ']');
    size_t blanks = strspn(behind, " \t");
    snprintf(name, sizeof name, "%.*s", (int)len, line + 1);
    if (line[1 + len] == ']' && setting_find(name, NULL) == SETTING_COUNT) {
        fault(r, name, say("没有这个小节", "there is no such section"));
    } else if (behind[blanks] != '\0' &&
               (behind[blanks] != ';' || blanks == 0)) {
        fault(r, name,
              say("小节之后应另起一行", "expected nothing behind a section"));
    }
}

/* What is wrong with a line before anybody looks at what it means; `len` is its
 * length as it was read. */
static void look_at_line(struct reading *r, const char *line, size_t len,
                         size_t room)
{
    char text[128];
    char name[UTF8_NAME_SIZE];
    uint32_t unfit = 0;
    if (find_unfit(line, len, &unfit)) {
        snprintf(
            text, sizeof text,
            say("应为 UTF-8 文本, 不含 %s", "expected UTF-8 text without %s"),
            utf8_name(unfit, name));
        fault(r, "", text);
    } else if (len + 2 > room) {
        snprintf(text, sizeof text,
                 say("一行最多 %zu 字节", "expected at most %zu bytes a line"),
                 room - 2);
        fault(r, "", text);
    } else if (line[0] == '[') {
        look_at_section(r, line);
    }
}

/* The next line of the file without its end; *ret_len counts a NUL in it too.
 */
static bool next_line(struct reading *r, char line[LINE_SIZE], size_t *ret_len)
{
    size_t len = 0;
    int c = getc(r->file);
    if (c == EOF) {
        return false;
    }
    r->line++;
    for (; c != EOF && c != '\n'; c = getc(r->file)) {
        if (len == LINE_SIZE - 1) {
            break; /* longer than a comment may be: look_at_line() refuses */
        }
        line[len++] = (char)c;
    }
    if (len > 0 && line[len - 1] == '\r') {
        len--;
    }
    line[len] = '\0';
    *ret_len = len;
    return true;
}

/* inih's reader, like fgets(). */
static char *read_line(char *out, int size, void *user)
{
    static const char mark[] = "\xef\xbb\xbf"; /* of some editors */
    struct reading *r = user;
    char line[LINE_SIZE];
    size_t len = 0;
    if (r->err != OK || !next_line(r, line, &len)) {
        return NULL;
    }
    size_t start = r->line == 1 && strncmp(line, mark, 3) == 0 ? 3 : 0;
    start += strspn(line + start, " \t");
    bool comment = line[start] == '#' || line[start] == ';';
    look_at_line(r, line + start, len - start,
                 comment ? LINE_SIZE : (size_t)size);
    snprintf(out, (size_t)size, "%s\n", comment ? "" : line + start);
    return r->err == OK ? out : NULL;
}

static int take_setting(void *user, const char *section, const char *key,
                        const char *value)
{
    struct reading *r = user;
    struct problem p = {.err = OK};
    char name[SETTING_TEXT_SIZE];
    enum setting_id id = setting_find(section, key);
    snprintf(name, sizeof name, "%s%s%s", section, *section == '\0' ? "" : ".",
             key);
    if (*section == '\0') {
        fault(r, name,
              say("应在 [小节] 之后", "expected a [section] before it"));
    } else if (id == SETTING_COUNT) {
        fault(r, name, say("没有这个设置", "there is no such setting"));
    } else if (settings_set(r->settings, id, value, FROM_FILE, &p) != OK) {
        fault_value(r, &p);
    }
    return r->err == OK;
}

/* -- the file ---------------------------------------------------------------
 */

/* The file that is open is looked at, not the name: it cannot be changed for
 * another in between. */
static enum err look_at_file(struct reading *r, int fd)
{
    struct stat info;
    if (fstat(fd, &info) != 0) {
        return refuse_file(r, ERR_IO, strerror(errno));
    }
    if (!S_ISREG(info.st_mode)) {
        return refuse_file(r, ERR_IO, say("应为普通文件", "expected a file"));
    }
    if (info.st_uid != 0 && info.st_uid != geteuid()) {
        return refuse_file(r, ERR_FORBIDDEN,
                           say("应属于 root 或运行本服务的用户",
                               "expected to be root's or our own account's"));
    }
    if ((info.st_mode & (S_IWGRP | S_IWOTH)) != 0) {
        return refuse_file(r, ERR_FORBIDDEN,
                           say("他人可写; 请执行 chmod go-w",
                               "others may write it; chmod go-w"));
    }
    return OK;
}

static void parse(struct reading *r)
{
    int line = ini_parse_stream(read_line, r, take_setting, r);
    if (line > 0 && (r->err == OK || line < r->line)) {
        r->err = OK;
        r->line = line;
        fault(r, "",
              say("应为 key = value 或 [section]",
                  "expected key = value or [section]"));
    } else if (line < 0 || ferror(r->file) != 0) {
        r->err = refuse_file(r, ERR_IO, strerror(line < 0 ? ENOMEM : EIO));
    }
}

enum err config_read(const char *path, struct settings *s,
                     char why[CONFIG_WHY_SIZE])
{
    struct reading r = {.path = path, .settings = s, .why = why};
    int fd = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK);
    if (fd < 0) {
        return refuse_file(&r, ERR_IO, strerror(errno));
    }
    enum err err = look_at_file(&r, fd);
    r.file = err == OK ? fdopen(fd, "r") : NULL;
    if (r.file == NULL) {
        close(fd);
        return err == OK ? refuse_file(&r, ERR_IO, strerror(errno)) : err;
    }
    parse(&r);
    fclose(r.file);
    return r.err;
}
