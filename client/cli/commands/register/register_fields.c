/* See register_fields.h. Headings come with marks for required columns and
 * remarks in brackets. */
#include "client/cli/commands/register/register_fields.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "client/cli/commands/register/register_text.h"
#include "client/cli/files/file.h"

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

/* clang-format on */

const struct field *fields_of(enum register_rows kind, int *ret_n)
{
    *ret_n = kinds[kind].n;
    return kinds[kind].fields;
}

/* Without stars for required ones, and a remark in brackets. */
static char *heading_folded(const char *text)
{
    char *folded = text_folded(text);
    size_t skip = strspn(folded, "*");
    memmove(folded, folded + skip, strlen(folded) - skip + 1);
    size_t len = strcspn(folded, "(:*[");
    if (len > 0) {
        folded[len] = '\0';
    }
    return folded;
}

/* The column whose heading stands earliest among the field's. */
static int column_of(const struct field *field, char *const *headings, int n)
{
    int best = -1;
    int best_place = 0;
    for (int i = 0; i < n; i++) {
        int place = text_place(field->headings, headings[i]);
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
