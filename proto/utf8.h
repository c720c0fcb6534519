/* UTF-8 by the character: RFC 3629, no overlong forms, no surrogates. */
#ifndef BIHUAN_PROTO_UTF8_H
#define BIHUAN_PROTO_UTF8_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* What utf8_next() returns for bytes that are no character. */
#define UTF8_BAD UINT32_MAX

/* The character that begins at text[*at], *at < len; moves *at behind it, or
 * by one byte if it is bad. */
uint32_t utf8_next(const char *text, size_t len, size_t *at);

/* True if all of it is characters. */
bool utf8_ok(const char *text, size_t len);

/* How many of the first `max` bytes make whole characters. */
size_t utf8_cut(const char *text, size_t len, size_t max);

/* A Han character (CJK unified, extensions, compatibility, U+3007). */
bool utf8_is_han(uint32_t c);

/* C0, DEL, C1, and what is no character. */
bool utf8_is_control(uint32_t c);

/* One that shows nothing, or turns the direction of what follows, so that two
 * texts look alike or one is read as another: the format characters (general
 * category Cf), what may be ignored in display (Default_Ignorable_Code_Point),
 * line and paragraph separators, noncharacters; all of Unicode 15. Not
 * the variation selectors: they choose among forms of a Han character, as
 * names have them. */
bool utf8_is_invisible(uint32_t c);

/* Space_Separator, and the braille pattern without dots. */
bool utf8_is_blank(uint32_t c);

/* What people type. A LINE tells one thing from another (a name, a title, a
 * file's name): no control, nothing invisible. In FREE text \n and \t may
 * stand, and what is invisible but harmless there, as it comes along from other
 * programs: joiners, marks, soft hyphens. What turns writing around (embedding,
 * override, isolate), tags, annotations and noncharacters may not. Unassigned
 * characters are taken: Han characters are still being added. Private ones too:
 * registers have rare names in them. */
enum utf8_use {
    UTF8_LINE,
    UTF8_FREE
};
bool utf8_fits(uint32_t c, enum utf8_use use);
/* True if one of the text does not fit; *ret is the first. */
bool utf8_find_unfit(const char *text, size_t len, enum utf8_use use,
                     uint32_t *ret);

enum {
    UTF8_NAME_SIZE = 12
};
/* "U+202E"; "a bad byte" for UTF8_BAD. Returns out. */
const char *utf8_name(uint32_t c, char out[UTF8_NAME_SIZE]);

#endif
