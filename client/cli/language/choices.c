/* See choices.h. */
#include "client/cli/language/choices.h"

#include <stdio.h>
#include <string.h>

#include "client/cli/language/lang.h"
#include "client/cli/language/words.h"

const char *choices_said(const struct arg *arg, char out[CHOICES_SIZE])
{
    char name[WORD_SIZE];
    char said[WORD_SIZE];
    size_t to = 0;
    out[0] = '\0';
    if (arg->type == ARG_TYPE_BOOL) {
        return either("是|否", "");
    }
    if (arg->type != ARG_TYPE_CHOICE || lang_now() != LANG_ZH ||
        !has_words(arg->name)) {
        return "";
    }
    for (const char *at = arg->choices; at != NULL && to < CHOICES_SIZE;) {
        size_t len = strcspn(at, "|");
        (void)snprintf(name, sizeof name, "%.*s", (int)len, at);
        int n = snprintf(out + to, CHOICES_SIZE - to, "%s%s",
                         to == 0 ? "" : "|", word(arg->name, name, said));
        to += n > 0 ? (size_t)n : 0;
        at = at[len] == '|' ? at + len + 1 : NULL;
    }
    return out;
}
