/* The bytes of one upload: a file in the folder of uploads, under its id. */
#ifndef BIHUAN_DAEMON_FILES_UPLOAD_FILE_H
#define BIHUAN_DAEMON_FILES_UPLOAD_FILE_H

#include "daemon/files/uploads.h"

/* DISK_FULL, also when less than FILES_FLOOR_BYTES would be left; IO. */
enum err upload_file_write(const char *folder, const char *id, int64_t offset,
                           const void *bytes, size_t len);

/* All bytes are there: compares them with what was declared, tells their type,
 * makes them durable and places them among the contents. On OK `whole` and
 * `type` are set. BAD_PARAM; NO_MEMORY; DISK_FULL; IO. */
enum err upload_file_finish(const char *folder, const char *files,
                            struct upload *upload, struct problem *p);

void upload_file_remove(const char *folder, const char *id);

/* Removes what an earlier process left. */
enum err upload_files_clear(const char *folder);

#endif
