/* People's words for the stable names of the wire: headings of columns and
 * members, states, lights, verdicts, roles. A name that is not known here (a
 * newer server) is shown as it is, with blanks for underscores. */
#ifndef BIHUAN_CLIENT_CLI_LANGUAGE_WORDS_H
#define BIHUAN_CLIENT_CLI_LANGUAGE_WORDS_H

#include <stdbool.h>
#include <stddef.h>

enum {
    WORD_SIZE = 128
};

/* The heading of a column or the label of a member. Borrowed, or in `out`. */
const char *heading(const char *name, char out[WORD_SIZE]);

/* The same inside an object that is called `title`, where a name may mean
 * something of its own. */
const char *heading_within(const char *title, const char *name,
                           char out[WORD_SIZE]);

/* A stable word in the column `name`, as people say it. Columns that hold free
 * text, codes or names give back the value itself. */
const char *word(const char *name, const char *value, char out[WORD_SIZE]);

/* Is `said` the Chinese word for `value` in the column `name`, whatever the
 * language now is? */
bool word_is_chinese_of(const char *name, const char *value, const char *said);

/* Does `name` hold stable words? */
bool has_words(const char *name);

/* All headings and all sets, for the test that proves them translated:
 * English texts of headings by index, NULL past the last. */
const char *heading_english(size_t i);

#endif
