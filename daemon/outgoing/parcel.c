/* From a row of the outbox to what is sent: see parcel.h. */
#include "daemon/outgoing/parcel.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "core/clock.h"
#include "daemon/commands/ticket/apply.h"
#include "daemon/commands/view/notices.h"
#include "daemon/store/registry.h"
#include "proto/hex.h"

/* -- the clock that a notice is about ---------------------------------------
 */

static void set_clock(struct letter *l, const struct clock *c)
{
    l->has_clock = true;
    l->clock = c->kind;
    l->due = c->due;
    l->light = clock_light(c, l->at);
}

/* By its number, as it stands now, stopped or not. */
static enum err numbered_clock(struct store *s, int64_t n, struct letter *l)
{
    struct cell binds[] = {cell_int("", l->ticket), cell_int("", n)};
    struct rows r;
    enum err err = rows_begin(s, STMT_LETTER_CLOCK, binds, 2, &r);
    if (err != OK) {
        return err;
    }
    if (rows_next(&r)) {
        struct clock c = {
            .kind = (enum clock_kind)rows_enum(&r, 0, CLOCK_KIND_COUNT),
            .due = {.at = rows_int_or(&r, 1, INSTANT_NONE),
                    .by_day = rows_int(&r, 2) != 0},
            .yellow = rows_int_or(&r, 3, INSTANT_MAX),
            .run = CLOCK_RUNNING};
        set_clock(l, &c);
    }
    return rows_end(&r);
}

/* Else the finish clock of who is told, else what the ticket waits for. */
static enum err open_clock(struct store *s, register_id target,
                           struct letter *l)
{
    struct ticket_row row;
    enum err err = ticket_load(s, l->ticket, &row);
    if (err != OK) {
        return err;
    }
    if (!ticket_ok(&row.ticket)) {
        return ERR_CORRUPT;
    }
    const struct clock *found = work_main_clock(&row.ticket);
    for (int32_t i = 0; i < row.ticket.n_clocks; i++) {
        const struct clock *c = &row.ticket.clocks[i];
        if (c->kind == CLOCK_FINISH && c->unit == target) {
            found = c;
        }
    }
    if (found != NULL) {
        set_clock(l, found);
    }
    if ((row.ticket.flags & TICKET_CONFIDENTIAL) != 0) {
        l->title[0] = '\0'; /* it may name the enterprise */
        if (target == row.ticket.enterprise) {
            l->to[0] = '\0';
        }
    }
    return OK;
}

/* -- who and what -----------------------------------------------------------
 */

static enum err addressee(struct store *s, register_id target, struct letter *l)
{
    struct entry entry;
    enum err err = registry_by_id(s, target, &entry);
    if (err != OK) {
        return err;
    }
    snprintf(l->to, sizeof l->to, "%s", entry.code);
    l->addressee = entry.kind == REGISTER_ENTERPRISE ? TO_ENTERPRISE
                   : entry.kind == REGISTER_PERSON   ? TO_PERSON
                                                     : TO_UNIT;
    return OK;
}

/* A person who may not read it any more (they are of the unit that is
 * complained of by now, or have gone) is not there to tell. */
static enum err ask_person(struct store *s, const struct told *told,
                           instant now, const struct letter *l)
{
    bool found = true;
    enum err err = OK;
    if (told->notice != 0 && l->addressee == TO_PERSON) {
        err = notice_found_by(s, l->to, now, told, &found);
    }
    return err == OK && !found ? ERR_NOT_FOUND : err;
}

/* Of the first who may read what it tells: a unit's notice of a complaint is
 * not for who is also of the unit complained of. A digest is its person's own.
 */
static enum err find_phone(struct store *s, const struct told *told,
                           instant now, struct letter *l)
{
    struct cell bind = cell_int("", told->target);
    struct rows r;
    bool found = false;
    enum err err = rows_begin(s, STMT_LETTER_PHONES, &bind, 1, &r);
    if (err != OK) {
        return err;
    }
    while (err == OK && !found && rows_next(&r)) {
        found = told->notice == 0;
        if (!found) {
            err = notice_found_by(s, rows_text(&r, 0), now, told, &found);
        }
        if (err == OK && found) {
            snprintf(l->phone, sizeof l->phone, "%s", rows_text(&r, 1));
        }
    }
    enum err end = rows_end(&r);
    return err == OK ? end : err;
}

/* The hash of the record that told, and the delivery's id: no other delivery
 * has this key, not even of this county's data put back from a copy. */
static void set_key(struct letter *l, const char *hash, int64_t id)
{
    snprintf(l->key, sizeof l->key, "bihuan-%.16s-%" PRId64, hash, id);
}

static enum err read_notice(struct store *s, struct parcel *p,
                            register_id *ret_target)
{
    struct letter *l = &p->letter;
    struct cell bind = cell_int("", p->delivery.notice);
    struct rows r;
    enum err err = rows_begin(s, STMT_LETTER_NOTICE, &bind, 1, &r);
    if (err != OK) {
        return err;
    }
    int64_t clock = 0;
    bool there = rows_next(&r);
    if (there) {
        l->at = rows_int(&r, 0);
        *ret_target = rows_int(&r, 1);
        l->ticket = rows_int(&r, 2);
        l->event = (enum event_type)rows_enum(&r, 3, EV_COUNT);
        l->does = (enum step_does)rows_enum_or(&r, 4, STEP_DOES_COUNT,
                                               STEP_DOES_COUNT);
        clock = rows_int_or(&r, 5, 0);
        set_key(l, rows_text(&r, 6), p->delivery.id);
        snprintf(l->title, sizeof l->title, "%s", rows_text(&r, 7));
    }
    err = rows_end(&r);
    if (err == OK) {
        err = there ? addressee(s, *ret_target, l) : ERR_NOT_FOUND;
    }
    if (err == OK) {
        err = open_clock(s, *ret_target, l);
    }
    return err == OK && clock != 0 ? numbered_clock(s, clock, l) : err;
}

static enum err read_digest(struct store *s, struct parcel *p)
{
    struct letter *l = &p->letter;
    struct cell binds[] = {cell_int("", p->delivery.person),
                           cell_int("", p->delivery.day)};
    struct rows r;
    enum err err = rows_begin(s, STMT_LETTER_DIGEST, binds, 2, &r);
    if (err != OK) {
        return err;
    }
    bool there = rows_next(&r);
    if (there) {
        l->digest = true;
        l->day = (daynum)p->delivery.day;
        l->at = rows_int(&r, 0);
        l->todo = rows_int(&r, 1);
        l->soon = rows_int(&r, 2);
        l->overdue = rows_int(&r, 3);
        set_key(l, rows_text(&r, 4), p->delivery.id);
    }
    err = rows_end(&r);
    if (err == OK) {
        err = there ? addressee(s, p->delivery.person, l) : ERR_NOT_FOUND;
    }
    return err;
}

/* Nobody's in particular; as old as the younger head. */
static enum err read_anchors(struct store *s, struct parcel *p)
{
    struct letter *l = &p->letter;
    struct anchor journal;
    struct anchor audit;
    char hash[HEX_SIZE(ANCHOR_HASH_SIZE)];
    enum err err =
        outbox_anchors(s, p->delivery.id, l->journal_anchor, l->audit_anchor);
    if (err != OK ||
        anchor_parse(l->journal_anchor, strlen(l->journal_anchor), &journal) !=
            OK ||
        anchor_parse(l->audit_anchor, strlen(l->audit_anchor), &audit) != OK) {
        return err == OK ? ERR_NOT_FOUND : err;
    }
    hex_encode(journal.hash, sizeof journal.hash, hash);
    l->anchors = true;
    l->day = (daynum)p->delivery.day;
    l->at = audit.at > journal.at ? audit.at : journal.at;
    set_key(l, hash, p->delivery.id);
    return OK;
}

static enum err read_letter(struct store *s, struct parcel *p,
                            register_id *ret_target)
{
    const struct delivery *d = &p->delivery;
    return d->notice != 0   ? read_notice(s, p, ret_target)
           : d->person != 0 ? read_digest(s, p)
                            : read_anchors(s, p);
}

static enum err read_hook(struct store *s, struct parcel *p)
{
    struct cell bind = cell_int("", p->delivery.hook);
    struct rows r;
    enum err err = rows_begin(s, STMT_HOOK_BY_ID, &bind, 1, &r);
    if (err != OK) {
        return err;
    }
    if (rows_next(&r)) {
        p->kind = (enum hook_kind)rows_enum(&r, 0, HOOK_KIND_COUNT);
        snprintf(p->url, sizeof p->url, "%s", rows_text(&r, 1));
    }
    err = rows_end(&r);
    return err == OK ? hook_secret_get(s, p->delivery.hook, &p->secret) : err;
}

static enum err fill(struct store *s, const struct delivery *d, instant now,
                     struct parcel *ret)
{
    struct told told = {.notice = d->notice, .target = d->person};
    *ret = (struct parcel){.delivery = *d, .letter.does = STEP_DOES_COUNT};
    enum err err = read_hook(s, ret);
    if (err == OK) {
        err = read_letter(s, ret, &told.target);
    }
    if (err == OK) {
        err = ask_person(s, &told, now, &ret->letter);
    }
    if (err == OK && ret->kind == HOOK_SMS) {
        err = find_phone(s, &told, now, &ret->letter);
    }
    if (err == ERR_NOT_FOUND || err == ERR_CORRUPT) {
        /* it alone is lost, not those behind it */
        ret->err = err;
        return OK;
    }
    return err;
}

/* -- taking -----------------------------------------------------------------
 */

static bool is_busy(const struct parcel_ask *ask, int64_t hook)
{
    for (int i = 0; i < ask->n_busy; i++) {
        if (ask->busy[i] == hook) {
            return true;
        }
    }
    return false;
}

enum err parcels_take(struct store *s, const struct parcel_ask *ask,
                      struct parcel *ret, int *ret_n, instant *ret_next)
{
    struct delivery heads[HOOKS_MAX];
    int n_heads = 0;
    int n = 0;
    instant next = INSTANT_NONE;
    enum err err = outbox_heads(s, heads, HOOKS_MAX, &n_heads);
    for (int i = 0; err == OK && i < n_heads; i++) {
        const struct delivery *d = &heads[i];
        if (is_busy(ask, d->hook)) {
            continue;
        }
        if (d->next_at <= ask->now && n < ask->max) {
            err = fill(s, d, ask->now, &ret[n++]);
        } else if (next == INSTANT_NONE) {
            next = d->next_at; /* they come in that order */
        }
    }
    if (err == OK) {
        *ret_n = n;
        *ret_next = next;
    }
    return err;
}
