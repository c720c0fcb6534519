/* From a table's file to the entries of the register that it asks for. */
#ifndef BIHUAN_CLIENT_CLI_COMMANDS_REGISTER_REGISTER_ENTRIES_H
#define BIHUAN_CLIENT_CLI_COMMANDS_REGISTER_REGISTER_ENTRIES_H

#include <jansson.h>

#include "client/bihuan.h"
#include "client/cli/commands/register/register_fields.h"

struct entry {
    int64_t line;
    json_t *params; /* of the command that adds it; places by name or code */
    int person;     /* of a guide: the field that names the person */
    bool settled;
    bool anew; /* to be sent once more, without its key */
};

struct entries {
    enum register_rows kind;
    size_t n;
    size_t room;
    struct entry *list;
    int64_t rows; /* in which something was to be registered */
    int64_t bad;  /* told by entries_tell() */
    int64_t heading_line;
    int columns[FIELDS_MAX];
    char *headings[FIELDS_MAX]; /* as they stand in the file */
};

/* Finds the headings, in the first sheet that has them, and reads the rows
 * below. A row that makes no entry is told on standard error and counted. What
 * sheet.h says, and BAD_PARAM when there are no headings. */
enum err entries_read(struct entries *entries, enum register_rows kind,
                      const char *bytes, size_t len, struct problem *p);
void entries_done(struct entries *entries);

/* "line 5, 信用代码: not a valid code ..." on standard error; counts it. */
void entries_tell(struct entries *entries, int64_t line, const char *heading,
                  const struct bihuan_error *error);
/* The heading of the parameter that the error names, "" if it is no column. */
const char *entry_heading(const struct entries *entries, const struct entry *e,
                          const struct bihuan_error *error);

#endif
