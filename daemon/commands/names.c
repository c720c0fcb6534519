/* What stays of a name, and who needs all of it: see names.h. */
#include "daemon/commands/names.h"

#include <stdio.h>
#include <string.h>

static size_t char_len(const char *text)
{
    size_t len = 1;
    while (((unsigned char)text[len] & 0xC0) == 0x80) {
        len++;
    }
    return len;
}

const char *mask_name(const char *name, char out[MASK_SIZE])
{
    if (name[0] == '\0') {
        return "";
    }
    size_t first = char_len(name);
    size_t len = (size_t)snprintf(out, MASK_SIZE, "%.*s", (int)first, name);
    for (const char *p = name + first; *p != '\0' && len + 2 < MASK_SIZE;
         p += char_len(p)) {
        out[len++] = '*';
    }
    out[len] = '\0';
    return out;
}

const char *mask_phone(const char *phone, char out[MASK_SIZE])
{
    size_t len = strlen(phone);
    if (len == 0) {
        return "";
    }
    if (len < 8) {
        return "****";
    }
    snprintf(out, MASK_SIZE, "%.3s****%s", phone, phone + len - 4);
    return out;
}

enum err name_shown(struct call *c, ticket_id ticket, bool all,
                    register_id person, char name[NAME_SIZE])
{
    struct cell binds[] = {cell_int("", ticket), cell_int("", person)};
    char masked[MASK_SIZE];
    int64_t needed = all;
    enum err err = OK;
    if (!all) {
        err = rows_number(c->store, STMT_NAME_NEEDED, binds, 2, 0, &needed);
    }
    if (needed == 0 || err != OK) {
        snprintf(name, NAME_SIZE, "%s", mask_name(name, masked));
    }
    return err;
}
