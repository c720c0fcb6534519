/* ZIP archives, as far as is needed to tell what document one is: the list of
 * members at its end (APPNOTE.TXT 4.3.12, 4.3.16). Nothing is unpacked. */
#include "proto/filetype.h"

#include <stdint.h>
#include <string.h>

#include "core/limits.h"

enum {
    END_BYTES = 22, /* of the record at the end, without its comment */
    COMMENT_MAX = 65535,
    MEMBER_BYTES = 46, /* of a member in the list, without its name */
    ENCRYPTED = 1
};

struct archive {
    const unsigned char *at;
    size_t len;
    size_t list; /* where the list of members begins, */
    size_t end;  /* and ends */
    size_t members;
};

static uint32_t two(const unsigned char *at)
{
    return (uint32_t)at[0] | (uint32_t)at[1] << 8;
}

static uint32_t four(const unsigned char *at)
{
    return two(at) | two(at + 2) << 16;
}

/* The record at the end, looked for backwards behind a comment of any length
 * that reaches the very end. */
static bool find_end(const struct archive *a, size_t *ret)
{
    if (a->len < END_BYTES) {
        return false;
    }
    size_t last = a->len - END_BYTES;
    size_t first = last > COMMENT_MAX ? last - COMMENT_MAX : 0;
    for (size_t i = last;; i--) {
        if (memcmp(a->at + i, "PK\5\6", 4) == 0 &&
            two(a->at + i + 20) == last - i) {
            *ret = i;
            return true;
        }
        if (i == first) {
            return false;
        }
    }
}

/* One disk, no ZIP64, and a list that lies before the record at the end. */
static bool find_list(struct archive *a)
{
    size_t end = 0;
    if (!find_end(a, &end)) {
        return false;
    }
    const unsigned char *record = a->at + end;
    size_t size = four(record + 12);
    a->list = four(record + 16);
    a->members = two(record + 10);
    if (two(record + 4) != 0 || two(record + 6) != 0 ||
        two(record + 8) != a->members || a->list > end ||
        size > end - a->list) {
        return false;
    }
    a->end = a->list + size;
    return a->members > 0 && a->members <= ARCHIVE_MEMBERS_MAX;
}

static bool named(const char *name, size_t len, const char *what)
{
    return strlen(what) == len && memcmp(name, what, len) == 0;
}

static bool ends_in(const char *name, size_t len, const char *what)
{
    size_t n = strlen(what);
    return len >= n && memcmp(name + len - n, what, n) == 0;
}

/* What the members say. */
struct found {
    unsigned kinds; /* bit of each enum file_type whose own member is there */
    bool types;     /* the list of types that every Office document has */
    bool runs;      /* macros or other programs */
};

static void look(struct found *f, const char *name, size_t len)
{
    static const struct {
        const char *member;
        enum file_type type;
    } own[] = {{"word/document.xml", FILE_TYPE_DOCX},
               {"xl/workbook.xml", FILE_TYPE_XLSX},
               {"ppt/presentation.xml", FILE_TYPE_PPTX},
               {"OFD.xml", FILE_TYPE_OFD}};
    for (size_t i = 0; i < sizeof own / sizeof own[0]; i++) {
        if (named(name, len, own[i].member)) {
            f->kinds |= 1U << own[i].type;
        }
    }
    f->types = f->types || named(name, len, "[Content_Types].xml");
    f->runs = f->runs || ends_in(name, len, "vbaProject.bin") ||
              ends_in(name, len, ".exe") || ends_in(name, len, ".dll");
}

/* False: the list is not whole, or a member is encrypted. */
static bool look_at_all(const struct archive *a, struct found *f)
{
    size_t at = a->list;
    for (size_t i = 0; i < a->members; i++) {
        if (a->end - at < MEMBER_BYTES ||
            memcmp(a->at + at, "PK\1\2", 4) != 0 ||
            (two(a->at + at + 8) & ENCRYPTED) != 0) {
            return false;
        }
        size_t name = two(a->at + at + 28);
        size_t rest = two(a->at + at + 30) + two(a->at + at + 32);
        if (a->end - at - MEMBER_BYTES < name + rest) {
            return false;
        }
        look(f, (const char *)a->at + at + MEMBER_BYTES, name);
        at += MEMBER_BYTES + name + rest;
    }
    return at == a->end;
}

enum file_type file_type_of_zip(const unsigned char *bytes, size_t len)
{
    struct archive a = {.at = bytes, .len = len};
    struct found f = {.kinds = 0};
    if (!find_list(&a) || !look_at_all(&a, &f) || f.runs) {
        return FILE_TYPE_COUNT;
    }
    for (int i = 0; i < FILE_TYPE_COUNT; i++) {
        bool office = i != FILE_TYPE_OFD;
        if (f.kinds == 1U << i && (!office || f.types)) {
            return (enum file_type)i;
        }
    }
    return FILE_TYPE_COUNT; /* none, or several at once */
}
