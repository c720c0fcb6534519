/* SQLite's result codes: see sqlite_err.h. */
#include "daemon/store/sqlite_err.h"

#include <sqlite3.h>

enum err sqlite_err(int rc)
{
    switch (rc & 0xff) {
    case SQLITE_OK:
    case SQLITE_ROW:
    case SQLITE_DONE:
        return OK;
    case SQLITE_FULL:
        return ERR_DISK_FULL;
    case SQLITE_NOMEM:
        return ERR_NO_MEMORY;
    case SQLITE_BUSY:
    case SQLITE_LOCKED:
    case SQLITE_INTERRUPT:
        return ERR_BUSY;
    case SQLITE_CORRUPT:
    case SQLITE_NOTADB:
        return ERR_CORRUPT;
    case SQLITE_CONSTRAINT:
        return ERR_EXISTS;
    default:
        return ERR_STORE;
    }
}

bool sqlite_flush_failed(int extended)
{
    return extended == SQLITE_IOERR_FSYNC ||
           extended == SQLITE_IOERR_DIR_FSYNC ||
           extended == SQLITE_IOERR_TRUNCATE;
}
