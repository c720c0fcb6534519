#include "daemon/engine/turns.h"

#include "daemon/engine/job_list.h"

static void add_lane(struct turns *t, struct lane_list *l, struct lane *lane)
{
    lane->turn[t->kind].next = NULL;
    if (l->last == NULL) {
        l->first = lane;
    } else {
        l->last->turn[t->kind].next = lane;
    }
    l->last = lane;
}

static struct lane *take_lane(struct turns *t, struct lane_list *l)
{
    struct lane *lane = l->first;
    if (lane != NULL) {
        l->first = lane->turn[t->kind].next;
        if (l->first == NULL) {
            l->last = NULL;
        }
    }
    return lane;
}

void turns_add(struct turns *t, struct job *job)
{
    struct job_list *waiting = &job->lane->turn[t->kind].waiting;
    if (waiting->n == 0) {
        add_lane(t, &t->fresh, job->lane);
    }
    job_list_add(waiting, job);
    t->n++;
}

/* Both kinds of lanes in turn, as long as there are both. */
static struct lane *next_lane(struct turns *t)
{
    bool fresh =
        t->again.first == NULL || (t->fresh.first != NULL && !t->was_fresh);
    t->was_fresh = fresh;
    return take_lane(t, fresh ? &t->fresh : &t->again);
}

struct job *turns_take(struct turns *t)
{
    if (t->n == 0) {
        return NULL;
    }
    if (t->now == NULL) {
        t->now = next_lane(t);
        t->left = t->most;
    }
    struct lane *lane = t->now;
    struct job_list *waiting = &lane->turn[t->kind].waiting;
    struct job *job = job_list_take(waiting);
    t->n--;
    t->left--;
    if (waiting->n == 0) {
        t->now = NULL;
    } else if (t->left == 0) {
        t->now = NULL;
        add_lane(t, &t->again, lane);
    }
    return job;
}
