/* The data folder: where its database lies, whether it is ours alone, and what
 * is said of it when it cannot be used. */
#ifndef BIHUAN_DAEMON_SETUP_DATA_FOLDER_H
#define BIHUAN_DAEMON_SETUP_DATA_FOLDER_H

#include <stdbool.h>

#include "core/err.h"

enum {
    DATA_PATH_SIZE = 4096
};
/* Where the database lies; false: its path is too long. */
bool data_folder_database(const char *data, char out[DATA_PATH_SIZE]);

/* FORBIDDEN if anybody but its owner may write the data folder: they could put
 * another database in its place. One that is not there is no concern of this.
 */
enum err data_folder_ours(const char *data, struct problem *p);

/* Says on standard error what is wrong with `what`, and what to do about it
 * where more is known than the problem says. */
void data_folder_tell(const char *what, const struct problem *p);

#endif
