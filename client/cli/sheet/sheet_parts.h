/* What the readers of sheet.h share. Internal to them and to the tests. */
#ifndef BIHUAN_CLIENT_CLI_SHEET_SHEET_PARTS_H
#define BIHUAN_CLIENT_CLI_SHEET_SHEET_PARTS_H

#include <expat.h>

#include "client/cli/sheet/sheet.h"
#include "core/limits.h"

/* Bytes that grow. */
struct sheet_bytes {
    char *at;
    size_t len;
    size_t room;
};
void sheet_bytes_add(struct sheet_bytes *b, const char *bytes, size_t len);
void sheet_bytes_done(struct sheet_bytes *b);

/* -- a row on its way --------------------------------------------------------
 */

/* Cells may be set in any order. */
struct sheet_line {
    const struct sheet_sink *sink;
    struct problem *p;
    struct sheet_bytes text;
    int n;
    bool set[SHEET_COLUMNS_MAX];
    size_t starts[SHEET_COLUMNS_MAX];
    enum sheet_kind kinds[SHEET_COLUMNS_MAX];
    struct sheet_cell cells[SHEET_COLUMNS_MAX];
    int64_t given; /* rows that the sink got */
    bool enough;   /* it wants no more */
};
void sheet_line_begin(struct sheet_line *l);
/* LIMIT for a text too long, or one beyond the last column; an empty text is
 * nothing wherever it stands. */
enum err sheet_line_set(struct sheet_line *l, int column, const char *text,
                        size_t len, enum sheet_kind kind);
/* Gives the row to the sink unless it is empty. LIMIT: too many rows. */
enum err sheet_line_give(struct sheet_line *l, int64_t number);
void sheet_line_done(struct sheet_line *l);

/* -- CSV ---------------------------------------------------------------------
 */

/* Into UTF-8 without a byte order mark, heap. */
enum err sheet_decode(const char *bytes, size_t len, char **ret,
                      size_t *ret_len, struct problem *p);
/* `text` is UTF-8 without NUL. BAD_PARAM: a quote that never ends. */
enum err sheet_csv(const char *text, size_t len, const struct sheet_sink *sink,
                   struct problem *p);

/* -- XML ---------------------------------------------------------------------
 */

/* One part of a workbook being read. Names come without their prefix. A
 * handler that cannot go on, or has what it wanted (OK), calls sheet_xml_stop()
 * or sheet_xml_fail(); none is called after that. */
struct sheet_xml {
    XML_Parser parser;
    enum err err;
    bool stopped;
    struct problem *p;
    void *user;
    void (*start)(struct sheet_xml *x, const char *name, const char **attrs);
    void (*end)(struct sheet_xml *x, const char *name);
    void (*text)(struct sheet_xml *x, const char *text, size_t len);
};
void sheet_xml_stop(struct sheet_xml *x, enum err err); /* p is written */
void sheet_xml_fail(struct sheet_xml *x, enum err err, const char *expected,
                    const char *detail);
/* The value of an attribute by its name without prefix, NULL if absent. */
const char *sheet_xml_attr(const char **attrs, const char *name);
/* Reads a document from memory. BAD_PARAM: it is no sound XML, or declares
 * entities. */
enum err sheet_xml_bytes(struct sheet_xml *x, const char *bytes, size_t len);

/* -- the package -------------------------------------------------------------
 */

struct sheet_zip {
    struct zip *zip;
    size_t left; /* bytes that may still be unpacked */
};
enum err sheet_zip_open(const char *bytes, size_t len, struct sheet_zip *ret,
                        struct problem *p);
void sheet_zip_close(struct sheet_zip *z);
/* NOT_FOUND when there is no such part (p is not written); LIMIT when it
 * unpacks to more than is left; BAD_PARAM when it is damaged. */
enum err sheet_zip_read(struct sheet_zip *z, const char *part,
                        struct sheet_xml *x);

enum {
    SHEET_PART_SIZE = 512,
    SHEET_RELATIONS_MAX = 256 /* more are not looked at */
};

/* What a part names others by; all texts are heap. Zeroed it is empty. Big:
 * keep it on the heap. */
struct sheet_relations {
    char part[SHEET_PART_SIZE]; /* whose they are, "" of the package's */
    size_t n;
    struct sheet_relation {
        char *id;
        char *type;
        char *target;
    } list[SHEET_RELATIONS_MAX];
};
/* Those of a part instead of what is held; they stand beside it in _rels, none
 * is no fault. */
enum err sheet_relations_read(struct sheet_zip *zip, const char *part,
                              struct sheet_relations *r, struct problem *p);
void sheet_relations_forget(struct sheet_relations *r);
/* The name of the part that a relation leads to: the first one whose type ends
 * so, or the one of this number. False: there is none. */
bool sheet_part_of_type(const struct sheet_relations *r, const char *type,
                        char out[SHEET_PART_SIZE]);
bool sheet_part_of_id(const struct sheet_relations *r, const char *id,
                      char out[SHEET_PART_SIZE]);

/* -- a workbook --------------------------------------------------------------
 */

/* What cells refer to. */
struct sheet_shared {
    struct sheet_bytes strings; /* one behind another, NUL-ended */
    size_t *starts;
    size_t n_strings;
    size_t room;
    bool *dates; /* by style: is it one of a date */
    size_t n_styles;
    bool from_1904;
};

/* Reads the shared texts and the styles that the workbook's relations name into
 * *shared, which has none yet; on a failure, too, it is given to
 * sheet_shared_done(). */
enum err sheet_shared_read(struct sheet_zip *zip,
                           const struct sheet_relations *relations,
                           struct sheet_shared *shared, struct problem *p);
void sheet_shared_done(struct sheet_shared *shared);

/* The cells of one sheet's XML. `read` reads the document once with the given
 * handlers; it is called twice: merged cells stand behind the rows. */
enum err sheet_cells(const struct sheet_shared *shared,
                     const struct sheet_sink *sink,
                     enum err (*read)(void *user, struct sheet_xml *x),
                     void *user, struct problem *p);

enum {
    SHEET_NUMBER_SIZE = 64
};
/* The text of a number as sheet.h has it; what is no number stays. */
void sheet_number(const char *text, char out[SHEET_NUMBER_SIZE]);
/* The day and time of a serial number; false if it is none that a spreadsheet
 * can have. */
bool sheet_date(const char *text, bool from_1904, char out[SHEET_NUMBER_SIZE]);
/* Is this a number format of a date? */
bool sheet_date_format(const char *code);

#endif
