/* From a line of unseen.h to what is asked. */
#include "scenario/unseen.h"

#include <stdio.h>
#include <string.h>

void unseen_one_of(struct twins *t, const char *words, char ret[UNSEEN_WORD])
{
    char copy[512];
    char *saved = NULL;
    int n = 1;
    for (const char *p = words; *p != '\0'; p++) {
        n += *p == ' ';
    }
    int k = twins_below(t, n);
    snprintf(copy, sizeof copy, "%s", words);
    char *word = strtok_r(copy, " ", &saved);
    while (k-- > 0) {
        word = strtok_r(NULL, " ", &saved);
    }
    snprintf(ret, UNSEEN_WORD, "%s", word);
}

/* The latest tickets more often than the older ones. */
static int some_ticket(struct twins *t, bool alone)
{
    if (alone || t->n_tickets == 0) {
        return alone ? 0 : TWINS_TICKETS_MAX + 1; /* that is not there */
    }
    if (t->at != 0) {
        return t->at;
    }
    int back = twins_below(t, 8);
    return back < t->n_tickets && twins_below(t, 4) > 0
               ? t->n_tickets - back
               : 1 + twins_below(t, t->n_tickets);
}

static void fill(struct twins *t, char kind, bool alone, char ret[UNSEEN_WORD])
{
    switch (kind) {
    case 'T':
        snprintf(ret, UNSEEN_WORD, "@%d", some_ticket(t, alone));
        break;
    case 'C':
        snprintf(ret, UNSEEN_WORD, "@%d", some_ticket(t, false));
        break;
    case 'U':
        unseen_one_of(t, alone ? "c" : "a b c ax", ret);
        break;
    case 'P':
        unseen_one_of(t, "a1 a2 b2 c2 qy1 qy3 dp sup la zdy3", ret);
        break;
    case 'M':
        snprintf(ret, UNSEEN_WORD, "&%d", twins_below(t, t->n_meetings + 1));
        break;
    case 'K':
        snprintf(ret, UNSEEN_WORD, "#%d", twins_below(t, t->n_known + 1));
        break;
    case 'F':
        instant_format(t->w[0].now + 60 + twins_below(t, 86400), ret);
        break;
    default:
        instant_format(t->w[0].now - twins_below(t, 20 * 86400), ret);
        break;
    }
}

void unseen_spelt(struct twins *t, const char *params, bool alone,
                  char ret[TWINS_PARAMS])
{
    size_t len = 0;
    for (const char *p = params; *p != '\0'; p++) {
        if (*p == '$') {
            char text[UNSEEN_WORD];
            fill(t, *++p, alone, text);
            len += (size_t)snprintf(ret + len, sizeof text, "%s", text);
        } else {
            ret[len++] = *p;
        }
    }
    ret[len] = '\0';
}
