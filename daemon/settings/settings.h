/* The settings in force: the defaults, over them the configuration file, over
 * that the command line. The rows are daemon/settings/settings.def. */
#ifndef BIHUAN_DAEMON_SETTINGS_SETTINGS_H
#define BIHUAN_DAEMON_SETTINGS_SETTINGS_H

#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

#include "core/err.h"
#include "core/limits.h"
#include "daemon/log.h"
#include "proto/address.h"

enum setting_id {
#define SETTING(section, key, ...) SET_##section##_##key,
#include "daemon/settings/settings.def"
#undef SETTING
    SETTING_COUNT
};

enum {
    SETTING_TEXT_SIZE = 256,   /* one value */
    SETTINGS_TEXT_SIZE = 8192, /* all together */
    SETTING_NAME_SIZE = 64,
    SETTING_LISTED_SIZE = 4096, /* all sockets, or peers, in one line */
    PEERS_MAX = 32
};

enum setting_from {
    FROM_DEFAULT,
    FROM_FILE,
    FROM_COMMAND_LINE
};

/* Whose account the local socket's peer is, by the user that the kernel says
 * it runs as. */
struct peer {
    uid_t uid;
    char account[CODE_SIZE];
    const char *text; /* as it was written */
};

/* Not to be copied: its texts lie inside. */
struct settings {
    struct {
        enum setting_from from;
        const char *text; /* as it was written */
        int64_t number;   /* of a NUMBER, a SIZE in bytes, a CHOICE's place */
    } value[SETTING_COUNT];
    struct address listen[LISTENERS_MAX];
    const char *listen_text[LISTENERS_MAX];
    int n_listen;
    struct peer peers[PEERS_MAX];
    int n_peers;
    size_t used;
    char texts[SETTINGS_TEXT_SIZE];
};

/* The places of the words in settings.def. */
enum {
    SOCKET_OWNER,
    SOCKET_GROUP,
    DELIVER_NO = 0,
    DELIVER_YES,
    PLAIN_NO = 0,
    PLAIN_YES
};

void settings_init(struct settings *s);
enum log_priority settings_log_level(const struct settings *s);

/* "limits.connections" */
const char *setting_name(enum setting_id id, char out[SETTING_NAME_SIZE]);
/* SETTING_COUNT: there is none. A NULL key asks for the section alone. */
enum setting_id setting_find(const char *section, const char *key);

/* Sets one from a text. A value from the command line stays whatever the file
 * says, but the file's is checked all the same.
 *   BAD_PARAM  p->expected says what it may be, in the reader's language
 *   EXISTS     it was given there already
 *   LIMIT      too many, or too long all together */
enum err settings_set(struct settings *s, enum setting_id id, const char *text,
                      enum setting_from from, struct problem *p);

/* Its value as it could stand in the file; several with blanks. */
const char *settings_show(const struct settings *s, enum setting_id id,
                          char out[SETTING_LISTED_SIZE]);
/* Prints each with its value and where that comes from. */
void settings_print(const struct settings *s);

#endif
