/* Passwords that are tried first by who guesses (弱口令): common words dressed
 * up with digits and signs, and what stands in a site's list. */
#ifndef BIHUAN_GATE_WEAK_H
#define BIHUAN_GATE_WEAK_H

#include <pthread.h>
#include <stdbool.h>

#include "daemon/gate/weak_list.h"

/* Nothing but common words, one or more, with digits and signs around them:
 * Admin@12345, P@ssw0rd2026, 1qaz@WSX. A letter may be large or small, or what
 * is put in its place (@ for a, 0 for o, $ for s). One other letter anywhere,
 * and it is not. */
bool weak_words(const char *password);

/* The list in force, for all threads; reading it again replaces it whole. */
struct weak {
    pthread_mutex_t lock;
    struct weak_list *list; /* NULL: none */
};

void weak_init(struct weak *w);
void weak_end(struct weak *w); /* when nobody looks any more */
/* Takes over the list; NULL: from now on there is none. */
void weak_set(struct weak *w, struct weak_list *list);
/* Is the password in the list, or what is left of it without the digits and
 * signs at both ends, if that is four bytes at least: Dragon@2026 is refused
 * where the list has dragon. False for no list, or no `w`. */
bool weak_listed(struct weak *w, const char *password);

#endif
