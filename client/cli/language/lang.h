/* The language people read: Chinese first, English second. English texts stand
 * in the source and are the keys of client/po/zh_CN.po. */
#ifndef BIHUAN_CLIENT_CLI_LANGUAGE_LANG_H
#define BIHUAN_CLIENT_CLI_LANGUAGE_LANG_H

#include <stdbool.h>

enum lang {
    LANG_ZH,
    LANG_EN
};

/* Asks LC_ALL, LC_MESSAGES, LANG in this order; the first that is set decides:
 * zh* Chinese; C, POSIX and C.UTF-8 say nothing about the reader: Chinese;
 * anything else English. None set: Chinese. */
enum lang lang_from_environment(void);

/* "zh" or "en" (or a locale's name that begins so): true, and *ret. */
bool lang_parse(const char *text, enum lang *ret);

/* Chooses the language of this process and loads its catalogue: from the
 * folder in BIHUAN_LOCALE_DIR in the environment, else where share.h finds it.
 * Without a catalogue texts stay English and it answers false. Also makes wide
 * characters measurable. */
bool lang_setup(enum lang lang);
/* Frees the catalogue; texts are English from then on. */
void lang_done(void);
enum lang lang_now(void);

/* The text in the reader's language; the text itself if there is no other.
 * Borrowed until lang_done(). Never a format: values are put beside it. */
const char *tr(const char *text);

/* Of two texts the one in the reader's language. */
const char *either(const char *zh, const char *en);

#endif
