/* A refused regulation has one fault in the reply, and the names of some more:
 * a reply's texts are short. The daemon reads a regulation by proto's code,
 * which is here as well, so that all of them can be told at once. */
#ifndef BIHUAN_CLIENT_CLI_SHOW_FAULTS_H
#define BIHUAN_CLIENT_CLI_SHOW_FAULTS_H

#include <jansson.h>
#include <stdbool.h>
#include <stdio.h>

/* Tells every fault of `params`.body; false, and nothing is printed, if it
 * finds none: then what the daemon said stands. */
bool faults_tell(FILE *out, const json_t *params);

#endif
