/* Both lifecycles as Graphviz text. States and edges come from the tables and
 * the maps, so the drawing cannot lag behind. */
#include "core/lifecycle.h"

#include <assert.h>
#include <stdio.h>

enum {
    DOT_LINE_SIZE = 512
};

struct words {
    const char *name;
    const char *zh;
};

static const struct words ticket_words[TICKET_STATE_COUNT] = {
#define X(id, n, z) [TICKET_##id] = {.name = n, .zh = z},
    TICKET_STATE_MAP(X)
#undef X
};
static const struct words dispatch_words[DISPATCH_STATE_COUNT] = {
#define X(id, n, z) [DISPATCH_##id] = {.name = n, .zh = z},
    DISPATCH_STATE_MAP(X)
#undef X
};
static const struct words event_words[EV_COUNT] = {
#define X(id, n, z) [EV_##id] = {.name = n, .zh = z},
    EVENT_MAP(X)
#undef X
};
static const char *const guard_words[GUARD_COUNT] = {
    [GUARD_NONE] = "",
    [GUARD_LEAD] = " [lead 主办]",
    [GUARD_CO] = " [co 协办]",
    [GUARD_REVIEW] = " [review stage 设审核]",
    [GUARD_GOOD] = " [good 满意]",
    [GUARD_BAD] = " [bad 不满意]",
    [GUARD_CLOSABLE] = " [scored or silent 已评价或逾期未评]",
    [GUARD_APPEALABLE] = " [not appealed yet 未申诉过]",
    [GUARD_UNTOUCHED] = " [untouched 对方未动]",
    [GUARD_RETURNABLE] = " [none refused before 未被驳回过]",
    [GUARD_ASKED] = " [asked 已提出]",
    [GUARD_DUE] = " [due 到期]",
    [GUARD_PARENT] = " [split parent 已分解]",
};

struct writer {
    void (*put)(void *, const char *);
    void *user;
    char line[DOT_LINE_SIZE];
};

static void node(struct writer *w, const char *prefix, struct words words,
                 bool final)
{
    int n = snprintf(w->line, sizeof w->line,
                     "    %s_%s [label=\"%s\\n%s\"%s];", prefix, words.name,
                     words.zh, words.name, final ? ", peripheries=2" : "");
    assert(n > 0 && n < DOT_LINE_SIZE);
    w->put(w->user, w->line);
}

struct edge {
    const char *prefix;
    struct words from;
    struct words to;
    enum event_type event;
    enum guard guard;
};

static void edge(struct writer *w, const struct edge *e)
{
    const struct words *event = &event_words[e->event];
    int n = snprintf(w->line, sizeof w->line,
                     "    %s_%s -> %s_%s [label=\"%s %s%s\"];", e->prefix,
                     e->from.name, e->prefix, e->to.name, event->zh,
                     event->name, guard_words[e->guard]);
    assert(n > 0 && n < DOT_LINE_SIZE);
    w->put(w->user, w->line);
}

static void open_cluster(struct writer *w, const char *name, const char *label)
{
    int n = snprintf(w->line, sizeof w->line, "  subgraph cluster_%s {", name);
    assert(n > 0 && n < DOT_LINE_SIZE);
    w->put(w->user, w->line);
    n = snprintf(w->line, sizeof w->line, "    label=\"%s\";", label);
    assert(n > 0 && n < DOT_LINE_SIZE);
    w->put(w->user, w->line);
}

/* Does a row of the table lead from one state into another? Then "back" from
 * there may lead to the first. */
static bool enters_ticket(const struct lifecycle *l, int from, int to)
{
    for (size_t i = 0; i < l->n_tickets; i++) {
        if ((int)l->tickets[i].from == from && (int)l->tickets[i].to == to) {
            return from != to;
        }
    }
    return false;
}

static bool enters_dispatch(const struct lifecycle *l, int from, int to)
{
    for (size_t i = 0; i < l->n_dispatches; i++) {
        if ((int)l->dispatches[i].from == from &&
            (int)l->dispatches[i].to == to) {
            return from != to;
        }
    }
    return false;
}

static void ticket_edges(struct writer *w, const struct lifecycle *l,
                         const struct ticket_rule *r)
{
    for (int to = 0; to < TICKET_STATE_COUNT; to++) {
        bool back = r->to == TICKET_STATE_COUNT;
        if (back ? enters_ticket(l, to, (int)r->from) : (int)r->to == to) {
            struct edge e = {"t", ticket_words[r->from], ticket_words[to],
                             r->event, r->guard};
            edge(w, &e);
        }
    }
}

static void dispatch_edges(struct writer *w, const struct lifecycle *l,
                           const struct dispatch_rule *r)
{
    for (int to = 0; to < DISPATCH_STATE_COUNT; to++) {
        bool back = r->to == DISPATCH_STATE_COUNT;
        if (back ? enters_dispatch(l, to, (int)r->from) : (int)r->to == to) {
            struct edge e = {"d", dispatch_words[r->from], dispatch_words[to],
                             r->event, r->guard};
            edge(w, &e);
        }
    }
}

static void put_tickets(struct writer *w, const struct lifecycle *l)
{
    open_cluster(w, "ticket", "ticket 诉求工单");
    for (int s = 0; s < TICKET_STATE_COUNT; s++) {
        node(w, "t", ticket_words[s], ticket_state_final((enum ticket_state)s));
    }
    for (size_t i = 0; i < l->n_tickets; i++) {
        ticket_edges(w, l, &l->tickets[i]);
    }
    w->put(w->user, "  }");
}

static void put_dispatches(struct writer *w, const struct lifecycle *l)
{
    open_cluster(w, "dispatch", "dispatch 派单");
    for (int s = 0; s < DISPATCH_STATE_COUNT; s++) {
        node(w, "d", dispatch_words[s],
             dispatch_state_final((enum dispatch_state)s));
    }
    for (size_t i = 0; i < l->n_dispatches; i++) {
        dispatch_edges(w, l, &l->dispatches[i]);
    }
    w->put(w->user, "  }");
}

void lifecycle_dot(const struct lifecycle *l, void (*put)(void *, const char *),
                   void *user)
{
    struct writer w = {.put = put, .user = user};
    put(user, "digraph lifecycle {");
    put(user, "  rankdir=LR;");
    put(user, "  node [shape=box, style=rounded];");
    put_tickets(&w, l);
    put_dispatches(&w, l);
    put(user, "}");
}
