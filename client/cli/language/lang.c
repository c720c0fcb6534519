/* See catalogue.h for why gettext() is not called. LC_CTYPE is set to C.UTF-8
 * whatever the environment says: everything this program prints is UTF-8, and
 * the same table must come out aligned the same everywhere. */
#include "client/cli/language/lang.h"

#include <locale.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "client/cli/files/file.h"
#include "client/cli/files/share.h"
#include "client/cli/language/catalogue.h"

enum {
    CATALOGUE_BYTES_MAX = 1048576,
    PATH_SIZE = 4096
};

static enum lang now = LANG_EN;
static struct catalogue catalogue;

static bool begins(const char *text, const char *with)
{
    return strncmp(text, with, strlen(with)) == 0;
}

enum lang lang_from_environment(void)
{
    static const char *const names[] = {"LC_ALL", "LC_MESSAGES", "LANG"};
    for (size_t i = 0; i < sizeof names / sizeof names[0]; i++) {
        const char *value = getenv(names[i]);
        if (value == NULL || value[0] == '\0') {
            continue;
        }
        bool silent = strcmp(value, "C") == 0 || begins(value, "C.") ||
                      strcmp(value, "POSIX") == 0;
        return silent || begins(value, "zh") ? LANG_ZH : LANG_EN;
    }
    return LANG_ZH;
}

bool lang_parse(const char *text, enum lang *ret)
{
    bool zh = begins(text, "zh");
    if (!zh && !begins(text, "en")) {
        return false;
    }
    if (text[2] != '\0' && text[2] != '_' && text[2] != '-') {
        return false;
    }
    *ret = zh ? LANG_ZH : LANG_EN;
    return true;
}

static enum err read_catalogue(char **ret, size_t *ret_len)
{
    static const char name[] = "zh_CN/LC_MESSAGES/bihuan.mo";
    char path[PATH_SIZE];
    const char *folder = getenv("BIHUAN_LOCALE_DIR");
    if (folder == NULL || folder[0] == '\0') {
        (void)snprintf(path, sizeof path, "locale/%s", name);
        return share_read(path, ret, ret_len, NULL);
    }
    int n = snprintf(path, sizeof path, "%s/%s", folder, name);
    return n < 0 || (size_t)n >= sizeof path
               ? ERR_IO
               : file_read(path, CATALOGUE_BYTES_MAX, ret, ret_len, NULL);
}

bool lang_setup(enum lang lang)
{
    (void)setlocale(LC_CTYPE, "C.UTF-8");
    lang_done();
    now = lang;
    if (lang == LANG_EN) {
        return true;
    }
    char *bytes = NULL;
    size_t len = 0;
    if (read_catalogue(&bytes, &len) != OK) {
        return false;
    }
    if (!catalogue_take(&catalogue, bytes, len)) {
        free(bytes);
        return false;
    }
    return true;
}

void lang_done(void)
{
    catalogue_done(&catalogue);
    now = LANG_EN;
}

enum lang lang_now(void)
{
    return now;
}

const char *tr(const char *text)
{
    if (text[0] == '\0') {
        return text;
    }
    const char *found = catalogue_find(&catalogue, text);
    return found == NULL || found[0] == '\0' ? text : found;
}

const char *either(const char *zh, const char *en)
{
    return now == LANG_ZH ? zh : en;
}
