/* See register_fields.h. Tables come with marks for required columns, remarks
 * in brackets, blanks to fill names up, and what a spreadsheet took for numbers
 * or dates. */
#include "client/cli/commands/register/register_fields.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "client/cli/arguments/typed.h"
#include "client/cli/files/file.h"
#include "proto/utf8.h"

/* clang-format off */
static const struct field enterprise_fields[] = {
    {"code", FORM_CODE, NEED_EACH,
     "统一社会信用代码|社会信用代码|信用代码|企业代码|代码|"
     "unifiedsocialcreditcode|creditcode|uscc|code"},
    {"name", FORM_NAME, NEED_EACH,
     "企业名称|公司名称|单位名称|名称|企业|"
     "enterprisename|companyname|enterprise|company|name"},
    {"chain", FORM_PLACE, NEED_NOT,
     "产业链代码|产业链|所属产业链|所在产业链|产业链名称|chain"},
    {"position", FORM_WORD, NEED_NOT,
     "链上位置|链中位置|链上地位|位置|position"},
};
static const struct field department_fields[] = {
    {"code", FORM_CODE, NEED_EACH,
     "部门代码|单位代码|机构代码|代码|统一社会信用代码|信用代码|"
     "departmentcode|code"},
    {"name", FORM_NAME, NEED_EACH,
     "部门名称|单位名称|机构名称|名称|部门|单位|"
     "departmentname|department|name"},
    {"parent", FORM_PLACE, NEED_NOT,
     "上级部门代码|上级部门|上级单位|主管部门|上级|parent"},
};
static const struct field person_fields[] = {
    {"code", FORM_CODE, NEED_EACH,
     "账号|帐号|登录名|用户名|工号|人员代码|代码|account|login|user|code"},
    {"name", FORM_NAME, NEED_EACH, "姓名|人员姓名|名字|fullname|name"},
    {"phone", FORM_CODE, NEED_NOT,
     "手机|手机号|手机号码|电话|联系电话|电话号码|联系方式|"
     "mobile|phone|telephone|tel"},
    {"unit", FORM_PLACE, NEED_NOT,
     "单位代码|部门代码|单位|所在单位|工作单位|部门|所在部门|单位名称|"
     "部门名称|企业名称|unit|department|organisation|organization"},
    {"role", FORM_WORD, NEED_NOT, "角色|岗位|身份|role|post"},
};
static const struct field guide_fields[] = {
    {"enterprise", FORM_PLACE, NEED_EACH,
     "统一社会信用代码|社会信用代码|信用代码|企业代码|企业名称|企业|"
     "creditcode|enterprisename|enterprise|company"},
    {"person", FORM_CODE, NEED_ONE,
     "账号|帐号|人员账号|account|login|person"},
    {"as", FORM_WORD, NEED_NOT,
     "管家/专员|管家或专员|职责|身份|类别|类型|as|duty|type"},
    {"steward", FORM_CODE, NEED_ONE,
     "管家账号|企业管家账号|党建指导员账号|指导员账号|管家|企业管家|"
     "党建指导员|指导员|steward"},
    {"specialist", FORM_CODE, NEED_ONE,
     "专员账号|服务专员账号|专员|服务专员|specialist"},
};

static const struct {
    const struct field *fields;
    int n;
} kinds[ROWS_KINDS] = {
    [ROWS_ENTERPRISES] = {enterprise_fields, 4},
    [ROWS_DEPARTMENTS] = {department_fields, 3},
    [ROWS_PEOPLE] = {person_fields, 5},
    [ROWS_GUIDES] = {guide_fields, 5},
};

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

const struct field *fields_of(enum register_rows kind, int *ret_n)
{
    *ret_n = kinds[kind].n;
    return kinds[kind].fields;
}

/* -- texts -------------------------------------------------------------------
 */

static bool is_blank(uint32_t c)
{
    return c <= ' ' || c == 0xA0 || c == 0x3000 || c == 0xFEFF ||
           (c >= 0x200B && c <= 0x200F) || (c >= 0x2028 && c <= 0x202E) ||
           (c >= 0x2060 && c <= 0x2069);
}

/* A copy without blanks; with `inner` one stays between two words of letters:
 * 张　三 becomes 张三, "Ever Green" stays. */
static char *without_blanks(const char *text, bool inner)
{
    size_t len = strlen(text);
    char *out = must_alloc(len + 2);
    size_t to = 0;
    bool gap = false;
    bool wide = true; /* the last character that was put */
    for (size_t at = 0; at < len;) {
        size_t from = at;
        uint32_t c = utf8_next(text, len, &at);
        if (is_blank(c)) {
            gap = to > 0;
            continue;
        }
        if (gap && inner && !wide && c < 0x80) {
            out[to++] = ' ';
        }
        gap = false;
        wide = c >= 0x80;
        memcpy(out + to, text + from, at - from);
        to += at - from;
    }
    out[to] = '\0';
    return out;
}

/* Full-width letters and digits of a name as ASCII; its brackets stay. */
static char *plain_name(const char *text)
{
    size_t size = strlen(text) + 1;
    char *out = must_alloc(size);
    size_t to = 0;
    for (size_t at = 0; at + 1 < size;) {
        size_t from = at;
        uint32_t c = utf8_next(text, size - 1, &at);
        uint32_t plain = c >= 0xFF01 && c <= 0xFF5E ? c - 0xFEE0 : 0;
        bool sign = plain < '0' || (plain > '9' && plain < 'A') ||
                    (plain > 'Z' && plain < 'a') || plain > 'z';
        if (plain != 0 && !sign) {
            out[to++] = (char)plain;
        } else {
            memcpy(out + to, text + from, at - from);
            to += at - from;
        }
    }
    out[to] = '\0';
    return out;
}

static char *plain_code(const char *text)
{
    char *plain = typed_plain(text);
    if (plain == NULL) {
        return must_alloc(0); /* ends the program */
    }
    char *out = without_blanks(plain, false);
    free(plain);
    return out;
}

char *name_folded(const char *text)
{
    char *out = plain_code(text);
    for (char *at = out; *at != '\0'; at++) {
        *at = (char)(*at >= 'A' && *at <= 'Z' ? *at - 'A' + 'a' : *at);
    }
    return out;
}

/* -- headings ----------------------------------------------------------------
 */

/* Without stars for required ones, and a remark in brackets. */
static char *heading_folded(const char *text)
{
    char *folded = name_folded(text);
    size_t skip = strspn(folded, "*");
    memmove(folded, folded + skip, strlen(folded) - skip + 1);
    size_t len = strcspn(folded, "(:*[");
    if (len > 0) {
        folded[len] = '\0';
    }
    return folded;
}

/* The place of `text` in a list a|b|c, -1 if it is not there. */
static int place_in(const char *list, const char *text)
{
    size_t len = strlen(text);
    int place = 0;
    for (const char *at = list; at != NULL && len > 0; place++) {
        size_t n = strcspn(at, "|");
        if (n == len && memcmp(at, text, len) == 0) {
            return place;
        }
        at = at[n] == '|' ? at + n + 1 : NULL;
    }
    return -1;
}

/* The column whose heading stands earliest among the field's. */
static int column_of(const struct field *field, char *const *headings, int n)
{
    int best = -1;
    int best_place = 0;
    for (int i = 0; i < n; i++) {
        int place = place_in(field->headings, headings[i]);
        if (place >= 0 && (best < 0 || place < best_place)) {
            best = i;
            best_place = place;
        }
    }
    return best;
}

static bool complete(const struct field *fields, int n, const int *columns)
{
    bool asked = false;
    bool one = false;
    for (int i = 0; i < n; i++) {
        if (fields[i].need == NEED_EACH && columns[i] < 0) {
            return false;
        }
        asked = asked || fields[i].need == NEED_ONE;
        one = one || (fields[i].need == NEED_ONE && columns[i] >= 0);
    }
    return one || !asked;
}

int fields_match(enum register_rows kind, const struct sheet_row *row,
                 int ret[FIELDS_MAX])
{
    int n = 0;
    int found = 0;
    const struct field *fields = fields_of(kind, &n);
    char **headings = must_alloc((size_t)row->n * sizeof *headings);
    for (int i = 0; i < row->n; i++) {
        headings[i] = heading_folded(row->cells[i].text);
    }
    for (int i = 0; i < n; i++) {
        ret[i] = column_of(&fields[i], headings, row->n);
        found += ret[i] >= 0 ? 1 : 0;
    }
    for (int i = 0; i < row->n; i++) {
        free(headings[i]);
    }
    free(headings);
    return complete(fields, n, ret) ? found : 0;
}

void fields_needed(enum register_rows kind, char *out, size_t size)
{
    int n = 0;
    size_t len = 0;
    bool one = false;
    const struct field *fields = fields_of(kind, &n);
    out[0] = '\0';
    for (int i = 0; i < n; i++) {
        bool named =
            fields[i].need == NEED_EACH || (fields[i].need == NEED_ONE && !one);
        one = one || fields[i].need == NEED_ONE;
        if (named && len < size) {
            int more = snprintf(
                out + len, size - len, "%s%.*s", len == 0 ? "" : ", ",
                (int)strcspn(fields[i].headings, "|"), fields[i].headings);
            len += more > 0 ? (size_t)more : 0;
        }
    }
}

/* -- cells -------------------------------------------------------------------
 */

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
    return place_in(errors, text) >= 0;
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
    char *folded = name_folded(*text);
    const char *found = NULL;
    for (size_t i = 0; i < sizeof words / sizeof words[0]; i++) {
        if (strcmp(words[i].param, field->param) != 0) {
            continue;
        }
        found = place_in(words[i].said, folded) >= 0 ? words[i].word : found;
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
    *text = must_alloc(strlen(found) + 1);
    memcpy(*text, found, strlen(found) + 1);
    return OK;
}

static char *clean_value(const struct field *field, const char *text)
{
    if (field->form == FORM_CODE) {
        return plain_code(text);
    }
    char *plain = plain_name(text);
    char *out = without_blanks(plain, true);
    free(plain);
    return out;
}

enum err field_value(const struct field *field, const struct sheet_cell *cell,
                     char **ret, struct problem *p)
{
    /* an apostrophe in front says "this is text" */
    const char *text = cell->text + (cell->text[0] == '\'' ? 1 : 0);
    char *value = clean_value(field, text);
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
