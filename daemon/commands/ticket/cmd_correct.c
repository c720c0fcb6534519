/* ticket.correct: a misclick, or a day declared a holiday afterwards, is mended
 * by a replacing verdict that says what it rests on. The first verdict stays,
 * reports count both (design section 4). */
#include <string.h>

#include "daemon/commands/ticket/move.h"
#include "daemon/commands/ticket/ticket_access.h"
#include "daemon/commands/words.h"

/* Columns of STMT_CLOCK_LATEST, in its order. */
static const char *const columns[] = {
    "ticket",     "n",           "v",
    "kind",       "dispatch",    "unit",
    "round",      "start_at",    "limit_n",
    "limit_unit", "limit_until", "due_at",
    "by_day",     "provisional", "yellow_at",
    "run",        "paused_at",   "stop_at",
    "verdict",    "next_step",   "fired",
    "held",       "from_at",     "stop_seq",
    "turn",       "corrected",   "corrected_record"};

enum {
    COLUMNS = sizeof columns / sizeof columns[0],
    AT_V = 2,
    AT_VERDICT = 18,
    AT_FROM = 22,
    AT_CORRECTED = 25,
    AT_RECORD = 26,
};

/* One version of a clock, as stored. */
struct version {
    struct cell cells[COLUMNS];
};

static enum err latest(struct call *c, ticket_id ticket, struct version *ret)
{
    struct cell binds[] = {cell_int("", ticket),
                           cell_int("", arg(c, "clock")->number)};
    struct rows rows;
    enum err err = rows_begin(c->store, STMT_CLOCK_LATEST, binds, 2, &rows);
    if (err != OK) {
        return err;
    }
    bool there = rows_next(&rows);
    for (int i = 0; there && i < COLUMNS; i++) {
        ret->cells[i] = rows_null(&rows, i)
                            ? cell_null(columns[i])
                            : cell_int(columns[i], rows_int(&rows, i));
    }
    err = rows_end(&rows);
    return err == OK && !there ? refuse(c, ERR_NOT_FOUND, "clock", "", "")
                               : err;
}

/* What counts today: the verdict given, or the one that replaced it. */
static enum verdict present(const struct version *v)
{
    int64_t corrected = v->cells[AT_CORRECTED].number;
    return (enum verdict)(
        corrected != VERDICT_OPEN ? corrected : v->cells[AT_VERDICT].number);
}

static enum err check(struct call *c, const struct version *v,
                      enum verdict verdict)
{
    const struct value *record = arg(c, "record");
    if (v->cells[AT_VERDICT].number == VERDICT_OPEN) {
        return refuse(c, ERR_BAD_STATE, "clock",
                      "a clock that has stopped with a verdict",
                      "it still runs");
    }
    if (present(v) == verdict) {
        return refuse(c, ERR_BAD_PARAM, "verdict",
                      "another verdict than the present one",
                      word_verdict((int64_t)verdict));
    }
    if (record->given && record->number >= c->seq) {
        return refuse(c, ERR_NOT_FOUND, "record", "", "");
    }
    return OK;
}

/* A correction that was known is never edited: the next one is a version of its
 * own, in the place of the one before, so that each is seen as it was known. */
static enum err next_version(struct call *c, struct version *v)
{
    int64_t from = v->cells[AT_FROM].number;
    struct cell ended[] = {v->cells[0], v->cells[1], v->cells[AT_V],
                           cell_int("to_at", from), cell_int("to_seq", c->seq)};
    enum err err = store_put(c->store, TABLE_CLOCK, ended, 5);
    if (err != OK) {
        return err;
    }
    struct cell next[COLUMNS + 1];
    v->cells[AT_V].number++;
    memcpy(next, v->cells, sizeof v->cells);
    next[COLUMNS] = cell_int("from_seq", c->seq);
    return store_put(c->store, TABLE_CLOCK, next, COLUMNS + 1);
}

static enum err put(struct call *c, struct version *v, enum verdict verdict)
{
    const struct value *record = arg(c, "record");
    bool again = v->cells[AT_CORRECTED].number != VERDICT_OPEN;
    enum err err = again ? next_version(c, v) : OK;
    struct cell cells[] = {
        v->cells[0],
        v->cells[1],
        v->cells[AT_V],
        cell_int("corrected", verdict),
        cell_int("corrected_seq", c->seq),
        record->given ? cell_int("corrected_record", record->number)
                      : cell_null("corrected_record"),
    };
    return err == OK ? store_put(c->store, TABLE_CLOCK, cells, 6) : err;
}

enum err cmd_ticket_correct(struct call *c)
{
    static const enum verdict verdicts[] = {VERDICT_KEPT, VERDICT_LATE,
                                            VERDICT_VOID};
    static const struct said said[] = {{"reason", TEXT_REASON}};
    enum verdict verdict = verdicts[arg(c, "verdict")->number];
    struct work w;
    struct version version = {.cells = {{0}}};
    enum err err = work_begin(c, &w);
    if (err == OK) {
        err = ticket_seen(c, &w);
    }
    if (err == OK) {
        w.event.type = EV_CORRECT;
        err = latest(c, w.row.ticket.id, &version);
    }
    if (err == OK) {
        err = check(c, &version, verdict);
    }
    if (err == OK) {
        err = move_finish(c, &w, said, 1);
    }
    return err == OK ? put(c, &version, verdict) : err;
}
