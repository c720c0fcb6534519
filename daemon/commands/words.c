/* Words on the wire: see words.h. */
#include "daemon/commands/words.h"

#include <assert.h>
#include <stddef.h>
#include <stdio.h>
#include <string.h>

#include "core/regulation.h"
#include "core/ticket.h"
#include "daemon/commands/rules/rulebook.h"

const char *word_does(int64_t does)
{
    return does >= 0 && does < STEP_DOES_COUNT
               ? step_does_name((enum step_does)does)
               : NULL;
}

const char *word_verdict(int64_t verdict)
{
    static const char *const words[] = {
        [VERDICT_OPEN] = "open",
        [VERDICT_KEPT] = "kept",
        [VERDICT_LATE] = "late",
        [VERDICT_VOID] = "void",
    };
    return verdict >= 0 && verdict <= VERDICT_VOID ? words[verdict] : NULL;
}

/* -- codes -------------------------------------------------------------------
 */

static const struct choice *choice_of(const struct regulation *reg,
                                      const char *set, const char *code)
{
    int32_t i = -1;
    if (strcmp(set, "category") == 0) {
        i = regulation_category(reg, code);
        return i < 0 ? NULL : &reg->categories[i];
    }
    if (strcmp(set, "urgency") == 0) {
        i = regulation_urgency(reg, code);
        return i < 0 ? NULL : &reg->urgencies[i];
    }
    assert(strcmp(set, "channel") == 0);
    i = regulation_channel(reg, code);
    return i < 0 ? NULL : &reg->channels[i];
}

static json_t *member_object(json_t *object, const char *name)
{
    json_t *member = json_object_get(object, name);
    if (member == NULL) {
        member = json_object();
        json_object_set_new(object, name, member);
    }
    return member;
}

static bool added(const struct call *c, const char *set, const char *code)
{
    json_t *words = json_object_get(c->result, "words");
    return json_object_get(json_object_get(words, set), code) != NULL;
}

void words_add(struct call *c, const struct regulation *reg, const char *set,
               const char *code)
{
    const struct choice *choice = choice_of(reg, set, code);
    if (choice == NULL) {
        return;
    }
    json_t *names = json_array();
    json_array_append_new(names, json_string(choice->zh));
    json_array_append_new(names, json_string(choice->en));
    json_t *words = member_object(c->result, "words");
    json_object_set_new(member_object(words, set), code, names);
}

enum err words_find(struct call *c, const char *set, const char *code,
                    instant at, int64_t known)
{
    struct cell binds[] = {cell_int("", known), cell_int("", at)};
    struct rows rows;
    if (added(c, set, code)) {
        return OK;
    }
    enum err err =
        rows_begin(c->store, STMT_REGULATIONS_KNOWN, binds, 2, &rows);
    if (err != OK) {
        return err;
    }
    while (!added(c, set, code) && rows_next(&rows)) {
        const struct regulation *reg =
            rulebook_regulation(c->book, rows_int(&rows, 0));
        if (reg != NULL) {
            words_add(c, reg, set, code);
        }
    }
    return rows_end(&rows);
}

bool words_known(const struct call *c, const char *set, const char *code)
{
    const struct regulation *reg = NULL;
    for (int64_t v = 1; (reg = rulebook_regulation(c->book, v)) != NULL; v++) {
        if (choice_of(reg, set, code) != NULL) {
            return true;
        }
    }
    return false;
}

static const struct choice *choices_of(const struct regulation *reg,
                                       const char *set, int32_t *ret_n)
{
    if (strcmp(set, "category") == 0) {
        *ret_n = reg->n_categories;
        return reg->categories;
    }
    bool urgency = strcmp(set, "urgency") == 0;
    *ret_n = urgency ? reg->n_urgencies : reg->n_channels;
    return urgency ? reg->urgencies : reg->channels;
}

void words_expected(const struct regulation *reg, const char *set,
                    char out[PROBLEM_TEXT_SIZE])
{
    int32_t n = 0;
    const struct choice *list = choices_of(reg, set, &n);
    size_t len = (size_t)snprintf(out, PROBLEM_TEXT_SIZE,
                                  "a code of the regulation in force: ");
    /* a code is never cut: it may be Han, and half a character is no UTF-8 */
    for (int32_t i = 0;
         i < n && len + strlen(list[i].code) + 2 <= PROBLEM_TEXT_SIZE; i++) {
        len += (size_t)snprintf(out + len, PROBLEM_TEXT_SIZE - len, "%s%s",
                                i == 0 ? "" : "|", list[i].code);
    }
}
