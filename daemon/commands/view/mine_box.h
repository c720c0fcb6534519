/* One box of mine: what waits for one (待办), what one did (已办), what falls
 * due (将超时), what is late (超时), what one was told (抄送). */
#ifndef BIHUAN_DAEMON_COMMANDS_VIEW_MINE_BOX_H
#define BIHUAN_DAEMON_COMMANDS_VIEW_MINE_BOX_H

#include "daemon/commands/call.h"
#include "daemon/commands/view/streams.h"

/* In the order of the choices of `box`. */
enum box {
    BOX_TODO,
    BOX_DONE,
    BOX_SOON,
    BOX_OVERDUE,
    BOX_TOLD,
    BOX_COUNT
};

/* The columns of a table of its rows. */
extern const char box_columns[];

/* What a reading of a box gives its rows to. */
struct box_reader {
    struct call *c;
    enum box box;
    int64_t limit; /* rows; one more is not taken, */
    bool more;     /* and this is set */
    int64_t n;
    json_t *table; /* NULL: only counted */
    struct spot last;
    int64_t looked; /* tickets looked at */
    int64_t yellow; /* among the rows */
    int64_t red;
};
/* Reads the box after that spot, first {INT64_MIN, 0}, up to the limit. */
enum err box_read(struct box_reader *r, struct spot after);

#endif
