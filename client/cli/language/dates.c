/* See dates.h. */
#include "client/cli/language/dates.h"

#include <stdio.h>
#include <string.h>
#include <time.h>

#include "client/cli/language/lang.h"

int date_year_now(void)
{
    return civil_from_day(instant_day((instant)time(NULL))).year;
}

bool date_parse(const char *text, instant *ret)
{
    return text != NULL && instant_parse(text, strlen(text), false, ret) == OK;
}

static size_t write_day(struct civil date, int year, char out[DATE_SIZE])
{
    static const char *const months[] = {"Jan", "Feb", "Mar", "Apr",
                                         "May", "Jun", "Jul", "Aug",
                                         "Sep", "Oct", "Nov", "Dec"};
    bool zh = lang_now() == LANG_ZH;
    char said[16] = "";
    int n = 0;
    if (date.year != year) {
        (void)snprintf(said, sizeof said, zh ? "%d年" : " %d", date.year);
    }
    n = zh ? snprintf(out, DATE_SIZE, "%s%d月%d日", said, date.month, date.day)
           : snprintf(out, DATE_SIZE, "%d %s%s", date.day,
                      months[date.month - 1], said);
    return n > 0 ? (size_t)n : 0;
}

char *date_moment(instant at, int year, char out[DATE_SIZE])
{
    int seconds = instant_second(at);
    size_t n = write_day(civil_from_day(instant_day(at)), year, out);
    (void)snprintf(out + n, DATE_SIZE - n, " %02d:%02d", seconds / 3600,
                   seconds / 60 % 60);
    return out;
}

char *date_limit(instant due, int year, char out[DATE_SIZE])
{
    if (instant_second(due) != 0) {
        return date_moment(due, year, out);
    }
    (void)write_day(civil_from_day(instant_day(due) - 1), year, out);
    return out;
}
