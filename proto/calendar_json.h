/* A year's holiday notice as JSON, in the public holiday-cn format, taken as it
 * is:
 *
 *     {"year": 2026, "papers": ["https://..."],
 *      "days": [{"name": "元旦", "date": "2026-01-01", "isOffDay": true}, ...]}
 *
 * Days lie in the year, in the December before it or in the January after it.
 * Other members are let be: the format is not ours and may grow. An
 * organisation's extra days come in the same form. */
#ifndef BIHUAN_PROTO_CALENDAR_JSON_H
#define BIHUAN_PROTO_CALENDAR_JSON_H

#include <jansson.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "core/calendar.h"
#include "core/err.h"
#include "core/limits.h"

/* About 80 KiB: keep it on the heap. */
struct notice {
    int32_t year;
    int32_t papers_n;
    int32_t days_n; /* at least 1 */
    char papers[CALENDAR_PAPERS_MAX][TEXT_SHORT_SIZE];
    struct special_day days[CALENDAR_FILE_DAYS_MAX]; /* in file order */
};

/* ERR_BAD_CALENDAR with the path (days[3].date), what was expected and the
 * value in *p; a file without days ("not announced yet") is one too. *ret is
 * undefined after a failure. Borrows `body`. */
enum err calendar_decode(json_t *body, struct notice *ret, struct problem *p);

/* The same from text of at most CALENDAR_BYTES_MAX; besides, the errors of
 * json_parse(). */
enum err calendar_parse(const char *text, size_t len, struct notice *ret,
                        struct problem *p);

/* Lays a notice over a calendar and seals it: what an earlier notice of that
 * year said is forgotten, the year is published. With `own` the days are an
 * organisation's extra days: nothing is forgotten and no year published.
 * ERR_LIMIT when the calendar has no room for more names; `cal` is then to be
 * thrown away. */
enum err calendar_apply(struct calendar *cal, const struct notice *notice,
                        bool own, struct problem *p);

#endif
