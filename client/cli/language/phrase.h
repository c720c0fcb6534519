/* Sentences of the server in the reader's language. They are English with
 * values inside ("a text of 1 to 600 bytes"), so the catalogue holds them with
 * each value as # ("a text of # to # bytes"). A value is a run of digits, what
 * stands in single quotes, or a list a|b|c. A sentence that the catalogue does
 * not know stays as it is. */
#ifndef BIHUAN_CLIENT_CLI_LANGUAGE_PHRASE_H
#define BIHUAN_CLIENT_CLI_LANGUAGE_PHRASE_H

enum {
    PHRASE_SIZE = 1024
};

/* Returns `text` or its translation, in `out` or borrowed. */
const char *phrase(const char *text, char out[PHRASE_SIZE]);

#endif
