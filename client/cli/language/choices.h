/* A parameter's choices in the reader's words, which are taken as well as the
 * wire's: params.h. */
#ifndef BIHUAN_CLIENT_CLI_LANGUAGE_CHOICES_H
#define BIHUAN_CLIENT_CLI_LANGUAGE_CHOICES_H

#include "proto/command.h"

enum {
    CHOICES_SIZE = 512
};

/* "主办|协办" of lead|co, "是|否" of true|false; "" where there are no others
 * than the wire's: in English, and of a parameter without choices. */
const char *choices_said(const struct arg *arg, char out[CHOICES_SIZE]);

#endif
