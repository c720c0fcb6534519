/* mine: a page of one box (mine_box.h), and how many are in each, up to a
 * bound.
 */
#include "daemon/commands/page.h"
#include "daemon/commands/result.h"
#include "daemon/commands/view/mine.h"
#include "daemon/commands/view/mine_box.h"

enum {
    COUNT_MAX = 1000 /* counted so far, then `more` */
};

static const char *const box_names[BOX_COUNT] = {"todo", "done", "soon",
                                                 "overdue", "told"};

static enum err count_box(struct call *c, enum box box, struct box_reader *ret)
{
    *ret = (struct box_reader){.c = c, .box = box, .limit = COUNT_MAX};
    return box_read(ret, (struct spot){INT64_MIN, 0});
}

static enum err count_light(struct call *c, enum box box,
                            struct mine_counts *sum, struct mine_count *ret)
{
    struct box_reader r;
    enum err err = count_box(c, box, &r);
    *ret = (struct mine_count){r.n, r.more};
    sum->looked += r.looked;
    return err;
}

/* If all that waits was read, so were all its lights. */
enum err mine_count(struct call *c, struct mine_counts *ret)
{
    struct box_reader all;
    enum err err = count_box(c, BOX_TODO, &all);
    *ret = (struct mine_counts){.todo = {all.n, all.more},
                                .soon = {all.yellow, false},
                                .overdue = {all.red, false},
                                .looked = all.looked};
    if (err == OK && all.more) {
        err = count_light(c, BOX_SOON, ret, &ret->soon);
    }
    if (err == OK && all.more) {
        err = count_light(c, BOX_OVERDUE, ret, &ret->overdue);
    }
    return err;
}

static void write_count(json_t *table, enum box box, struct mine_count count)
{
    json_t *row = table_row(table);
    row_text(row, box_names[box]);
    row_int(row, count.n);
    json_array_append_new(row, json_boolean(count.more));
}

static enum err counts(struct call *c)
{
    json_t *table = table_new("box count more");
    json_object_set_new(c->result, "counts", table);
    struct mine_counts waiting;
    struct box_reader done_by;
    struct box_reader told_to_one;
    enum err err = mine_count(c, &waiting);
    if (err == OK) {
        err = count_box(c, BOX_DONE, &done_by);
    }
    if (err == OK) {
        err = count_box(c, BOX_TOLD, &told_to_one);
    }
    if (err != OK) {
        return err;
    }
    write_count(table, BOX_TODO, waiting.todo);
    write_count(table, BOX_DONE, (struct mine_count){done_by.n, done_by.more});
    write_count(table, BOX_SOON, waiting.soon);
    write_count(table, BOX_OVERDUE, waiting.overdue);
    write_count(table, BOX_TOLD,
                (struct mine_count){told_to_one.n, told_to_one.more});
    return OK;
}

enum err cmd_mine(struct call *c)
{
    struct page page;
    const struct value *box = arg(c, "box");
    enum err err = page_begin(c, 2, 0, &page);
    if (err != OK) {
        return err;
    }
    struct box_reader r = {.c = c,
                           .box = box->given ? (enum box)box->number : BOX_TODO,
                           .limit = page.limit,
                           .table = table_new(box_columns)};
    c->result = json_object();
    json_object_set_new(c->result, "box", json_string(box_names[r.box]));
    json_object_set_new(c->result, "tickets", r.table);
    err = box_read(
        &r, (struct spot){page.first ? INT64_MIN : page.mark[0], page.mark[1]});
    if (err == OK && r.more) {
        int64_t mark[] = {r.last.due, r.last.ticket};
        page_next(c->result, mark, 2);
    }
    return err == OK ? counts(c) : err;
}
