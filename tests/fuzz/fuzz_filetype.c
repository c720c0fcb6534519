/* What a file is: whatever the bytes, the answer is one of the types or none,
 * and what is taken for a type begins as that type does. Input that begins with
 * a quote is a file's name. */
#include <assert.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "proto/filetype.h"
#include "proto/utf8.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void try_name(const char *bytes, size_t len)
{
    struct problem p = {.err = OK};
    char *name = malloc(len + 1);
    assert(name != NULL);
    memcpy(name, bytes, len);
    name[len] = '\0';
    enum err err = file_name_check(name, len, &p);
    assert(err == OK || (p.err == err && p.expected[0] != '\0'));
    if (err == OK) {
        assert(utf8_ok(name, len) && strlen(name) == len);
        assert(strpbrk(name, "/\\\n\r\t") == NULL && name[0] != '.');
        assert(strchr(name, '.') != NULL);
    }
    free(name);
}

static void try_bytes(const uint8_t *data, size_t size)
{
    enum file_type type = file_type_of(data, size);
    assert(type <= FILE_TYPE_COUNT);
    assert((type == FILE_TYPE_COUNT) == (file_type_name(type)[0] == '\0'));
    switch (type) {
    case FILE_TYPE_DOCX:
    case FILE_TYPE_XLSX:
    case FILE_TYPE_PPTX:
    case FILE_TYPE_OFD:
        assert(memcmp(data, "PK", 2) == 0);
        break;
    case FILE_TYPE_TEXT:
        assert(memchr(data, '\0', size) == NULL);
        assert(memchr(data, '\x1B', size) == NULL);
        break;
    default:
        break;
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    if (size > 0 && data[0] == '"') {
        try_name((const char *)data + 1, size - 1);
    } else {
        try_bytes(data, size);
    }
    return 0;
}
