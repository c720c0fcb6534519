/* How wide a text stands on a terminal: Han and full-width characters take two
 * columns. And what may not reach a terminal at all. */
#ifndef BIHUAN_CLIENT_CLI_SHOW_WIDTH_H
#define BIHUAN_CLIENT_CLI_SHOW_WIDTH_H

#include <stdbool.h>
#include <stddef.h>

/* Columns of a NUL-ended text. */
int text_width(const char *text);

/* The bytes of the longest beginning of `text` that is at most `columns` wide;
 * *ret_width is how wide it is. */
size_t text_fit(const char *text, int columns, int *ret_width);

/* The bytes of `text` that go on a line so wide: whole words where there are
 * blanks, whole "label: text" where two blanks part them, and all of it where
 * nothing would fit. */
size_t text_line(const char *text, int columns);

/* A heap copy without what could move the cursor, colour, or turn the writing
 * around: each control becomes a blank, with `keep_lines` a line end stays;
 * what is invisible or turns the direction is shown as <U+202E>. Free with
 * free(). */
char *text_clean(const char *text, bool keep_lines);

#endif
