/* Instants as people say them in a sentence: 10月9日 15:04, 9 Oct 15:04. */
#ifndef BIHUAN_CLIENT_CLI_LANGUAGE_DATES_H
#define BIHUAN_CLIENT_CLI_LANGUAGE_DATES_H

#include <stdbool.h>

#include "core/instant.h"

enum {
    DATE_SIZE = 64
};

/* The year of this moment, in Shanghai. */
int date_year_now(void);

/* An instant of the wire; false if it is none. */
bool date_parse(const char *text, instant *ret);

/* Day and time. The year is left out where it is `year`; 0: never. */
char *date_moment(instant at, int year, char out[DATE_SIZE]);

/* What a due instant lets one do up to: the last whole day where it falls at
 * midnight, since such a limit is over with that day; else day and time. */
char *date_limit(instant due, int year, char out[DATE_SIZE]);

#endif
