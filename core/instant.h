/* Instants and dates. An instant is a whole second since 1970-01-01T00:00:00Z;
 * a day is a civil date as a count of days since 1970-01-01. Local time is
 * Asia/Shanghai, fixed at +08:00: the host's zone is never asked, and the
 * summer times of 1986 to 1991 lie before any data this program keeps.
 *
 * Accepted range: 1970-01-02 to 2199-12-31; what lies outside is refused when
 * it is read, so no arithmetic here can overflow. */
#ifndef BIHUAN_CORE_INSTANT_H
#define BIHUAN_CORE_INSTANT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "core/err.h"

typedef int64_t instant;
typedef int32_t daynum;

#define INSTANT_NONE ((instant)-1)
/* 1970-01-02T00:00:00+08:00 and 2199-12-31T23:59:59+08:00. */
#define INSTANT_MIN ((instant)57600)
#define INSTANT_MAX ((instant)7258089599)
#define INSTANT_TEXT_SIZE 32 /* fits every form below, with its NUL */

enum {
    SECONDS_PER_DAY = 86400,
    LOCAL_OFFSET = 8 * 3600,
};

struct civil {
    int year;
    int month; /* 1..12 */
    int day;   /* 1..31 */
};

/* Proleptic Gregorian calendar, both ways. day_from_civil() expects a valid
 * date; civil_valid() says whether it is one. */
bool civil_valid(struct civil date);
daynum day_from_civil(struct civil date);
struct civil civil_from_day(daynum day);

/* 0 = Monday .. 6 = Sunday. */
int day_weekday(daynum day);

/* The local date of an instant, the second inside that date (0..86399), and
 * the instant at which a local date begins. */
daynum instant_day(instant at);
int32_t instant_second(instant at);
instant day_start(daynum day);

/* RFC 3339 with offset, e.g. 2026-10-15T00:00:00+08:00 or ...Z; seconds and
 * a fraction (dropped) are optional, and without an offset +08:00 is meant. A
 * blank for the T is taken only if `blank` (people's form in name=value), and
 * with it a bare date, meaning its 00:00:00. Refuses everything else with
 * ERR_BAD_INSTANT; *ret is written on success only. */
enum err instant_parse(const char *text, size_t len, bool blank, instant *ret);

/* YYYY-MM-DD only. ERR_BAD_INSTANT otherwise. */
enum err day_parse(const char *text, size_t len, daynum *ret);

/* Writes RFC 3339 at +08:00 and returns `out`. */
char *instant_format(instant at, char out[INSTANT_TEXT_SIZE]);
/* Writes YYYY-MM-DD and returns `out`. */
char *day_format(daynum day, char out[INSTANT_TEXT_SIZE]);

#endif
