/* What the files of contents share: files.c, files_copy.c. */
#ifndef BIHUAN_STORE_FILES_IO_H
#define BIHUAN_STORE_FILES_IO_H

#include "daemon/store/files.h"

enum {
    FILES_PIECE = 65536
};

/* FOLDER/ab and FOLDER/ab/abcdef...; LIMIT: too long. */
enum err files_part(const char *folder, int part, char ret[FILES_PATH_SIZE]);
enum err files_name(const char *folder, const char *sha256,
                    char ret[FILES_PATH_SIZE]);

/* errno as one of ours: NOT_FOUND, EXISTS, DISK_FULL, NO_MEMORY, else IO. */
enum err files_errno(void);

/* Flushes a file or folder. */
enum err files_sync(const char *path);

#endif
