/* Functions that this project refuses at compile time: each writes or reads
 * without knowing how much room there is. Force-included everywhere. */
#ifndef BIHUAN_BANNED_H
#define BIHUAN_BANNED_H

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#undef strcpy
#undef strcat
#undef sprintf
#undef vsprintf
#undef strncpy
#undef strtok
#undef atoi
#undef atol
#define strcpy(d, s) banned_strcpy_use_snprintf(d, s)
#define strcat(d, s) banned_strcat_use_snprintf(d, s)
#define sprintf(...) banned_sprintf_use_snprintf(__VA_ARGS__)
#define vsprintf(...) banned_vsprintf_use_vsnprintf(__VA_ARGS__)
#define strncpy(d, s, n) banned_strncpy_use_memcpy(d, s, n)
#define strtok(s, d) banned_strtok_use_strcspn(s, d)
#define atoi(s) banned_atoi_use_strtol(s)
#define atol(s) banned_atol_use_strtol(s)

#endif
