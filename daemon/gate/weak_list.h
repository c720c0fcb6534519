/* A site's list of weak passwords (弱口令库): a text of one password a line.
 * What is read never changes; any thread may look. Letters of ASCII are the
 * same large or small. Every character of a line counts, so a "#" begins no
 * comment; "\r" at its end is taken away, and so is the mark that some editors
 * put in front of a text. Empty lines say nothing, nor do those that are longer
 * than a password may be. */
#ifndef BIHUAN_GATE_WEAK_LIST_H
#define BIHUAN_GATE_WEAK_LIST_H

#include <stdbool.h>
#include <stddef.h>

#include "core/err.h"
#include "core/limits.h"

struct weak_list;

/* Makes one of a text, which is copied; `name` is what the text is called. What
 * is wrong is told in the reader's language.
 *   BAD_PARAM  a line that is no UTF-8 or has a NUL in it, or no password
 *   LIMIT      more than PASSWORD_LIST_LINES_MAX lines
 *   NO_MEMORY */
enum err weak_list_make(const char *name, const char *text, size_t len,
                        struct weak_list **ret, struct problem *p);
/* Of a file. Also:
 *   IO         it cannot be read
 *   FORBIDDEN  others than its owner may write it, or it is neither root's nor
 *              ours: who writes it decides what is refused
 *   BAD_PARAM  it is no file
 *   LIMIT      more than PASSWORD_LIST_BYTES_MAX bytes */
enum err weak_list_read(const char *path, struct weak_list **ret,
                        struct problem *p);
void weak_list_free(struct weak_list *list); /* NULL is fine */

/* Different passwords in it. */
size_t weak_list_count(const struct weak_list *list);
/* Do these bytes stand there, as a whole line? */
bool weak_list_has(const struct weak_list *list, const char *text, size_t len);

#endif
