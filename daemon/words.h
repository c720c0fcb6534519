/* Stable words of stored numbers that core has no names for. */
#ifndef BIHUAN_DAEMON_WORDS_H
#define BIHUAN_DAEMON_WORDS_H

#include <stdint.h>

/* Of enum step_does and enum verdict; NULL for a number that is none. */
const char *word_does(int64_t does);
const char *word_verdict(int64_t verdict);

#endif
