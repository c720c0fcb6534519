/* Contents of attachments: files beside the database, each under the name of
 * its SHA-256, so that one content is kept once and none is ever changed:
 *
 *   FOLDER/ab/abcdef...   (64 hexadecimal digits)
 *
 * A file stands there whole and durable before a record names it. Every
 * function but those that say so may run in any thread. */
#ifndef BIHUAN_STORE_FILES_H
#define BIHUAN_STORE_FILES_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "core/err.h"

enum {
    SHA256_SIZE = 65, /* as text, with its NUL */
    FILES_PATH_SIZE = 1200,
    FILES_PARTS = 256 /* subfolders, by the first two digits */
};

/* SHA-256 of bytes, as text. */
void files_sha256(const void *bytes, size_t len, char ret[SHA256_SIZE]);
/* Is it one, in small letters? */
bool files_sha256_ok(const char *text);

/* The folder that belongs to a database: "files" beside it. LIMIT: the path is
 * too long. */
enum err files_beside(const char *database, char ret[FILES_PATH_SIZE]);

/* Makes a folder for its owner only, durable; there already: OK. IO. */
enum err files_make_folder(const char *folder);

/* Bytes that are free where the folder lies; INT64_MAX if that is not known. */
int64_t files_free(const char *folder);

/* Makes `from` durable under the name of its content, which the caller has
 * reckoned; one that is there already is replaced by the same bytes. DISK_FULL;
 * IO: what is durable is not known, `from` may be gone. */
enum err files_place(const char *folder, const char *from, const char *sha256);

/* Reads up to `max` bytes from `offset`; none behind the end. NOT_FOUND, IO. */
enum err files_read(const char *folder, const char *sha256, int64_t offset,
                    void *bytes, size_t max, size_t *ret_len);

/* Is it there? */
bool files_there(const char *folder, const char *sha256);

/* Is it there, of that size and with that content? NOT_FOUND, CORRUPT, IO. */
enum err files_check(const char *folder, const char *sha256, int64_t size);

/* NOT_FOUND, IO. */
enum err files_remove(const char *folder, const char *sha256);

/* Visits every file of the part 0..FILES_PARTS-1, until one answers an error.
 * What is not named as a content is left alone. */
enum err files_list(const char *folder, int part,
                    enum err (*visit)(void *user, const char *sha256),
                    void *user);

/* The same content in another such folder: a second name for the same bytes
 * where the file system has that (*ret_linked), else a copy. NOT_FOUND, EXISTS,
 * DISK_FULL, IO. */
enum err files_copy(const char *folder, const char *to, const char *sha256,
                    bool *ret_linked);

/* Flushes the folder and its parts. */
enum err files_flush(const char *folder);

/* Removes the folder with what it holds as contents. */
void files_remove_all(const char *folder);

#endif
