#include "daemon/say.h"

#include <stdlib.h>
#include <string.h>

const char *say(const char *zh, const char *en)
{
    static const char *const names[] = {"LC_ALL", "LC_MESSAGES", "LANG"};
    for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
        const char *locale = getenv(names[i]);
        if (locale != NULL && *locale != '\0') {
            return strncmp(locale, "en", 2) == 0 ? en : zh;
        }
    }
    return zh;
}
