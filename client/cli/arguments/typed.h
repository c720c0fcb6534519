/* What people type, made plain before it is read: a Chinese keyboard writes
 * full-width digits, signs and blanks, and a path is meant from where one
 * stands. Both return a new text, NULL without memory (or, for a path, when the
 * present folder has no name); the caller frees it. */
#ifndef BIHUAN_CLIENT_CLI_ARGUMENTS_TYPED_H
#define BIHUAN_CLIENT_CLI_ARGUMENTS_TYPED_H

/* U+FF01..FF5E and U+3000 as ASCII; everything else stays. */
char *typed_plain(const char *text);
char *typed_path(const char *path);

#endif
