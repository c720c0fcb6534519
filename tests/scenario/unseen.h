/* What may be done and asked in the walks of test_unseen.c. */
#ifndef BIHUAN_TESTS_UNSEEN_H
#define BIHUAN_TESTS_UNSEEN_H

#include "lib/twins.h"

#define E3 "91330921MA2B000030" /* beside E1 and E2 of lib/world.h */

/* `as`: one of those, with blanks between. In params $T is a ticket (that
 * of the course, if there is one), $C a
 * common one, $U a unit, $M a meeting, $K a journal number, $I an instant of
 * the past, $F one to come, $P a person. The rest is as lib/twins.h says. */
struct line {
    const char *as;
    const char *method;
    const char *params;
};

struct lines {
    const struct line *line;
    int n;
};
#define LINES(lines)                                   \
    {                                                  \
        lines, (int)(sizeof(lines) / sizeof(lines)[0]) \
    }

enum {
    UNSEEN_WORD = 64
};

/* One of the words that stand with blanks between. */
void unseen_one_of(struct twins *t, const char *words, char ret[UNSEEN_WORD]);

/* The parameters, a thing for each $; `alone`: of what the second world alone
 * has. */
void unseen_spelt(struct twins *t, const char *params, bool alone,
                  char ret[TWINS_PARAMS]);

/* Of offices and units, on a ticket. */
extern const struct lines unseen_moves;
/* What comes next on a ticket, the first that can be done. */
extern const struct lines unseen_course;
/* Calling, inviting, putting tickets on meetings and deciding on them: what all
 * who are invited see, and so never of one world alone. */
extern const struct lines unseen_meetings;
/* Nor is a meeting closed while one of them has a ticket on it. */
extern const struct lines unseen_closing;
/* What ties the unseen to what is seen; the first also where those who watch
 * may be invited, since who is reads of all that is on a meeting. */
extern const struct lines unseen_ties;
/* Who works where, and for whom: those who watch get no way to the unseen. */
extern const struct lines unseen_changes;
/* What enterprises say; first the two evaluations. */
extern const struct lines unseen_asking;
/* What is asked by those who watch, whoever they are. */
extern const struct lines unseen_reads;

#endif
