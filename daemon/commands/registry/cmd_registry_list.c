/* The lists of the register, as it is today. */
#include <stdio.h>
#include <string.h>

#include "daemon/commands/names.h"
#include "daemon/commands/page.h"
#include "daemon/commands/registry/register_access.h"
#include "daemon/commands/registry/registry_put.h"
#include "daemon/commands/result.h"

/* Columns 1.. as they come: texts, and an instant last. */
static void fill_texts(const struct rows *rows, json_t *row, int texts)
{
    for (int i = 1; i <= texts; i++) {
        row_text(row, rows_text(rows, i));
    }
    row_instant(row, rows_int_or(rows, texts + 1, INSTANT_NONE));
}

static void fill_chain(const struct rows *rows, json_t *row)
{
    row_text(row, rows_text(rows, 1));
    row_text(row, rows_text(rows, 2));
    row_text(row, rows_text(rows, 3));
    row_int(row, rows_int(rows, 4));
    row_instant(row, rows_int(rows, 5));
}

static void fill_three(const struct rows *rows, json_t *row)
{
    fill_texts(rows, row, 3);
}

static void fill_two(const struct rows *rows, json_t *row)
{
    fill_texts(rows, row, 2);
}

enum err cmd_chain_list(struct call *c)
{
    struct list list = {.columns = "code name committee enterprises from",
                        .statement = STMT_CHAIN_LIST,
                        .fill = fill_chain};
    return page_list(c, "chains", &list);
}

enum err cmd_committee_list(struct call *c)
{
    struct list list = {.columns = "code name chain from",
                        .statement = STMT_COMMITTEE_LIST,
                        .fill = fill_three};
    return page_list(c, "committees", &list);
}

enum err cmd_office_list(struct call *c)
{
    struct list list = {.columns = "code name from",
                        .statement = STMT_OFFICE_LIST,
                        .fill = fill_two};
    return page_list(c, "offices", &list);
}

enum err cmd_department_list(struct call *c)
{
    struct list list = {.columns = "code name parent from",
                        .statement = STMT_DEPARTMENT_LIST,
                        .fill = fill_three};
    return page_list(c, "departments", &list);
}

/* -- enterprises -------------------------------------------------------------
 */

static void fill_enterprise(const struct rows *rows, json_t *row)
{
    static const char *const positions[] = {"lead", "core", "member"};
    int64_t position = rows_int_or(rows, 4, -1);
    for (int i = 1; i <= 3; i++) {
        row_text(row, rows_text(rows, i));
    }
    row_text(row, position >= 0 && position <= POSITION_MEMBER
                      ? positions[position]
                      : NULL);
    row_text(row, rows_text(rows, 5));
    row_text(row, rows_text(rows, 6));
    json_array_append_new(row, json_boolean(rows_int(rows, 7) != 0));
    row_instant(row, rows_int(rows, 8));
}

enum err cmd_enterprise_list(struct call *c)
{
    struct entry chain = {.id = 0};
    if (arg(c, "chain")->given) {
        enum err err = named_chain(c, "chain", &chain);
        if (err != OK) {
            return err;
        }
    }
    struct cell binds[] = {register_people(c), cell_int("", register_reach(c)),
                           cell_int("", chain.id)};
    struct list list = {
        .columns = "code name chain position guide specialist warned from",
        .statement = STMT_ENTERPRISE_LIST,
        .binds = binds,
        .n_binds = 3,
        .fill = fill_enterprise};
    return page_list(c, "enterprises", &list);
}

/* -- people ------------------------------------------------------------------
 */

static void fill_person(const struct rows *rows, json_t *row)
{
    char name[MASK_SIZE];
    char phone[MASK_SIZE];
    bool clear = rows_int(rows, 7) != 0;
    row_text(row, rows_text(rows, 1));
    row_text(row,
             clear ? rows_text(rows, 2) : mask_name(rows_text(rows, 2), name));
    row_text(row, clear ? rows_text(rows, 3)
                        : mask_phone(rows_text(rows, 3), phone));
    row_text(row, rows_text(rows, 4));
    row_text(row, rows_null(rows, 5)
                      ? NULL
                      : role_name((enum role)rows_enum(rows, 5, ROLE_COUNT)));
    row_instant(row, rows_int(rows, 6));
}

/* One row a role. */
enum err cmd_person_list(struct call *c)
{
    struct entry unit = {.id = 0};
    if (arg(c, "unit")->given) {
        enum err err = named_unit(c, "unit", &unit);
        if (err != OK) {
            return err;
        }
    }
    struct cell binds[] = {register_people(c), cell_int("", register_reach(c)),
                           cell_int("", unit.id)};
    struct list list = {.columns = "account name phone unit role from",
                        .statement = STMT_PERSON_LIST,
                        .binds = binds,
                        .n_binds = 3,
                        .fill = fill_person};
    return page_list(c, "people", &list);
}

static void fill_guide(const struct rows *rows, json_t *row)
{
    row_text(row, rows_text(rows, 1));
    row_text(row, rows_text(rows, 2));
    row_text(row,
             rows_int(rows, 3) == RELATION_STEWARD ? "steward" : "specialist");
    row_text(row, rows_text(rows, 4));
    row_text(row, rows_text(rows, 5));
    row_instant(row, rows_int(rows, 6));
}

enum err cmd_guide_list(struct call *c)
{
    struct cell binds[] = {register_people(c), cell_int("", register_reach(c))};
    struct list list = {.columns = "account name as enterprise_code enterprise "
                                   "from",
                        .statement = STMT_GUIDE_LIST,
                        .binds = binds,
                        .n_binds = 2,
                        .fill = fill_guide};
    return page_list(c, "guides", &list);
}
