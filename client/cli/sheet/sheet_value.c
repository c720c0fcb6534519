/* What a spreadsheet keeps as a number: counts, and days since 1900 or 1904
 * (ECMA-376 part 1, 18.17.4). */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "client/cli/sheet/sheet_parts.h"
#include "core/instant.h"

/* Days from 1899-12-30 and from 1904-01-01 to 1970-01-01. Day 60 of the first
 * is 1900-02-29, which never was: days before it are one less. */
enum {
    DAYS_1900 = 25569,
    DAYS_1904 = 24107,
    SERIAL_MAX = 2958465, /* 9999-12-31 */
    NEVER_WAS = 60
};

/* Whole numbers below this are kept exactly; a spreadsheet has 15 digits. */
static const double EXACT = 1e15;

static bool read_number(const char *text, double *ret)
{
    char *end = NULL;
    *ret = strtod(text, &end);
    return end != text && *end == '\0' && isfinite(*ret);
}

void sheet_number(const char *text, char out[SHEET_NUMBER_SIZE])
{
    double number;
    if (!read_number(text, &number)) {
        (void)snprintf(out, SHEET_NUMBER_SIZE, "%s", text);
    } else if (fabs(number) >= EXACT) {
        (void)snprintf(out, SHEET_NUMBER_SIZE, "%.5E", number);
    } else if (floor(number) == number) {
        (void)snprintf(out, SHEET_NUMBER_SIZE, "%.0f", number);
    } else {
        (void)snprintf(out, SHEET_NUMBER_SIZE, "%.15g", number);
    }
}

bool sheet_date(const char *text, bool from_1904, char out[SHEET_NUMBER_SIZE])
{
    double serial;
    if (!read_number(text, &serial) || serial < 0 || serial > SERIAL_MAX) {
        return false;
    }
    long seconds = lround(serial * SECONDS_PER_DAY);
    long day = seconds / SECONDS_PER_DAY;
    int left = (int)(seconds % SECONDS_PER_DAY);
    day += !from_1904 && day < NEVER_WAS ? 1 : 0;
    day -= from_1904 ? DAYS_1904 : DAYS_1900;
    struct civil date = civil_from_day((daynum)day);
    int n = snprintf(out, SHEET_NUMBER_SIZE, "%04d-%02d-%02d", date.year,
                     date.month, date.day);
    if (left != 0) {
        (void)snprintf(out + n, SHEET_NUMBER_SIZE - (size_t)n,
                       " %02d:%02d:%02d", left / 3600, left / 60 % 60,
                       left % 60);
    }
    return true;
}

/* The letters of a date outside quotes, brackets and behind a backslash;
 * [h] and [mm] are times, [Red] and [$-804] are not. */
bool sheet_date_format(const char *code)
{
    for (const char *at = code; *at != '\0'; at++) {
        if (*at == '"') {
            at = strchr(at + 1, '"');
        } else if (*at == '[' && strchr("hHmMsS]", at[1]) == NULL) {
            at = strchr(at, ']');
        } else if (*at == '\\' || *at == '_' || *at == '*') {
            at += at[1] != '\0' ? 1 : 0;
        } else if (strchr("yYmMdDhHsS", *at) != NULL) {
            return true;
        }
        if (at == NULL) {
            return false;
        }
    }
    return false;
}
