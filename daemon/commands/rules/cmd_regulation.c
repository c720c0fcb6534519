/* The regulation's versions. A new one is taken whole or refused with all its
 * errors; it may not begin before the newest does, so that which version was
 * in force at an instant never changes afterwards. */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "daemon/commands/result.h"
#include "daemon/commands/rules/rule_rows.h"
#include "daemon/commands/rules/rulebook.h"
#include "proto/message.h"
#include "proto/regulation_json.h"

static int64_t newest(const struct rulebook *book)
{
    int64_t version = 0;
    while (rulebook_regulation(book, version + 1) != NULL) {
        version++;
    }
    return version;
}

/* All errors in one line: the first as the problem itself, the paths and
 * reasons of the rest as far as they fit. */
static enum err refuse_body(struct call *c,
                            const struct regulation_errors *errors)
{
    const struct problem *first = &errors->list[0];
    char detail[PROBLEM_TEXT_SIZE];
    int kept =
        errors->n < REGULATION_ERRORS_MAX ? errors->n : REGULATION_ERRORS_MAX;
    size_t len = (size_t)snprintf(detail, sizeof detail, "%s", first->detail);
    if (errors->n > 1 && len < sizeof detail) {
        len += (size_t)snprintf(detail + len, sizeof detail - len,
                                " (%d errors in all)", errors->n);
    }
    for (int i = 1; i < kept && len < sizeof detail; i++) {
        const struct problem *p = &errors->list[i];
        len += (size_t)snprintf(detail + len, sizeof detail - len,
                                "; %s: %s, expected %s", p->param, p->detail,
                                p->expected);
    }
    return refuse(c, ERR_BAD_REGULATION, first->param, first->expected, detail);
}

static enum err in_order(struct call *c, const struct regulation *reg)
{
    const struct regulation *last =
        rulebook_regulation(c->book, newest(c->book));
    if (last == NULL || reg->effective >= last->effective) {
        return OK;
    }
    char at[INSTANT_TEXT_SIZE];
    char expected[PROBLEM_TEXT_SIZE];
    snprintf(expected, sizeof expected, "not before the newest version's, %s",
             instant_format(last->effective, at));
    return refuse(c, ERR_BAD_REGULATION, "effective", expected, "");
}

static enum err put(struct call *c, json_t *body, const struct regulation *reg)
{
    int64_t version = store_next_id(c->store, TABLE_REGULATION);
    char *text = json_dumps(body, JSON_COMPACT);
    if (text == NULL) {
        return ERR_NO_MEMORY;
    }
    enum err err =
        regulation_put(c->store, version, reg->effective, text, c->seq);
    free(text);
    if (err != OK) {
        return err;
    }
    c->book_changed = true;
    c->result = json_object();
    json_object_set_new(c->result, "version", json_integer(version));
    json_object_set_new(c->result, "name", result_text(reg->name));
    json_object_set_new(c->result, "effective", result_instant(reg->effective));
    return OK;
}

enum err cmd_regulation_add(struct call *c)
{
    json_t *body = arg(c, "body")->json;
    struct regulation *reg = malloc(sizeof *reg);
    struct regulation_errors *errors = malloc(sizeof *errors);
    enum err err = ERR_NO_MEMORY;
    if (reg != NULL && errors != NULL) {
        err = regulation_decode(body, reg, errors);
    }
    if (err == ERR_BAD_REGULATION) {
        err = refuse_body(c, errors);
    }
    if (err == OK) {
        err = in_order(c, reg);
    }
    if (err == OK) {
        err = put(c, body, reg);
    }
    free(errors);
    free(reg);
    return err;
}

enum err cmd_regulation_list(struct call *c)
{
    json_t *table = table_new("version name effective source");
    const struct regulation *reg;
    for (int64_t v = 1; (reg = rulebook_regulation(c->book, v)) != NULL; v++) {
        json_t *row = table_row(table);
        row_int(row, v);
        row_text(row, reg->name);
        row_instant(row, reg->effective);
        row_text(row, reg->source);
    }
    c->result = json_object();
    json_object_set_new(c->result, "regulations", table);
    return OK;
}

/* The body as it was given. */
static enum err read_body(struct call *c, int64_t version)
{
    struct cell bind = cell_int("", version);
    struct rows rows;
    enum err err = rows_begin(c->store, STMT_REGULATION_BODY, &bind, 1, &rows);
    if (err != OK) {
        return err;
    }
    json_t *body = NULL;
    if (rows_next(&rows)) {
        const char *text = rows_text(&rows, 0);
        err = json_parse(text, strlen(text), &body, &c->problem);
    } else {
        err = refuse(c, ERR_NOT_FOUND, "version", "", "");
    }
    enum err end = rows_end(&rows);
    if (err == OK) {
        c->result = json_object();
        json_object_set_new(c->result, "version", json_integer(version));
        json_object_set_new(c->result, "body", body);
        err = end;
    }
    return err;
}

enum err cmd_regulation_show(struct call *c)
{
    const struct value *version = arg(c, "version");
    if (version->given) {
        return read_body(c, version->number);
    }
    const struct regulation *reg = rulebook_in_force(c->book, c->at);
    return reg != NULL ? read_body(c, reg->version)
                       : refuse(c, ERR_NOT_FOUND, "version", "", "");
}
