/* What stands in which column of a register's table, by headings as offices
 * write them. Knows no server. */
#ifndef BIHUAN_CLIENT_CLI_COMMANDS_REGISTER_REGISTER_FIELDS_H
#define BIHUAN_CLIENT_CLI_COMMANDS_REGISTER_REGISTER_FIELDS_H

#include "client/cli/sheet/sheet.h"

/* In the order of the choices of registry.import. */
enum register_rows {
    ROWS_ENTERPRISES,
    ROWS_DEPARTMENTS,
    ROWS_PEOPLE,
    ROWS_GUIDES,
    ROWS_KINDS
};

/* How the text of a cell becomes a value. */
enum field_form {
    FORM_CODE,  /* without blanks, half width */
    FORM_NAME,  /* without blanks around it and between Han characters */
    FORM_PLACE, /* a code or a name of the register */
    FORM_WORD   /* one of the field's words */
};

enum field_need {
    NEED_NOT,
    NEED_EACH,
    NEED_ONE /* one of those marked so */
};

/* Words that mean the same are separated by |; the first column whose heading
 * stands earliest in the list is the field's. */
struct field {
    const char *param;
    enum field_form form;
    enum field_need need;
    const char *headings;
};

enum {
    FIELDS_MAX = 6,
    HEADING_ROWS = 20 /* titles and remarks may stand above the headings */
};

/* The fields of a kind, *ret_n of them. */
const struct field *fields_of(enum register_rows kind, int *ret_n);

/* Which column is which field's: ret[i] for fields_of()[i], -1 if none. Returns
 * how many were found, 0 when one that is needed is not there. */
int fields_match(enum register_rows kind, const struct sheet_row *row,
                 int ret[FIELDS_MAX]);

/* The fields that a table must have, by their first headings: "统一社会信用
 * 代码, 企业名称". */
void fields_needed(enum register_rows kind, char *out, size_t size);

#endif
