/* A second, plain implementation of the loop for the random walk: no tables,
 * no struct ticket, no calendar. All limits are natural hours, so a due is an
 * addition. It knows the events in action, without a review stage. */
#ifndef BIHUAN_TESTS_WALK_MODEL_H
#define BIHUAN_TESTS_WALK_MODEL_H

#include "unit/stories.h"

enum {
    UNITS_MAX = 400,
    PENDING_MAX = 3
};

enum model_work {
    WORK_NONE,
    WORK_SENT,
    WORK_ACCEPTED,
    WORK_ASKING,
    WORK_DONE
};

struct model_clock {
    bool runs;
    instant start;
    instant due;
    int fired;
};

struct model_unit {
    bool lead;
    enum model_work work;
    enum model_work before;
    bool refused;
    instant asked;
    struct model_clock sign;
    struct model_clock finish;
    struct model_clock decision;
};

struct model {
    char state; /* F D H R(esolved) A(rchived) N(o: declined) W(ithdrawn) */
    int round;
    bool heard;
    bool scored;
    int lead;  /* its number, 0 none */
    int units; /* numbered from 1 */
    struct model_unit unit[UNITS_MAX];
    struct model_clock triage, contact, answer, overall, evaluate, rework,
        archive;
};

static inline void model_start(struct model_clock *c, enum clock_kind kind,
                               instant at)
{
    *c = (struct model_clock){true, at, at + story_hours[kind] * 3600, 0};
}

static inline int model_open_units(const struct model *m)
{
    int n = 0;
    for (int i = 1; i <= m->units; i++) {
        n += m->unit[i].work == WORK_SENT || m->unit[i].work == WORK_ACCEPTED ||
             m->unit[i].work == WORK_ASKING;
    }
    return n;
}

static inline void model_end_unit(struct model_unit *u, enum model_work work)
{
    u->work = work;
    u->sign.runs = u->finish.runs = u->decision.runs = false;
}

static inline bool model_send(struct model *m, bool lead, instant at)
{
    if (lead ? m->state != 'F' : m->state != 'D' && m->state != 'H') {
        return false;
    }
    m->units++;
    struct model_unit *u = &m->unit[m->units];
    *u = (struct model_unit){.lead = lead, .work = WORK_SENT};
    model_start(&u->sign, CLOCK_SIGN, at);
    model_start(&u->finish, CLOCK_FINISH, at);
    if (lead) {
        m->lead = m->units;
        m->state = 'D';
        m->triage.runs = false;
        if (m->units == 1) {
            model_start(&m->contact, CLOCK_CONTACT, at);
            model_start(&m->answer, CLOCK_ANSWER, at);
            model_start(&m->overall, CLOCK_OVERALL, at);
        }
    }
    return true;
}

static inline bool model_accept(struct model *m, struct model_unit *u)
{
    if (u->work != WORK_SENT) {
        return false;
    }
    u->work = WORK_ACCEPTED;
    u->sign.runs = false;
    m->state = u->lead ? 'H' : m->state;
    return true;
}

static inline bool model_ask(struct model_unit *u, instant at)
{
    bool can =
        (u->work == WORK_SENT || u->work == WORK_ACCEPTED) && !u->refused;
    if (can) {
        u->before = u->work;
        u->work = WORK_ASKING;
        u->asked = at;
        model_start(&u->decision, CLOCK_RETURN, at);
    }
    return can;
}

static inline bool model_decide(struct model *m, struct model_unit *u,
                                bool grant, instant at)
{
    if (u->work != WORK_ASKING) {
        return false;
    }
    u->decision.runs = false;
    if (!grant) {
        u->work = u->before;
        u->refused = true;
        return true;
    }
    model_end_unit(u, WORK_NONE);
    if (u->lead) {
        m->lead = 0;
        m->state = 'F';
        m->rework.runs = false;
        model_start(&m->triage, CLOCK_TRIAGE, at);
    }
    return true;
}

static inline bool model_resolve(struct model *m, struct model_unit *u,
                                 instant at)
{
    if (u->work != WORK_ACCEPTED || (u->lead && model_open_units(m) > 1)) {
        return false;
    }
    model_end_unit(u, WORK_DONE);
    if (u->lead) {
        m->state = 'R';
        m->contact.runs = m->answer.runs = m->overall.runs = false;
        m->rework.runs = false;
        model_start(&m->evaluate, CLOCK_EVALUATE, at);
    }
    return true;
}

static inline bool model_again(struct model *m, instant at)
{
    if (m->state != 'R') {
        return false;
    }
    m->state = 'H';
    m->round++;
    m->heard = m->scored = false;
    m->evaluate.runs = m->archive.runs = false;
    m->unit[m->lead].work = WORK_ACCEPTED;
    model_start(&m->rework, CLOCK_REWORK, at);
    return true;
}

static inline bool model_hear(struct model *m, bool score, instant at)
{
    if (m->state != 'R' || m->scored || (!score && m->heard)) {
        return false;
    }
    if (!m->heard) {
        m->evaluate.runs = false;
        model_start(&m->archive, CLOCK_ARCHIVE, at);
    }
    m->heard = true;
    m->scored = score;
    return true;
}

/* Ends everything: withdrawn, declined, archived. */
static inline bool model_close(struct model *m, char state)
{
    if (state == 'N'   ? m->state != 'F' || model_open_units(m) > 0
        : state == 'A' ? m->state != 'R' || !m->heard
                       : strchr("FDH", m->state) == NULL) {
        return false;
    }
    m->state = state;
    for (int i = 1; i <= m->units; i++) {
        if (m->unit[i].work != WORK_DONE) {
            model_end_unit(&m->unit[i], WORK_NONE);
        }
    }
    m->triage.runs = m->contact.runs = m->answer.runs = false;
    m->overall.runs = m->evaluate.runs = m->rework.runs = false;
    m->archive.runs = false;
    return true;
}

/* What one event of the walk is to do; true if it is to be accepted. */
static inline bool model_step(struct model *m, const struct event *ev)
{
    int n = ev->dispatch == 0 ? m->lead : ev->dispatch;
    struct model_unit none = {.work = WORK_NONE};
    struct model_unit *u = n >= 1 && n <= m->units ? &m->unit[n] : &none;
    bool works = u->work != WORK_NONE && u->work != WORK_DONE;
    bool live = m->state == 'D' || m->state == 'H';
    switch ((int)ev->type) {
    case EV_DISPATCH:
        return model_send(m, ev->kind == DISPATCH_LEAD, ev->at);
    case EV_ACCEPT:
        return model_accept(m, u);
    case EV_RETURN_ASK:
        return model_ask(u, ev->at);
    case EV_RETURN_GRANT:
        return model_decide(m, u, true, ev->at);
    case EV_RETURN_REFUSE:
        return model_decide(m, u, false, ev->at);
    case EV_CONTACT:
        m->contact.runs = m->contact.runs && !(live && works);
        return live && works;
    case EV_ANSWER:
        m->contact.runs = m->contact.runs && !(live && works);
        m->answer.runs = m->answer.runs && !(live && works);
        return live && works;
    case EV_NOTE:
        return strchr("FDHR", m->state) != NULL;
    case EV_RESOLVE:
        return model_resolve(m, u, ev->at);
    case EV_EVALUATE:
        if (ev->solved && ev->score > 2) {
            return model_hear(m, true, ev->at);
        }
        return !m->scored && model_again(m, ev->at);
    case EV_REWORK:
        return model_again(m, ev->at);
    case EV_DECLINE:
        return model_close(m, 'N');
    case EV_WITHDRAW:
        return model_close(m, 'W');
    case EV_ARCHIVE:
        return model_close(m, 'A');
    default:
        return false;
    }
}

/* -- deadlines ------------------------------------------------------------- */

/* The moments at which a clock acts, in order: half of its time; the finish
 * clock at red and ten hours later; two close something when due. */
static inline int model_moments(const struct model_clock *c,
                                enum clock_kind kind, instant ret[PENDING_MAX])
{
    int n = 0;
    ret[n++] = c->start + (c->due - c->start) / 2;
    if (kind == CLOCK_FINISH) {
        ret[n++] = c->due + 1;
        ret[n++] = c->due + 10 * 3600 + 1;
    } else if (kind == CLOCK_EVALUATE || kind == CLOCK_ARCHIVE) {
        ret[n++] = c->due + 1;
    }
    return n;
}

static inline instant model_next(const struct model_clock *c,
                                 enum clock_kind kind)
{
    instant moments[PENDING_MAX];
    int n = model_moments(c, kind, moments);
    return c->runs && c->fired < n ? moments[c->fired] : INSTANT_NONE;
}

#endif
