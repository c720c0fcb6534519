/* What a file is, told from its bytes, and whether its name agrees. Only what
 * offices exchange is taken: documents, pictures, tables; nothing that runs and
 * nothing that cannot be looked into. */
#ifndef BIHUAN_PROTO_FILETYPE_H
#define BIHUAN_PROTO_FILETYPE_H

#include <stdbool.h>
#include <stddef.h>

#include "core/err.h"

/* Name on the wire and the extensions that fit. The order is stored: append
 * only. TEXT is plain text or CSV in UTF-8 or GB18030. */
/* clang-format off */
#define FILE_TYPE_MAP(X)             \
    X(PDF,  "pdf",  "pdf")           \
    X(JPEG, "jpeg", "jpg|jpeg")      \
    X(PNG,  "png",  "png")           \
    X(WEBP, "webp", "webp")          \
    X(DOCX, "docx", "docx")          \
    X(XLSX, "xlsx", "xlsx")          \
    X(PPTX, "pptx", "pptx")          \
    X(OFD,  "ofd",  "ofd")           \
    X(TEXT, "text", "txt|csv")
/* clang-format on */

enum file_type {
#define X(id, name, extensions) FILE_TYPE_##id,
    FILE_TYPE_MAP(X)
#undef X
    FILE_TYPE_COUNT
};
const char *file_type_name(enum file_type type);

/* For people: every extension that is taken. */
#define FILE_TYPES_TAKEN \
    "one of: pdf jpg jpeg png webp docx xlsx pptx ofd txt csv"

/* FILE_TYPE_COUNT: it is none of them, or is damaged, or has macros. Any bytes
 * are taken; time and memory are bounded by `len`. */
enum file_type file_type_of(const void *bytes, size_t len);

/* A file's name: 1..FILE_NAME_CHARS_MAX characters, no path, no control
 * characters, none that are invisible or turn the direction, no dot or blank
 * before or behind; one of the extensions above, in either case. BAD_PARAM. */
enum err file_name_check(const char *name, size_t len, struct problem *p);

/* Does the extension of a right name belong to that type? */
bool file_name_fits(const char *name, enum file_type type);

/* -- filetype_zip.c --------------------------------------------------------
 */
/* DOCX, XLSX, PPTX or OFD by the members that a ZIP archive lists, else
 * FILE_TYPE_COUNT. */
enum file_type file_type_of_zip(const unsigned char *bytes, size_t len);

#endif
