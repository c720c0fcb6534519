/* Which command is meant: see params.h. */
#include <stdio.h>
#include <string.h>

#include "client/cli/arguments/params.h"

enum {
    NAME_BYTES = 64
};

/* Commands that begin with the first word: "ticket" -> file decline ... */
static void list_commands(const char *first, char *out, size_t size)
{
    size_t len = 0;
    size_t stem = strcspn(first, ".");
    out[0] = '\0';
    for (int i = 0; i < CMD_COUNT && len < size; i++) {
        const char *name = command_at(i)->name;
        if (strncmp(name, first, stem) == 0 && name[stem] == '.') {
            int n = snprintf(out + len, size - len, "%s%s", len == 0 ? "" : " ",
                             name + stem + 1);
            len += n > 0 ? (size_t)n : 0;
        }
    }
}

enum err command_from_words(const char *const *words, int n,
                            const struct command **ret, int *ret_used,
                            struct problem *p)
{
    char name[2 * NAME_BYTES];
    const struct command *found = NULL;
    if (n >= 2) {
        (void)snprintf(name, sizeof name, "%.63s.%.63s", words[0], words[1]);
        for (char *at = strchr(name, '-'); at != NULL; at = strchr(at, '-')) {
            *at = '_'; /* what-if is what_if: no command has a dash */
        }
        found = command_find(name);
        *ret_used = 2;
    }
    if (found == NULL && n >= 1) {
        found = command_find(words[0]);
        *ret_used = 1;
    }
    if (found != NULL) {
        *ret = found;
        return OK;
    }
    char expected[PROBLEM_TEXT_SIZE];
    list_commands(n >= 1 ? words[0] : "", expected, sizeof expected);
    if (strlen(expected) + 1 == sizeof expected) { /* not all of them */
        (void)snprintf(expected, sizeof expected,
                       "one of the commands that bihuan help '%.63s' lists",
                       words[0]);
    }
    if (expected[0] == '\0') {
        (void)snprintf(expected, sizeof expected,
                       "a command; bihuan help lists them");
        (void)snprintf(name, sizeof name, "%.63s", n >= 1 ? words[0] : "");
    } else if (n < 2) {
        (void)snprintf(name, sizeof name, "%.63s", words[0]);
    }
    return problem_set(p, ERR_UNKNOWN_METHOD, name, expected, "");
}
