/* See twins.h. */
#include "lib/twins.h"

#include <ctype.h>
#include <inttypes.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

static const char nowhere[] = "20261101-001";

enum {
    NUMBER_LEN = 12,
    PAGES_MAX = 20
};

void twins_open(struct twins *t, uint64_t seed)
{
    *t = (struct twins){.random = seed * 2 + 1};
    for (int i = 0; i < 2; i++) {
        world_open(&t->w[i], "2026-11-02T09:00:00+08:00");
    }
}

void twins_close(struct twins *t)
{
    for (int i = 0; i < 2; i++) {
        world_verify(&t->w[i]);
        world_close(&t->w[i]);
    }
}

/* splitmix64 */
int twins_below(struct twins *t, int n)
{
    uint64_t z = t->random += UINT64_C(0x9e3779b97f4a7c15);
    z = (z ^ (z >> 30)) * UINT64_C(0xbf58476d1ce4e5b9);
    z = (z ^ (z >> 27)) * UINT64_C(0x94d049bb133111eb);
    return (int)((z ^ (z >> 31)) % (uint64_t)n);
}

/* -- parameters --------------------------------------------------------------
 */

static void put_named(const struct twins *t, int world, char kind, int n,
                      char *ret, size_t size)
{
    if (kind == '#') {
        snprintf(ret, size, "%" PRId64,
                 n < t->n_known ? t->known[n][world] : 0);
    } else if (kind == '&') {
        snprintf(ret, size, "%" PRId64,
                 n < t->n_meetings ? t->meetings[n][world] : 1000000);
    } else if (n == 0) {
        snprintf(ret, size, "%s", nowhere);
    } else {
        snprintf(ret, size, "%s",
                 n <= t->n_tickets ? t->tickets[n - 1][world] : nowhere);
    }
}

struct spelling {
    const struct twins *t;
    int world;
    int unseen; /* what `@0` is in the second world, -1: nothing */
    char *text;
    size_t len;
};

static void add_text(struct spelling *s, const char *text)
{
    size_t len = strlen(text);
    assert_true(s->len + len < TWINS_PARAMS);
    memcpy(s->text + s->len, text, len + 1);
    s->len += len;
}

/* The alternative of this world; returns where the text goes on. */
static const char *add_choice(struct spelling *s, const char *p)
{
    char text[64];
    const char *bar = strchr(p, '|');
    const char *end = strchr(p + 1, *p == '<' ? '>' : '^');
    assert_true(bar != NULL && end != NULL && bar < end);
    bool other = s->world == 1 && (*p == '<' || s->t->differ);
    const char *from = other ? bar + 1 : p + 1;
    snprintf(text, sizeof text, "%.*s", (int)((other ? end : bar) - from),
             from);
    add_text(s, text);
    return end + 1;
}

static const char *add_named(struct spelling *s, const char *p)
{
    char text[64];
    char *end = NULL;
    int n = (int)strtol(p + 1, &end, 10);
    if (*p == '@' && n == 0 && s->world == 1 && s->unseen >= 0) {
        add_text(s, s->t->unseen[s->unseen]);
    } else {
        put_named(s->t, s->world, *p, n, text, sizeof text);
        add_text(s, text);
    }
    return end;
}

static void spell(const struct twins *t, int world, int unseen,
                  const char *params, char *ret)
{
    struct spelling s = {t, world, unseen, ret, 0};
    ret[0] = '\0';
    for (const char *p = params; *p != '\0';) {
        char one[2] = {*p, '\0'};
        if (*p == '<' || *p == '^') {
            p = add_choice(&s, p);
        } else if (strchr("@#&", *p) != NULL && isdigit((unsigned char)p[1])) {
            p = add_named(&s, p);
        } else {
            add_text(&s, one);
            p++;
        }
    }
}

/* -- moves -------------------------------------------------------------------
 */

static const char *new_number(const struct world *w)
{
    const char *part = world_text(w, "new_ticket");
    return part[0] != '\0' ? part : world_text(w, "number");
}

static bool common(const struct twins *t, int world, const char *number)
{
    for (int i = 0; i < t->n_tickets; i++) {
        if (strcmp(t->tickets[i][world], number) == 0) {
            return true;
        }
    }
    return false;
}

static void take_ticket(struct twins *t)
{
    const char *number = new_number(&t->w[0]);
    if (strlen(number) != NUMBER_LEN || common(t, 0, number) ||
        t->n_tickets == TWINS_TICKETS_MAX) {
        return;
    }
    for (int i = 0; i < 2; i++) {
        snprintf(t->tickets[t->n_tickets][i], 16, "%s", new_number(&t->w[i]));
    }
    t->n_tickets++;
}

static void take_meeting(struct twins *t, const char *method)
{
    if (strcmp(method, "meeting.call") == 0 &&
        t->n_meetings < TWINS_MEETINGS_MAX) {
        for (int i = 0; i < 2; i++) {
            t->meetings[t->n_meetings][i] = world_int(&t->w[i], "meeting");
        }
        t->n_meetings++;
    }
}

static void took(struct twins *t, const char *method)
{
    if (command_find(method)->effect != EFFECT_WRITE) {
        return;
    }
    take_ticket(t);
    take_meeting(t, method);
    if (t->n_known < TWINS_MOVES_MAX) {
        for (int i = 0; i < 2; i++) {
            t->known[t->n_known][i] = store_head(t->w[i].writer);
        }
        t->n_known++;
    }
}

static enum err in_both(struct twins *t, const char *as, const char *method,
                        const char *params, char asked[2][TWINS_PARAMS],
                        enum err ret[2])
{
    int unseen = t->n_unseen > 0 ? twins_below(t, t->n_unseen) : -1;
    for (int i = 0; i < 2; i++) {
        char who[TWINS_PARAMS];
        spell(t, i, -1, as, who);
        spell(t, i, unseen, params, asked[i]);
        ret[i] = world_try(&t->w[i], who, method, asked[i]);
    }
    return ret[0];
}

enum err twins_both(struct twins *t, const char *as, const char *method,
                    const char *params)
{
    char asked[2][TWINS_PARAMS];
    enum err err[2];
    in_both(t, as, method, params, asked, err);
    if (err[0] != err[1]) {
        fail_msg("%s %s %s: %s, %s", as, method, params, err_name(err[0]),
                 err_name(err[1]));
    }
    if (err[0] == OK) {
        took(t, method);
    }
    return err[0];
}

enum err twins_one(struct twins *t, const char *as, const char *method,
                   const char *params)
{
    char asked[TWINS_PARAMS];
    int unseen = t->n_unseen > 0 ? twins_below(t, t->n_unseen) : -1;
    spell(t, 1, unseen, params, asked);
    enum err err = world_try(&t->w[1], as, method, asked);
    t->moved += err == OK;
    const char *made = err == OK ? new_number(&t->w[1]) : "";
    bool more = strlen(made) == NUMBER_LEN && !common(t, 1, made);
    for (int i = 0; i < t->n_unseen; i++) {
        more = more && strcmp(t->unseen[i], made) != 0;
    }
    if (more && t->n_unseen < TWINS_TICKETS_MAX) {
        snprintf(t->unseen[t->n_unseen++], 16, "%s", made);
    }
    return err;
}

/* -- comparing ---------------------------------------------------------------
 */

/* Both with the mark of their page before, if there is a page more. */
static bool next_page(struct twins *t, char asked[2][TWINS_PARAMS])
{
    for (int i = 0; i < 2; i++) {
        const char *mark =
            json_string_value(json_object_get(t->w[i].result, "next"));
        char *end = strstr(asked[i], ",'after'");
        if (mark == NULL) {
            return false;
        }
        if (end == NULL) {
            end = strrchr(asked[i], '}');
        }
        bool first = strcmp(asked[i], "{}") == 0;
        snprintf(end, (size_t)(asked[i] + TWINS_PARAMS - end),
                 "%s'after':'%s'}", first ? "" : ",", mark);
    }
    return true;
}

/* From where they part, some lines of both. */
static void print_parting(const char *one, const char *other)
{
    size_t i = 0;
    while (one[i] != '\0' && one[i] == other[i]) {
        i++;
    }
    int before = i < 400 ? (int)i : 400;
    print_error("%.*s\n-- the first world:\n%.200s\n-- the second:\n%.200s\n",
                before, one + i - before, one + i, other + i);
}

static void compare(struct twins *t, const char *as, const char *method,
                    char asked[2][TWINS_PARAMS], const enum err err[2])
{
    char *text[2];
    for (int i = 0; i < 2; i++) {
        text[i] = twins_reply(t, i, asked[i], err[i]);
    }
    t->compared++;
    t->granted += err[0] == OK;
    if (strcmp(text[0], text[1]) != 0) {
        print_parting(text[0], text[1]);
        fail_msg("%s sees a difference: %s %s", as, method, asked[1]);
    }
    free(text[0]);
    free(text[1]);
}

void twins_watch(struct twins *t, const char *as, const char *method,
                 const char *params)
{
    char asked[2][TWINS_PARAMS];
    enum err err[2];
    in_both(t, as, method, params, asked, err);
    compare(t, as, method, asked, err);
    if (err[0] == OK) {
        took(t, method);
    }
    for (int i = 0; err[0] == OK && i < PAGES_MAX && next_page(t, asked); i++) {
        for (int j = 0; j < 2; j++) {
            err[j] = world_try(&t->w[j], as, method, asked[j]);
        }
        compare(t, as, method, asked, err);
    }
}

void twins_forward(struct twins *t, int64_t seconds)
{
    char text[INSTANT_TEXT_SIZE];
    instant_format(t->w[0].now + seconds, text);
    for (int i = 0; i < 2; i++) {
        world_at(&t->w[i], text);
    }
}
