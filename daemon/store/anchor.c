/* An anchor's line, and the files beside the data: see anchor.h. */
#include "daemon/store/anchor.h"

#include <assert.h>
#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "daemon/store/internal.h"
#include "proto/hex.h"

static_assert((int)ANCHOR_HASH_SIZE == (int)HASH_SIZE, "one hash");

static const char *const marks[ANCHOR_CHAINS] = {"bihuan-anchor 1 ",
                                                 "bihuan-audit 1 "};

static enum err journal_head(struct store *s, struct anchor *ret)
{
    struct knowledge k;
    enum err err = store_read_head(s, &k);
    if (err == OK) {
        *ret = (struct anchor){
            .chain = ANCHOR_JOURNAL, .seq = k.head, .at = k.recorded};
        memcpy(ret->hash, k.hash, sizeof ret->hash);
    }
    return err;
}

static enum err last_audit(struct store *s, struct anchor *ret)
{
    struct rows rows;
    enum err err = rows_begin(s, STMT_AUDIT_HEAD, NULL, 0, &rows);
    if (err != OK) {
        return err;
    }
    *ret = (struct anchor){.chain = ANCHOR_AUDIT};
    if (rows_next(&rows)) {
        ret->seq = rows_int(&rows, 0);
        ret->at = rows_int(&rows, 1);
        const void *hash = sqlite3_column_blob(rows.handle, 2);
        if (hash != NULL && sqlite3_column_bytes(rows.handle, 2) == HASH_SIZE) {
            memcpy(ret->hash, hash, HASH_SIZE);
        }
    }
    return rows_end(&rows);
}

enum err anchor_head(struct store *s, enum anchor_chain chain,
                     struct anchor *ret)
{
    enum err err =
        chain == ANCHOR_AUDIT ? last_audit(s, ret) : journal_head(s, ret);
    return err == OK && ret->seq == 0 ? ERR_NOT_FOUND : err;
}

/* -- the line ----------------------------------------------------------------
 */

void anchor_format(const struct anchor *a, char out[ANCHOR_LINE_SIZE])
{
    char at[INSTANT_TEXT_SIZE];
    char hash[HEX_SIZE(HASH_SIZE)];
    hex_encode(a->hash, HASH_SIZE, hash);
    snprintf(out, ANCHOR_LINE_SIZE, "%s%" PRId64 " %s %s", marks[a->chain],
             a->seq, hash, instant_format(a->at, at));
}

static bool is_blank(char c)
{
    return c == ' ' || c == '\t' || c == '\r' || c == '\n';
}

/* Up to 18 digits and the blank behind them. */
static bool take_number(const char **at, const char *end, int64_t *ret)
{
    const char *from = *at;
    int64_t number = 0;
    while (*at < end && **at >= '0' && **at <= '9' && *at - from < 18) {
        number = number * 10 + (*(*at)++ - '0');
    }
    *ret = number;
    return number > 0 && *from != '0' && *at < end && *(*at)++ == ' ';
}

static bool take_hash(const char **at, const char *end, uint8_t *ret)
{
    const size_t digits = 2 * (size_t)HASH_SIZE;
    if (end - *at < HEX_SIZE(HASH_SIZE) || !hex_decode(*at, digits, ret)) {
        return false;
    }
    *at += digits;
    return *(*at)++ == ' ';
}

static bool take_mark(const char **at, const char *end, enum anchor_chain *ret)
{
    for (int i = 0; i < ANCHOR_CHAINS; i++) {
        size_t len = strlen(marks[i]);
        if ((size_t)(end - *at) >= len && memcmp(*at, marks[i], len) == 0) {
            *at += len;
            *ret = (enum anchor_chain)i;
            return true;
        }
    }
    return false;
}

enum err anchor_parse(const char *line, size_t len, struct anchor *ret)
{
    const char *end = line + len;
    while (line < end && is_blank(end[-1])) {
        end--;
    }
    while (line < end && is_blank(*line)) {
        line++;
    }
    struct anchor a;
    if (!take_mark(&line, end, &a.chain) || !take_number(&line, end, &a.seq) ||
        !take_hash(&line, end, a.hash) ||
        instant_parse(line, (size_t)(end - line), false, &a.at) != OK) {
        return ERR_BAD_PARAM;
    }
    *ret = a;
    return OK;
}

/* -- the files ---------------------------------------------------------------
 */

static enum err io_error(void)
{
    return errno == ENOSPC || errno == EDQUOT ? ERR_DISK_FULL : ERR_IO;
}

static enum err write_file(int file, const struct anchor *a)
{
    char line[ANCHOR_LINE_SIZE + 1];
    anchor_format(a, line);
    size_t len = strlen(line);
    line[len++] = '\n';
    ssize_t n = write(file, line, len);
    if (n >= 0 && n < (ssize_t)len) {
        return ERR_DISK_FULL; /* so short a line is cut by nothing else */
    }
    return n < 0 || fsync(file) != 0 ? io_error() : OK;
}

static enum err write_draft(const char *name, const struct anchor *a)
{
    unlink(name);
    int file = open(name, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
    if (file < 0) {
        return io_error();
    }
    enum err err = write_file(file, a);
    close(file);
    return err;
}

/* Under another name first, and linked to its own when it is durable: nobody
 * ever finds half of one, and a name that is there is not taken. Every file of
 * the daemon is opened by its whole name: ThreadSanitizer does not see openat,
 * and would take the file for the socket that had its number before. */
static enum err make_file(const char *folder, const char *name,
                          const struct anchor *a)
{
    char draft[PATH_SIZE];
    char path[PATH_SIZE];
    if (path_name(folder, "/draft", draft) != OK ||
        path_name(folder, name, path) != OK) {
        return ERR_LIMIT;
    }
    if (access(path, F_OK) == 0) {
        return ERR_EXISTS;
    }
    enum err err = write_draft(draft, a);
    if (err == OK && link(draft, path) != 0) {
        err = errno == EEXIST ? ERR_EXISTS : io_error();
    }
    unlink(draft);
    return err == OK ? path_sync_folder(path) : err;
}

static enum err make_folder(const char *data, char path[PATH_SIZE])
{
    enum err err = path_name(data, "/anchors", path);
    if (err == OK && mkdir(path, 0700) == 0) {
        return path_sync_folder(path);
    }
    return err == OK && errno != EEXIST ? io_error() : err;
}

enum err anchor_keep(const char *data, const struct anchor *a, daynum day,
                     bool more)
{
    char date[INSTANT_TEXT_SIZE];
    char name[ANCHOR_SOURCE_SIZE + INSTANT_TEXT_SIZE];
    char folder[PATH_SIZE];
    const char *end = a->chain == ANCHOR_AUDIT ? ".audit.anchor" : ".anchor";
    enum err err = make_folder(data, folder);
    if (err == OK) {
        snprintf(name, sizeof name, "/%s%s", day_format(day, date), end);
        err = make_file(folder, name, a);
    }
    if (err == ERR_EXISTS && more) {
        snprintf(name, sizeof name, "/%s-%" PRId64 "%s", date, a->seq, end);
        err = make_file(folder, name, a);
    }
    return err;
}
