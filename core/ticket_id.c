/* The number that people say on the phone: the day, and its serial. */
#include "core/ticket.h"

#include <assert.h>
#include <stdio.h>

enum {
    DAY_DIGITS = 8,
    SERIAL_DIGITS_MIN = 3,
    SERIAL_DIGITS_MAX = 6, /* TICKET_SERIALS */
};

ticket_id ticket_id_day(instant at)
{
    struct civil date = civil_from_day(instant_day(at));
    ticket_id day = ((ticket_id)date.year * 100 + date.month) * 100 + date.day;
    return day * TICKET_SERIALS;
}

char *ticket_id_format(ticket_id id, char out[TICKET_TEXT_SIZE])
{
    assert(id > 0 && id / TICKET_SERIALS <= 99999999);
    int n = snprintf(out, TICKET_TEXT_SIZE, "%08d-%03d",
                     (int)(id / TICKET_SERIALS), (int)(id % TICKET_SERIALS));
    assert(n > 0 && n < TICKET_TEXT_SIZE);
    return out;
}

/* Digits only; -1 for anything else. */
static int64_t number(const char *text, size_t len)
{
    int64_t n = 0;
    for (size_t i = 0; i < len; i++) {
        if (text[i] < '0' || text[i] > '9') {
            return -1;
        }
        n = n * 10 + (text[i] - '0');
    }
    return n;
}

/* A date of the accepted range (instant.h). */
static bool real_day(int64_t day)
{
    struct civil date = {(int)(day / 10000), (int)(day / 100 % 100),
                         (int)(day % 100)};
    return date.year >= 1970 && date.year <= 2199 && civil_valid(date);
}

enum err ticket_id_parse(const char *text, size_t len, ticket_id *ret)
{
    if (len < DAY_DIGITS + 1 + SERIAL_DIGITS_MIN ||
        len > DAY_DIGITS + 1 + SERIAL_DIGITS_MAX || text[DAY_DIGITS] != '-') {
        return ERR_BAD_CODE;
    }
    const char *tail = text + DAY_DIGITS + 1;
    size_t tail_len = len - DAY_DIGITS - 1;
    int64_t day = number(text, DAY_DIGITS);
    int64_t serial = number(tail, tail_len);
    if (day < 0 || !real_day(day) || serial < 1) {
        return ERR_BAD_CODE;
    }
    if (tail_len > SERIAL_DIGITS_MIN && tail[0] == '0') {
        return ERR_BAD_CODE; /* one ticket has one number */
    }
    *ret = day * TICKET_SERIALS + serial;
    return OK;
}
