/* The values go into the translation in the same order: translators of
 * client/po keep it. */
#include "client/cli/language/phrase.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdio.h>
#include <string.h>

#include "client/cli/language/lang.h"

enum {
    VALUES_MAX = 8
};

struct pieces {
    char key[PHRASE_SIZE];
    size_t len;
    int n;
    const char *values[VALUES_MAX];
    size_t lens[VALUES_MAX];
};

/* The length of the value that begins here, 0 if none does. `start`: a word
 * begins here. */
static size_t value_len(const char *text, bool start)
{
    size_t digits = strspn(text, "0123456789");
    if (text[0] == '\'') {
        const char *end = strrchr(text + 1, '\'');
        return end == NULL ? 0 : (size_t)(end - text) + 1;
    }
    size_t word = strcspn(text, " ,;");
    if (start && memchr(text, '|', word) != NULL) {
        return word;
    }
    return digits;
}

static bool cut(const char *text, struct pieces *ret)
{
    bool start = true;
    ret->len = 0;
    ret->n = 0;
    while (*text != '\0' && ret->len + 1 < sizeof ret->key) {
        size_t len = value_len(text, start);
        if (len > 0 && ret->n == VALUES_MAX) {
            return false;
        }
        if (len > 0) {
            ret->values[ret->n] = text;
            ret->lens[ret->n++] = len;
            ret->key[ret->len++] = '#';
            text += len;
            continue;
        }
        start = *text == ' ';
        ret->key[ret->len++] = *text++;
    }
    ret->key[ret->len] = '\0';
    return *text == '\0';
}

static const char *fill(const char *said, const struct pieces *pieces,
                        char out[PHRASE_SIZE])
{
    size_t to = 0;
    int i = 0;
    for (; *said != '\0' && to + 1 < PHRASE_SIZE; said++) {
        if (*said == '#' && i < pieces->n) {
            int n = snprintf(out + to, PHRASE_SIZE - to, "%.*s",
                             (int)pieces->lens[i], pieces->values[i]);
            to += n > 0 ? (size_t)n : 0;
            i++;
        } else {
            out[to++] = *said;
        }
    }
    out[to < PHRASE_SIZE ? to : PHRASE_SIZE - 1] = '\0';
    return out;
}

/* "/a/b: No such file or directory": what the system says of a thing. */
static const char *behind_colon(const char *text, char out[PHRASE_SIZE])
{
    const char *at = NULL;
    for (const char *p = strstr(text, ": "); p != NULL;
         p = strstr(p + 1, ": ")) {
        at = p;
    }
    const char *said = at == NULL ? NULL : tr(at + 2);
    if (at == NULL || said == at + 2) {
        return text;
    }
    (void)snprintf(out, PHRASE_SIZE, "%.*s: %s", (int)(at - text), text, said);
    return out;
}

const char *phrase(const char *text, char out[PHRASE_SIZE])
{
    const char *whole = tr(text);
    struct pieces pieces;
    if (whole != text || !cut(text, &pieces)) {
        return whole;
    }
    const char *said = tr(pieces.key);
    return said == pieces.key ? behind_colon(text, out)
                              : fill(said, &pieces, out);
}
