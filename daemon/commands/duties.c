/* See duties.h. */
#include "daemon/commands/duties.h"

#include <stdio.h>

enum {
    PEOPLE_SIZE = 1024 /* a person and some fifty for whom they act */
};

static enum err people_of(struct store *s, register_id person, instant at,
                          char out[PEOPLE_SIZE])
{
    struct cell binds[] = {cell_int("", person), cell_int("", at)};
    struct rows rows;
    enum err err = rows_begin(s, STMT_PEOPLE_OF, binds, 2, &rows);
    if (err != OK) {
        return err;
    }
    int len = rows_next(&rows)
                  ? snprintf(out, PEOPLE_SIZE, "%s", rows_text(&rows, 0))
                  : 0;
    err = rows_end(&rows);
    return err == OK && len >= PEOPLE_SIZE ? ERR_LIMIT : err;
}

enum err duties_count(struct store *s, register_id person, instant at,
                      struct duty_counts *ret)
{
    char people[PEOPLE_SIZE] = "[]";
    struct rows rows;
    enum err err = people_of(s, person, at, people);
    struct cell binds[] = {cell_text("", people), cell_int("", at)};
    if (err == OK) {
        err = rows_begin(s, STMT_DUTIES_COUNT, binds, 2, &rows);
    }
    if (err != OK) {
        return err;
    }
    *ret = (struct duty_counts){0};
    if (rows_next(&rows)) {
        ret->todo = rows_int(&rows, 0);
        ret->soon = rows_int(&rows, 1);
        ret->overdue = rows_int(&rows, 2);
    }
    return rows_end(&rows);
}
