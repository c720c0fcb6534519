/* Instants and dates: the Gregorian calendar, and RFC 3339 in and out. The
 * conversions count in eras of 400 years, each 146097 days, with the year taken
 * to begin in March so that the leap day comes last. */
#include "core/instant.h"

#include <assert.h>
#include <string.h>

enum {
    YEAR_FIRST = 1970,
    YEAR_LAST = 2199,
    ERA_DAYS = 146097,
    ERA_TO_EPOCH = 719468, /* days from 0000-03-01 to 1970-01-01 */
    MINUTE = 60,
    HOUR = 3600,
};

/* -- dates -------------------------------------------------------------- */

static bool leap_year(int year)
{
    return (year % 4 == 0 && year % 100 != 0) || year % 400 == 0;
}

bool civil_valid(struct civil date)
{
    static const int days[] = {31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};

    if (date.year < YEAR_FIRST || date.year > YEAR_LAST || date.month < 1 ||
        date.month > 12 || date.day < 1) {
        return false;
    }
    int last = days[date.month - 1];
    if (date.month == 2 && leap_year(date.year)) {
        last = 29;
    }
    return date.day <= last;
}

daynum day_from_civil(struct civil date)
{
    assert(civil_valid(date));

    int year = date.month <= 2 ? date.year - 1 : date.year;
    int month = (date.month + 9) % 12; /* March is 0 */
    int era = year / 400;
    int year_of_era = year % 400;
    int day_of_year = (153 * month + 2) / 5 + date.day - 1;
    int day_of_era =
        year_of_era * 365 + year_of_era / 4 - year_of_era / 100 + day_of_year;
    return era * ERA_DAYS + day_of_era - ERA_TO_EPOCH;
}

struct civil civil_from_day(daynum day)
{
    assert(day >= -ERA_TO_EPOCH && day <= INT32_MAX - ERA_TO_EPOCH);

    int days = day + ERA_TO_EPOCH;
    int era = days / ERA_DAYS;
    int day_of_era = days % ERA_DAYS;
    /* 1460: a leap day each 4 years; 36524: none each 100; 146096: but one at
     * the end of the era. */
    int year_of_era = (day_of_era - day_of_era / 1460 + day_of_era / 36524 -
                       day_of_era / 146096) /
                      365;
    int day_of_year =
        day_of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
    int month = (5 * day_of_year + 2) / 153;
    struct civil date = {
        .year = year_of_era + era * 400 + (month >= 10 ? 1 : 0),
        .month = month < 10 ? month + 3 : month - 9,
        .day = day_of_year - (153 * month + 2) / 5 + 1,
    };
    return date;
}

int day_weekday(daynum day)
{
    /* 1970-01-01 was a Thursday: 3 when Monday is 0. */
    int weekday = (day % 7 + 3) % 7;
    return weekday < 0 ? weekday + 7 : weekday;
}

/* -- local time --------------------------------------------------------- */

daynum instant_day(instant at)
{
    instant local = at + LOCAL_OFFSET;
    instant day = local / SECONDS_PER_DAY;
    if (local % SECONDS_PER_DAY < 0) {
        day--;
    }
    return (daynum)day;
}

int32_t instant_second(instant at)
{
    return (int32_t)(at - day_start(instant_day(at)));
}

instant day_start(daynum day)
{
    return (instant)day * SECONDS_PER_DAY - LOCAL_OFFSET;
}

/* -- reading ------------------------------------------------------------ */

/* What is still to be read. */
struct cursor {
    const char *at;
    const char *end;
};

static bool take_char(struct cursor *c, char wanted)
{
    if (c->at == c->end || *c->at != wanted) {
        return false;
    }
    c->at++;
    return true;
}

/* Reads exactly `digits` digits. */
static bool take_number(struct cursor *c, int digits, int *ret)
{
    int value = 0;
    if (c->end - c->at < digits) {
        return false;
    }
    for (int i = 0; i < digits; i++) {
        char digit = c->at[i];
        if (digit < '0' || digit > '9') {
            return false;
        }
        value = value * 10 + (digit - '0');
    }
    c->at += digits;
    *ret = value;
    return true;
}

static bool take_date(struct cursor *c, daynum *ret)
{
    struct civil date;
    if (!take_number(c, 4, &date.year) || !take_char(c, '-') ||
        !take_number(c, 2, &date.month) || !take_char(c, '-') ||
        !take_number(c, 2, &date.day) || !civil_valid(date)) {
        return false;
    }
    *ret = day_from_civil(date);
    return true;
}

static bool take_fraction(struct cursor *c)
{
    const char *first = c->at;
    while (c->at < c->end && *c->at >= '0' && *c->at <= '9') {
        c->at++;
    }
    return c->at > first;
}

/* HH:MM, HH:MM:SS or HH:MM:SS.fff. A leap second is refused: it names an
 * instant that a count of seconds since 1970 does not have. */
static bool take_time(struct cursor *c, int *ret)
{
    int hour = 0;
    int minute = 0;
    int second = 0;
    if (!take_number(c, 2, &hour) || !take_char(c, ':') ||
        !take_number(c, 2, &minute)) {
        return false;
    }
    if (take_char(c, ':')) {
        if (!take_number(c, 2, &second)) {
            return false;
        }
        if (take_char(c, '.') && !take_fraction(c)) {
            return false;
        }
    }
    if (hour > 23 || minute > 59 || second > 59) {
        return false;
    }
    *ret = hour * HOUR + minute * MINUTE + second;
    return true;
}

/* Z, +HH:MM, -HH:MM, or nothing, which means local time. */
static bool take_offset(struct cursor *c, int *ret)
{
    if (c->at == c->end) {
        *ret = LOCAL_OFFSET;
        return true;
    }
    if (take_char(c, 'Z') || take_char(c, 'z')) {
        *ret = 0;
        return true;
    }
    int sign = take_char(c, '-') ? -1 : 1;
    int hour = 0;
    int minute = 0;
    if ((sign == 1 && !take_char(c, '+')) || !take_number(c, 2, &hour) ||
        !take_char(c, ':') || !take_number(c, 2, &minute) || hour > 23 ||
        minute > 59) {
        return false;
    }
    *ret = sign * (hour * HOUR + minute * MINUTE);
    return true;
}

enum err instant_parse(const char *text, size_t len, bool blank, instant *ret)
{
    struct cursor c = {text, text + len};
    daynum day = 0;
    int second = 0;
    int offset = LOCAL_OFFSET;

    if (!take_date(&c, &day)) {
        return ERR_BAD_INSTANT;
    }
    if (!blank || c.at < c.end) {
        bool separated = take_char(&c, 'T') || take_char(&c, 't') ||
                         (blank && take_char(&c, ' '));
        if (!separated || !take_time(&c, &second) ||
            !take_offset(&c, &offset)) {
            return ERR_BAD_INSTANT;
        }
    }
    instant at = (instant)day * SECONDS_PER_DAY + second - offset;
    if (c.at != c.end || at < INSTANT_MIN || at > INSTANT_MAX) {
        return ERR_BAD_INSTANT;
    }
    *ret = at;
    return OK;
}

enum err day_parse(const char *text, size_t len, daynum *ret)
{
    struct cursor c = {text, text + len};
    daynum day = 0;
    if (!take_date(&c, &day) || c.at != c.end) {
        return ERR_BAD_INSTANT;
    }
    *ret = day;
    return OK;
}

/* -- writing ------------------------------------------------------------ */

static char *put_number(char *out, int value, int digits)
{
    for (int i = digits - 1; i >= 0; i--) {
        out[i] = (char)('0' + value % 10);
        value /= 10;
    }
    return out + digits;
}

static char *put_date(char *out, daynum day)
{
    struct civil date = civil_from_day(day);
    out = put_number(out, date.year, 4);
    *out++ = '-';
    out = put_number(out, date.month, 2);
    *out++ = '-';
    return put_number(out, date.day, 2);
}

char *instant_format(instant at, char out[INSTANT_TEXT_SIZE])
{
    int second = instant_second(at);
    char *end = put_date(out, instant_day(at));
    *end++ = 'T';
    end = put_number(end, second / HOUR, 2);
    *end++ = ':';
    end = put_number(end, second / MINUTE % 60, 2);
    *end++ = ':';
    end = put_number(end, second % 60, 2);
    memcpy(end, "+08:00", sizeof "+08:00");
    return out;
}

char *day_format(daynum day, char out[INSTANT_TEXT_SIZE])
{
    *put_date(out, day) = '\0';
    return out;
}
