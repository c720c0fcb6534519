/* The register's part of a handover: see handover.h. */
#include "daemon/commands/registry/handover.h"

/* -- posts -------------------------------------------------------------------
 */

static enum err has_post(struct call *c, const struct tie *tie, bool *ret)
{
    struct cell binds[] = {cell_int("", tie->subject),
                           cell_int("", tie->object),
                           cell_int("", tie->detail)};
    struct rows rows;
    enum err err = rows_begin(c->store, STMT_POST, binds, 3, &rows);
    if (err != OK) {
        return err;
    }
    *ret = rows_next(&rows);
    return rows_end(&rows);
}

static enum err give_post(struct call *c, struct handover *h, struct tie tie,
                          int *n_posts)
{
    bool there = false;
    tie.subject = h->to.id;
    enum err err = has_post(c, &tie, &there);
    if (err != OK || there) {
        return err;
    }
    *n_posts += 1;
    return *n_posts > POSTS_MAX
               ? refuse(c, ERR_LIMIT, "to", "at most 16 roles a person",
                        h->to.code)
               : relation_add(c, &tie);
}

static enum err living(struct call *c, register_id person, int64_t first,
                       int64_t last, int max, struct held_ties *ret)
{
    struct cell binds[] = {cell_int("", person), cell_int("", first),
                           cell_int("", last), cell_int("", c->at),
                           cell_int("", max)};
    return ties_collect(c, STMT_TIES_OF_PERSON, binds, 5, ret);
}

static enum err posts_held(struct call *c, register_id person, int *ret)
{
    struct held_ties ties = {.list = NULL};
    enum err err =
        living(c, person, RELATION_ROLE, RELATION_ROLE, POSTS_MAX + 1, &ties);
    *ret = (int)ties.n;
    ties_done(&ties);
    return err;
}

static enum err give_posts(struct call *c, struct handover *h)
{
    struct held_ties ties = {.list = NULL};
    int n_posts = 0;
    enum err err = posts_held(c, h->to.id, &n_posts);
    if (err == OK) {
        err = living(c, h->from.id, RELATION_ROLE, RELATION_ROLE, HANDOVER_MAX,
                     &ties);
    }
    for (size_t i = 0; err == OK && i < ties.n; i++) {
        err = relation_end(c, ties.list[i].id);
        if (err == OK) {
            err = give_post(c, h, ties.list[i].tie, &n_posts);
        }
        h->posts_moved++;
    }
    ties_done(&ties);
    return err;
}

/* -- enterprises -------------------------------------------------------------
 */

static enum err give_enterprises(struct call *c, struct handover *h)
{
    struct held_ties ties = {.list = NULL};
    enum err err = living(c, h->from.id, RELATION_STEWARD, RELATION_SPECIALIST,
                          h->left, &ties);
    for (size_t i = 0; err == OK && i < ties.n; i++) {
        struct tie tie = ties.list[i].tie;
        tie.subject = h->to.id;
        err = relation_end(c, ties.list[i].id);
        if (err == OK) {
            err = relation_add(c, &tie);
        }
        h->enterprises++;
        h->left--;
    }
    ties_done(&ties);
    return err;
}

static enum err finds(struct call *c, enum statement statement,
                      register_id person, bool *ret)
{
    struct cell bind = cell_int("", person);
    struct rows rows;
    enum err err = rows_begin(c->store, statement, &bind, 1, &rows);
    if (err != OK) {
        return err;
    }
    *ret = rows_next(&rows) && rows_int(&rows, 0) > 0;
    return rows_end(&rows);
}

/* A guide is no enterprise's contact (guide.assign). */
static enum err still_impartial(struct call *c, const struct handover *h)
{
    bool guides = false;
    bool contact = false;
    enum err err = finds(c, STMT_COUNT_GUIDED, h->to.id, &guides);
    if (err == OK) {
        err = finds(c, STMT_CONTACT_SOMEWHERE, h->to.id, &contact);
    }
    return err == OK && guides && contact
               ? refuse(c, ERR_BLOCKED, "to",
                        "a person who is no enterprise's contact", h->to.code)
               : err;
}

/* -- delegations -------------------------------------------------------------
 */

static enum err end_lent(struct call *c, const struct handover *h)
{
    struct held_ties ties = {.list = NULL};
    enum err err = living(c, h->from.id, RELATION_DELEGATE, RELATION_DELEGATE,
                          HANDOVER_MAX, &ties);
    for (size_t i = 0; err == OK && i < ties.n; i++) {
        err = relation_end(c, ties.list[i].id);
    }
    ties_done(&ties);
    return err;
}

static enum err acts_for(struct call *c, const struct tie *tie, bool *ret)
{
    struct held_ties ties = {.list = NULL};
    struct cell binds[] = {cell_int("", tie->subject),
                           cell_int("", tie->object), cell_int("", c->at)};
    enum err err = ties_collect(c, STMT_TIE_DELEGATE, binds, 3, &ties);
    *ret = ties.n > 0;
    ties_done(&ties);
    return err;
}

static enum err pass_on(struct call *c, const struct handover *h,
                        const struct held_tie *held)
{
    struct tie tie = held->tie;
    bool there = false;
    tie.object = h->to.id;
    enum err err = relation_end(c, held->id);
    if (err == OK) {
        err = acts_for(c, &tie, &there);
    }
    return err != OK || there || tie.subject == h->to.id
               ? err
               : relation_add_until(c, &tie, held->until);
}

static enum err give_delegations(struct call *c, struct handover *h)
{
    struct held_ties ties = {.list = NULL};
    struct cell binds[] = {cell_int("", h->from.id), cell_int("", c->at)};
    enum err err = ties_collect(c, STMT_TIES_DELEGATED_TO, binds, 2, &ties);
    for (size_t i = 0; err == OK && i < ties.n; i++) {
        err = pass_on(c, h, &ties.list[i]);
    }
    ties_done(&ties);
    return err == OK ? end_lent(c, h) : err;
}

enum err handover_register(struct call *c, struct handover *h)
{
    enum err err = h->posts ? give_posts(c, h) : OK;
    if (err == OK) {
        err = give_enterprises(c, h);
    }
    if (err == OK) {
        err = still_impartial(c, h);
    }
    return err == OK ? give_delegations(c, h) : err;
}
