/* What the parts of a package are to each other (ECMA-376 part 2): who reads a
 * part knows the next only by a relation's type or number. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "client/cli/files/file.h"
#include "client/cli/sheet/sheet_parts.h"

static void start_relations(struct sheet_xml *x, const char *name,
                            const char **attrs)
{
    struct sheet_relations *r = x->user;
    const char *id = sheet_xml_attr(attrs, "Id");
    const char *type = sheet_xml_attr(attrs, "Type");
    const char *target = sheet_xml_attr(attrs, "Target");
    if (strcmp(name, "Relationship") == 0 && id != NULL && type != NULL &&
        target != NULL && r->n < SHEET_RELATIONS_MAX) {
        r->list[r->n++] = (struct sheet_relation){
            must_copy(id), must_copy(type), must_copy(target)};
    }
}

void sheet_relations_forget(struct sheet_relations *r)
{
    for (size_t i = 0; i < r->n; i++) {
        free(r->list[i].id);
        free(r->list[i].type);
        free(r->list[i].target);
    }
    r->n = 0;
}

static bool ends_with(const char *text, const char *end)
{
    size_t len = strlen(text);
    size_t tail = strlen(end);
    return len >= tail && strcmp(text + len - tail, end) == 0;
}

/* How much of the first `len` bytes of a path is its folder, slash and all. */
static size_t folder_len(const char *path, size_t len)
{
    while (len > 0 && path[len - 1] != '/') {
        len--;
    }
    return len;
}

/* A target is meant from the folder of the part that names it. */
static void part_of(const char *from, const char *target,
                    char out[SHEET_PART_SIZE])
{
    size_t folder = folder_len(from, strlen(from));
    if (target[0] == '/') {
        folder = 0;
        target++;
    }
    while (strncmp(target, "../", 3) == 0) {
        target += 3;
        folder = folder == 0 ? 0 : folder_len(from, folder - 1);
    }
    (void)snprintf(out, SHEET_PART_SIZE, "%.*s%s", (int)folder, from, target);
}

bool sheet_part_of_type(const struct sheet_relations *r, const char *type,
                        char out[SHEET_PART_SIZE])
{
    for (size_t i = 0; i < r->n; i++) {
        if (ends_with(r->list[i].type, type)) {
            part_of(r->part, r->list[i].target, out);
            return true;
        }
    }
    return false;
}

bool sheet_part_of_id(const struct sheet_relations *r, const char *id,
                      char out[SHEET_PART_SIZE])
{
    for (size_t i = 0; i < r->n; i++) {
        if (strcmp(r->list[i].id, id) == 0) {
            part_of(r->part, r->list[i].target, out);
            return true;
        }
    }
    return false;
}

enum err sheet_relations_read(struct sheet_zip *zip, const char *part,
                              struct sheet_relations *r, struct problem *p)
{
    char name[SHEET_PART_SIZE + 16];
    int folder = (int)folder_len(part, strlen(part));
    (void)snprintf(name, sizeof name, "%.*s_rels/%s.rels", folder, part,
                   part + folder);
    struct sheet_xml x = {.p = p, .user = r, .start = start_relations};
    sheet_relations_forget(r);
    (void)snprintf(r->part, sizeof r->part, "%s", part);
    enum err err = sheet_zip_read(zip, name, &x);
    return err == ERR_NOT_FOUND ? OK : err;
}
