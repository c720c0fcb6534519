/* Stories of what comes after a meeting: the ticket remembers where the meeting
 * returned to, and nothing later may go there by that. How to read them:
 * stories.h. */
#ifndef BIHUAN_TESTS_STORIES_AGAIN_H
#define BIHUAN_TESTS_STORIES_AGAIN_H

#include "unit/stories.h"

/* clang-format off */
static const struct story stories_again[] = {
    {"filed again after a meeting", false, {
     "file",                            "filed 1 | | triage | EDG",
     "dispatch u=10",                   "dispatched 1 | 1L:sent | -triage:kept sign1 finish1 contact answer overall | EUG",
     "dispatch co u=20",                "dispatched 1 | 1L:sent 2C:sent | sign1 finish1 contact answer overall sign2 finish2 | EULG",
     "accept",                          "handling 1 | 1L:accepted 2C:sent | -sign1:kept finish1 contact answer overall sign2 finish2 | EDG",
     "meet",                            "meeting 1 | 1L:accepted 2C:sent | finish1 contact answer overall sign2 finish2 meeting | EAG",
     "meet_extend limit=5h",            "handling 1 | 1L:accepted 2C:sent | finish1 contact answer overall sign2 finish2 -meeting:kept | EUAG",
     "supervise d=2",                   "handling 1 | 1L:accepted 2C:sent | finish1 contact answer overall sign2 finish2 supervise2 | DU",
     "+0h return_ask",                  "handling 1 | 1L:return_asked 2C:sent | finish1 contact answer overall sign2 finish2 supervise2 return1 | DG",
     "+0h return_grant fault=unit",     "filed 1 | 1L:returned 2C:sent | -finish1:kept contact answer overall sign2 finish2 supervise2 -return1:kept triage | EDUG",
     "+0h supervise_reply d=2",         "filed 1 | 2C:sent | contact answer overall sign2 finish2 -supervise2:kept triage | S",
     "supplement_ask",                  "filed 1 | 2C:sent | contact answer overall sign2 finish2 triage= supplement | EG",
     "supplement_give",                 "filed 1 | 2C:sent | contact answer overall sign2 finish2 triage -supplement:kept | D",
     "+0h note",                        "filed 1 | 2C:sent | contact answer overall sign2 finish2 triage | ",
     "+0h urge",                        "filed 1 | 2C:sent | contact answer overall sign2 finish2 triage | D",
     "+0h leaders",                     "filed 1 | 2C:sent | contact answer overall sign2 finish2 triage | EG",
     "+0h hand to=6",                   "filed 1 | 2C:sent | contact answer overall sign2 finish2 triage | DG",
     "+0h correct",                     "filed 1 | 2C:sent | contact answer overall sign2 finish2 triage | ",
     "clock",                           "filed 1 | 2C:sent | contact answer overall sign2 finish2 triage | L",
     "+0h accept d=2",                  "filed 1 | 2C:accepted | contact answer overall -sign2:late finish2 triage | D",
     "+0h extend_ask d=2 limit=5h",     "filed 1 | 2C:accepted | contact answer overall finish2 triage extension2 | D",
     "+0h extend_refuse d=2",           "filed 1 | 2C:accepted | contact answer overall finish2 triage -extension2:kept | UG",
     "+0h extend_ask d=2 limit=5h",     "filed 1 | 2C:accepted | contact answer overall finish2 triage extension2 | D",
     "+0h extend_grant d=2",            "filed 1 | 2C:accepted | contact answer overall finish2 triage -extension2:kept | EUG",
     "+0h return_ask d=2",              "filed 1 | 2C:return_asked | contact answer overall finish2 triage return2 | D",
     "+0h return_refuse d=2",           "filed 1 | 2C:accepted | contact answer overall finish2 triage -return2:kept | UG",
     "+0h resolve d=2",                 "filed 1 | 2C:done | contact answer overall -finish2:kept triage | D",
     "+9h decline",                     "declined 1 | | -contact:late -answer:void -overall:void -triage:late | EG",
     "appeal",                          "declined 1 | | appeal | DGS",
     "appeal_grant",                    "filed 1 | | -appeal:kept triage | EDG",
     NULL}},
    {"dispatched again after a meeting", false, {
     "file",                            "filed 1 | | triage | EDG",
     "dispatch u=10",                   "dispatched 1 | 1L:sent | -triage:kept sign1 finish1 contact answer overall | EUG",
     "dispatch co u=20",                "dispatched 1 | 1L:sent 2C:sent | sign1 finish1 contact answer overall sign2 finish2 | EULG",
     "accept",                          "handling 1 | 1L:accepted 2C:sent | -sign1:kept finish1 contact answer overall sign2 finish2 | EDG",
     "meet",                            "meeting 1 | 1L:accepted 2C:sent | finish1 contact answer overall sign2 finish2 meeting | EAG",
     "meet_extend limit=5h",            "handling 1 | 1L:accepted 2C:sent | finish1 contact answer overall sign2 finish2 -meeting:kept | EUAG",
     "transfer u=11",                   "dispatched 1 | 1L:transferred 2C:sent 3L:sent | -finish1:kept contact answer overall sign2 finish2 sign3 finish3 | EDUG",
     "return_ask",                      "dispatched 1 | 2C:sent 3L:return_asked | contact answer overall sign2 finish2 sign3 finish3 return3 | DG",
     "return_grant fault=dispatcher",   "filed 1 | 2C:sent 3L:returned | contact answer overall sign2 finish2 -sign3:void -finish3:void -return3:kept triage | EDUG",
     "+0h return_ask d=2",              "filed 1 | 2C:return_asked | contact answer overall sign2 finish2 triage return2 | D",
     "+0h return_grant d=2 fault=unit", "filed 1 | 2C:returned | contact answer overall -sign2:late -finish2:kept triage -return2:kept | UG",
     "dispatch u=12",                   "dispatched 1 | 4L:sent | contact answer overall -triage:kept sign4 finish4 | EUG",
     "recall",                          "filed 1 | 4L:cancelled | contact answer overall -sign4:void -finish4:void triage | EUG",
     NULL}},
};
/* clang-format on */

#endif
