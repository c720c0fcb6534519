/* The package of a workbook: a ZIP archive whose parts are XML. libzip and
 * expat read them; here stand the bounds. A part is never whole in memory: it
 * goes from the archive to the parser a piece at a time, and what all parts
 * unpack to is counted, so that a small file cannot become a large one. */
#include <string.h>
#include <zip.h>

#include "client/cli/sheet/sheet_parts.h"

enum {
    PIECE_BYTES = 65536
};

static enum err damaged(struct problem *p, const char *detail)
{
    return problem_set(p, ERR_BAD_PARAM, "file",
                       "a sound workbook: open it and save it anew", detail);
}

/* -- XML ---------------------------------------------------------------------
 */

void sheet_xml_stop(struct sheet_xml *x, enum err err)
{
    x->err = err;
    x->stopped = true;
    (void)XML_StopParser(x->parser, XML_FALSE);
}

void sheet_xml_fail(struct sheet_xml *x, enum err err, const char *expected,
                    const char *detail)
{
    sheet_xml_stop(x, problem_set(x->p, err, "file", expected, detail));
}

static const char *without_prefix(const char *name)
{
    const char *colon = strrchr(name, ':');
    return colon == NULL ? name : colon + 1;
}

const char *sheet_xml_attr(const char **attrs, const char *name)
{
    for (size_t i = 0; attrs[i] != NULL; i += 2) {
        if (strcmp(without_prefix(attrs[i]), name) == 0) {
            return attrs[i + 1];
        }
    }
    return NULL;
}

static void on_start(void *user, const char *name, const char **attrs)
{
    struct sheet_xml *x = user;
    if (x->start != NULL && !x->stopped) {
        x->start(x, without_prefix(name), attrs);
    }
}

/* The parser tells the end of an empty element even when it was stopped at its
 * beginning. */
static void on_end(void *user, const char *name)
{
    struct sheet_xml *x = user;
    if (x->end != NULL && !x->stopped) {
        x->end(x, without_prefix(name));
    }
}

static void on_text(void *user, const char *text, int len)
{
    struct sheet_xml *x = user;
    if (x->text != NULL && !x->stopped) {
        x->text(x, text, (size_t)len);
    }
}

/* No office program writes one; entities that grow come with it. */
static void on_doctype(void *user, const char *name, const char *system,
                       const char *public, int internal)
{
    struct sheet_xml *x = user;
    (void)name;
    (void)system;
    (void)public;
    (void)internal;
    sheet_xml_fail(x, ERR_BAD_PARAM,
                   "a sound workbook: open it and save it anew",
                   "it declares entities");
}

static enum err xml_begin(struct sheet_xml *x)
{
    x->parser = XML_ParserCreate(NULL);
    x->err = OK;
    x->stopped = false;
    if (x->parser == NULL) {
        return problem_set(x->p, ERR_NO_MEMORY, "file", "", "");
    }
    XML_SetUserData(x->parser, x);
    XML_SetElementHandler(x->parser, on_start, on_end);
    XML_SetCharacterDataHandler(x->parser, on_text);
    XML_SetStartDoctypeDeclHandler(x->parser, on_doctype);
    return OK;
}

/* *ret_more: the parser can take the next piece. */
static enum err xml_piece(struct sheet_xml *x, const char *bytes, size_t len,
                          bool last, bool *ret_more)
{
    enum XML_Status status = XML_Parse(x->parser, bytes, (int)len, last);
    *ret_more = status == XML_STATUS_OK;
    if (status == XML_STATUS_OK || x->err != OK ||
        XML_GetErrorCode(x->parser) == XML_ERROR_ABORTED) {
        return x->err;
    }
    return damaged(x->p, XML_ErrorString(XML_GetErrorCode(x->parser)));
}

enum err sheet_xml_bytes(struct sheet_xml *x, const char *bytes, size_t len)
{
    bool more = true;
    enum err err = xml_begin(x);
    for (size_t at = 0; err == OK && more;) {
        size_t n = len - at < PIECE_BYTES ? len - at : PIECE_BYTES;
        bool last = at + n == len;
        err = xml_piece(x, bytes + at, n, last, &more);
        more = more && !last;
        at += n;
    }
    XML_ParserFree(x->parser);
    return err;
}

/* -- the archive -------------------------------------------------------------
 */

enum err sheet_zip_open(const char *bytes, size_t len, struct sheet_zip *ret,
                        struct problem *p)
{
    zip_error_t error;
    zip_error_init(&error);
    zip_source_t *source = zip_source_buffer_create(bytes, len, 0, &error);
    zip_t *zip = source == NULL
                     ? NULL
                     : zip_open_from_source(source, ZIP_RDONLY, &error);
    enum err err = OK;
    if (zip == NULL) {
        err = damaged(p, zip_error_strerror(&error));
        zip_source_free(source);
    } else {
        *ret = (struct sheet_zip){.zip = zip, .left = SHEET_BYTES_MAX};
    }
    zip_error_fini(&error);
    return err;
}

void sheet_zip_close(struct sheet_zip *z)
{
    zip_discard(z->zip); /* nothing was changed */
    z->zip = NULL;
}

/* One piece out of the archive into the parser. */
static enum err unpack_piece(struct sheet_zip *z, zip_file_t *file,
                             struct sheet_xml *x, bool *ret_more)
{
    static char piece[PIECE_BYTES];
    zip_int64_t n = zip_fread(file, piece, sizeof piece);
    *ret_more = false;
    if (n < 0) {
        return damaged(x->p, zip_file_strerror(file));
    }
    if ((size_t)n > z->left) {
        return problem_set(x->p, ERR_LIMIT, "file",
                           "a workbook of at most 128 MiB unpacked", "");
    }
    z->left -= (size_t)n;
    enum err err = xml_piece(x, piece, (size_t)n, n == 0, ret_more);
    *ret_more = *ret_more && n > 0;
    return err;
}

enum err sheet_zip_read(struct sheet_zip *z, const char *part,
                        struct sheet_xml *x)
{
    zip_int64_t index = zip_name_locate(z->zip, part, ZIP_FL_NOCASE);
    if (index < 0) {
        return ERR_NOT_FOUND;
    }
    zip_file_t *file = zip_fopen_index(z->zip, (zip_uint64_t)index, 0);
    if (file == NULL) {
        return damaged(x->p, zip_strerror(z->zip));
    }
    bool more = true;
    enum err err = xml_begin(x);
    while (err == OK && more) {
        err = unpack_piece(z, file, x, &more);
    }
    XML_ParserFree(x->parser);
    (void)zip_fclose(file);
    return err;
}
