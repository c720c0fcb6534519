/* Time limits (时限) as people and regulations state them: `5wd` five statutory
 * working days, `2wh` two working hours, `30wmin` thirty working minutes, `3d`
 * three calendar days, `24h` and `90min` natural time, `none` no limit at all;
 * or an explicit instant. What a limit means is in calendar.h. */
#ifndef BIHUAN_CORE_LIMIT_H
#define BIHUAN_CORE_LIMIT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "core/err.h"
#include "core/instant.h"

enum limit_unit {
    LIMIT_WD,   /* working days */
    LIMIT_WH,   /* working hours */
    LIMIT_WMIN, /* working minutes */
    LIMIT_D,    /* calendar days */
    LIMIT_H,    /* natural hours */
    LIMIT_MIN,  /* natural minutes */
    LIMIT_NONE,
    LIMIT_UNTIL, /* due at an instant that somebody named */
};

/* A value. n counts the first six units, 1 up to LIMIT_WD_MAX (wd), LIMIT_D_MAX
 * (d), LIMIT_H_MAX (h, wh) or 60 times that (min, wmin), and is 0 otherwise;
 * until is an instant for LIMIT_UNTIL and is not read otherwise. */
struct limit {
    int32_t n;
    enum limit_unit unit;
    instant until;
};

#define LIMIT_TEXT_SIZE INSTANT_TEXT_SIZE /* fits every limit, with its NUL */

/* True if the members agree as described above. */
bool limit_ok(struct limit limit);

/* True for the two units that are due at the end of a day. */
bool limit_by_day(struct limit limit);

/* Reads the six short forms above, or the Chinese ones: 5个工作日, 2个工作小时,
 * 30个工作分钟, 3天 = 3日 = 3个自然日, 24小时, 90分钟 (个 may be left out),
 * 不限. Digits are ASCII, without sign or blank. A limit of zero is refused: it
 * would be late as soon as given; who wants no limit says `none`. ERR_BAD_LIMIT
 * otherwise; *ret is written on success only. */
enum err limit_parse(const char *text, size_t len, struct limit *ret);

/* As limit_parse(), and an RFC 3339 instant too, for LIMIT_UNTIL: reads back
 * everything limit_format() writes. */
enum err limit_parse_any(const char *text, size_t len, struct limit *ret);

/* Writes the short form (LIMIT_UNTIL: the instant) and returns `out`. */
char *limit_format(struct limit limit, char out[LIMIT_TEXT_SIZE]);

#endif
