/* One row of daemon/settings/settings.def and one value of it. For settings.c
 * only. */
#ifndef BIHUAN_DAEMON_SETTINGS_SETTING_VALUE_H
#define BIHUAN_DAEMON_SETTINGS_SETTING_VALUE_H

#include <stdbool.h>

#include "daemon/settings/settings.h"

enum setting_type {
    TYPE_PATH,
    TYPE_LISTEN, /* proto/address.h; may be repeated */
    TYPE_PEER,   /* USER=ACCOUNT; may be repeated */
    TYPE_CHOICE,
    TYPE_NUMBER,
    TYPE_SIZE,
    TYPE_PROXY
};

struct setting {
    const char *section;
    const char *key;
    enum setting_type type;
    int64_t low;
    int64_t high;
    const char *choices;
    const char *standard;
    const char *zh;
    const char *en;
};

/* True if it is one; *ret is then its number. */
bool setting_read(const struct setting *row, const char *text, int64_t *ret);
/* What it may be, in the reader's language. */
void setting_expect(const struct setting *row, char *out, size_t size);

/* Fills uid and account. False: not of that form, or no user of this machine.
 */
bool peer_parse(const char *text, struct peer *ret);

#endif
