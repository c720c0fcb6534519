/* Small makers of answers: see result.h. */
#include "daemon/commands/result.h"

#include <string.h>

json_t *result_instant(instant at)
{
    char text[INSTANT_TEXT_SIZE];
    /* a file may hold anything; what is no instant is not shown as one */
    return at < INSTANT_MIN || at > INSTANT_MAX
               ? json_null()
               : json_string(instant_format(at, text));
}

json_t *result_days_left(instant then, instant now)
{
    int64_t left = then == INSTANT_NONE || then < now ? 0 : then - now;
    return then == INSTANT_NONE
               ? json_null()
               : json_integer((left + SECONDS_PER_DAY - 1) / SECONDS_PER_DAY);
}

json_t *result_number(ticket_id id)
{
    char text[TICKET_TEXT_SIZE];
    return id <= 0 || id / TICKET_SERIALS > 99999999
               ? json_null()
               : json_string(ticket_id_format(id, text));
}

json_t *result_text(const char *text)
{
    return text == NULL || text[0] == '\0' ? json_null() : json_string(text);
}

json_t *result_roles(uint32_t roles)
{
    json_t *names = json_array();
    for (int i = 0; i < ROLE_COUNT; i++) {
        if ((roles & ROLE_BIT(i)) != 0) {
            json_array_append_new(names, json_string(role_name((enum role)i)));
        }
    }
    return names;
}

json_t *table_new(const char *columns)
{
    json_t *names = json_array();
    for (const char *p = columns; *p != '\0';) {
        size_t len = strcspn(p, " ");
        json_array_append_new(names, json_stringn(p, len));
        p += len;
        p += strspn(p, " ");
    }
    json_t *table = json_object();
    json_object_set_new(table, "columns", names);
    json_object_set_new(table, "rows", json_array());
    return table;
}

json_t *table_rows(json_t *table)
{
    return json_object_get(table, "rows");
}

json_t *table_row(json_t *table)
{
    json_t *row = json_array();
    json_array_append_new(table_rows(table), row);
    return row;
}

void row_int(json_t *row, int64_t number)
{
    json_array_append_new(row, json_integer(number));
}

void row_text(json_t *row, const char *text)
{
    json_array_append_new(row, result_text(text));
}

void row_instant(json_t *row, instant at)
{
    json_array_append_new(row, result_instant(at));
}

void row_number(json_t *row, ticket_id id)
{
    json_array_append_new(row, result_number(id));
}
