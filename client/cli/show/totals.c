/* See totals.h. */
#include "client/cli/show/totals.h"

#include <string.h>

const json_t *totals_find(const json_t *result, const char *column)
{
    static const char *const sums[][2] = {
        {"filed", "total_filed"},
        {"closed", "total_closed"},
        {"overdue_total", "total_overdue"},
        {"overdue_still_open", "total_still_open"},
    };
    for (size_t i = 0; i < sizeof sums / sizeof sums[0]; i++) {
        if (strcmp(sums[i][0], column) == 0) {
            return json_object_get(result, sums[i][1]);
        }
    }
    return NULL;
}
