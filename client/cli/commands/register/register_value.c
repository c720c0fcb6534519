/* See register_value.h. Much of what is in a cell is the spreadsheet's and not
 * its author's: it took texts for numbers or dates. */
#include "client/cli/commands/register/register_value.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "client/cli/commands/register/register_text.h"
#include "client/cli/files/file.h"

/* clang-format off */
/* The wire's word behind what people write, by parameter. */
static const struct {
    const char *param;
    const char *word;
    const char *said;
} words[] = {
    {"position", "lead", "链主|链主企业|龙头|龙头企业|lead"},
    {"position", "core", "骨干|骨干企业|重点企业|core"},
    {"position", "member", "上下游|上下游企业|配套|配套企业|成员|member"},
    {"role", "enterprise", "企业联系人|企业联络员|联系人|enterprise"},
    {"role", "guide", "党建指导员|指导员|企业管家|管家|guide"},
    {"role", "dispatcher", "派单员|dispatcher"},
    {"role", "head", "部门负责人|负责人|部门领导|主要负责人|head"},
    {"role", "handler", "经办人|承办人|经办人员|联络员|handler"},
    {"role", "leader", "领导|县领导|县级领导|市领导|leader"},
    {"role", "supervisor", "督查员|督查人员|督查|supervisor"},
    {"role", "system", "系统管理员|system"},
    {"role", "security", "安全管理员|security"},
    {"role", "audit", "审计管理员|审计员|audit"},
    {"as", "steward", "管家|企业管家|党建指导员|指导员|steward"},
    {"as", "specialist", "专员|服务专员|specialist"},
};
/* clang-format on */

/* 8.68533E+14: what a spreadsheet shows of a long number, and what a CSV keeps
 * of it. */
static bool lost_digits(const char *text)
{
    static const char digits[] = "0123456789";
    size_t n = strspn(text, digits);
    if (n != 1) {
        return false;
    }
    const char *at = text + 1;
    if (*at == '.') {
        at += 1 + strspn(at + 1, digits);
    }
    return (*at == 'E' || *at == 'e') && at[1] == '+' && at[2] != '\0' &&
           at[2 + strspn(at + 2, digits)] == '\0';
}

static bool formula_error(const char *text)
{
    static const char errors[] =
        "#N/A|#REF!|#NAME?|#VALUE!|#DIV/0!|#NUM!|#NULL!|#SPILL!|#CALC!";
    return text_place(errors, text) >= 0;
}

static enum err spoilt(const struct field *field, const struct sheet_cell *cell,
                       const char *text, struct problem *p)
{
    char detail[PROBLEM_TEXT_SIZE];
    (void)snprintf(detail, sizeof detail, "got '%.80s'", text);
    if (formula_error(text)) {
        return problem_set(p, ERR_BAD_PARAM, field->param,
                           "a value; the formula in this cell fails", detail);
    }
    if (field->form != FORM_CODE && field->form != FORM_PLACE) {
        return OK;
    }
    if (cell->kind == SHEET_DATE) {
        return problem_set(p, ERR_BAD_PARAM, field->param,
                           "a column formatted as text: the spreadsheet made a "
                           "date of it",
                           detail);
    }
    if (lost_digits(text)) {
        return problem_set(p, ERR_BAD_PARAM, field->param,
                           "a column formatted as text before it is filled: "
                           "this one lost digits",
                           detail);
    }
    return OK;
}

/* "链主、骨干、上下游" cannot be told apart from a wrong word: refused. */
static enum err word_value(const struct field *field, char **text,
                           struct problem *p)
{
    char detail[PROBLEM_TEXT_SIZE];
    char expected[PROBLEM_TEXT_SIZE] = "";
    size_t len = 0;
    char *folded = text_folded(*text);
    const char *found = NULL;
    for (size_t i = 0; i < sizeof words / sizeof words[0]; i++) {
        if (strcmp(words[i].param, field->param) != 0) {
            continue;
        }
        found = text_place(words[i].said, folded) >= 0 ? words[i].word : found;
        int n = snprintf(expected + len, sizeof expected - len, "%s%.*s",
                         len == 0 ? "one of " : "|",
                         (int)strcspn(words[i].said, "|"), words[i].said);
        len += n > 0 && len + (size_t)n < sizeof expected ? (size_t)n : 0;
    }
    free(folded);
    (void)snprintf(detail, sizeof detail, "got '%.80s'", *text);
    free(*text);
    *text = NULL;
    if (found == NULL) {
        return problem_set(p, ERR_BAD_PARAM, field->param, expected, detail);
    }
    *text = must_copy(found);
    return OK;
}

enum err field_value(const struct field *field, const struct sheet_cell *cell,
                     char **ret, struct problem *p)
{
    /* an apostrophe in front says "this is text" */
    const char *text = cell->text + (cell->text[0] == '\'' ? 1 : 0);
    char *value = field->form == FORM_CODE ? text_code(text) : text_name(text);
    *ret = NULL;
    if (value[0] == '\0') {
        free(value);
        return OK;
    }
    enum err err = spoilt(field, cell, value, p);
    if (err == OK && field->form == FORM_WORD) {
        err = word_value(field, &value, p);
    }
    if (err != OK) {
        free(value);
        return err;
    }
    *ret = value;
    return OK;
}
