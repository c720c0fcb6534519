/* See shape.h. */
#include "client/cli/show/shape.h"

#include <string.h>

#include "client/cli/show/cell.h"

bool shape_is_table(const json_t *value)
{
    return json_is_array(json_object_get(value, "columns")) &&
           json_array_size(json_object_get(value, "columns")) > 0 &&
           json_is_array(json_object_get(value, "rows"));
}

bool shape_is_line(const char *name, const json_t *value)
{
    return cell_is_list(name, value) ||
           (!json_is_object(value) && !json_is_array(value));
}

json_t *shape_main_table(json_t *result)
{
    if (shape_is_table(result)) {
        return result;
    }
    const char *name;
    json_t *value;
    json_object_foreach(result, name, value)
    {
        if (shape_is_table(value)) {
            return value;
        }
    }
    return NULL;
}

const char *shape_column(const json_t *columns, size_t i)
{
    const char *name = json_string_value(json_array_get(columns, i));
    return name == NULL ? "" : name;
}

bool shape_is_nothing(const json_t *value)
{
    const char *text = json_string_value(value);
    return value == NULL || json_is_null(value) || json_is_false(value) ||
           (text != NULL && (text[0] == '\0' || strcmp(text, "none") == 0));
}

bool shape_is_absent(const char *name, const json_t *value)
{
    static const char *const names[] = {
        "turn",    "extensions",   "dispatch", "imported",
        "special", "confidential", "light",    "group"};
    bool zero = json_is_integer(value) && json_integer_value(value) == 0;
    for (size_t i = 0; i < sizeof names / sizeof names[0]; i++) {
        if (strcmp(names[i], name) == 0) {
            return zero || shape_is_nothing(value);
        }
    }
    return value == NULL || json_is_null(value);
}

size_t shape_find(const json_t *columns, const char *name)
{
    size_t i = 0;
    while (i < json_array_size(columns) &&
           strcmp(shape_column(columns, i), name) != 0) {
        i++;
    }
    return i;
}
