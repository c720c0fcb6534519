/* ticket.show: who has to do with a ticket (M5, M6): one steward and one
 * specialist of the enterprise, the three whose name it carries, and the units
 * at work with whom they assigned it to. */
#include "daemon/commands/result.h"
#include "daemon/commands/view/show.h"
#include "daemon/commands/view/show_family.h"

/* In the order of STMT_SHOW_PEOPLE. */
static const char *const duties[] = {
    "steward", "specialist", "sponsor", "leader", "responsible", "lead", "co"};
enum {
    OF_ENTERPRISE = 2, /* the first so many tell which enterprise it is */
    DUTIES = sizeof duties / sizeof duties[0]
};

enum err show_people(struct show *s)
{
    json_t *table = table_new("duty person unit");
    json_object_set_new(s->result, "people", table);
    struct cell bind = cell_int("", s->w.row.ticket.id);
    struct rows rows;
    enum err err = rows_begin(s->c->store, STMT_SHOW_PEOPLE, &bind, 1, &rows);
    while (err == OK && rows_next(&rows)) {
        int64_t duty = rows_int(&rows, 0);
        bool hidden = duty < OF_ENTERPRISE && !s->view.party;
        if (duty < 0 || duty >= DUTIES || hidden) {
            continue;
        }
        json_t *row = table_row(table);
        row_text(row, duties[duty]);
        row_text(row, rows_text(&rows, 1));
        row_text(row, rows_text(&rows, 2));
    }
    if (err == OK) {
        err = rows_end(&rows);
    }
    return err == OK ? show_family(s) : err;
}
