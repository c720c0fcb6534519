/* What waits for a person (待办), as fragments of SQL over `clock c` and
 * `dispatch d`, for `mine` and for the morning digest alike. ?1 is a JSON array
 * of people (the person and those for whom they act), ?2 an instant.
 *
 * An open clock is the duty of who works for the unit that promised:
 *
 *   finish, supervise    of a dispatch: the unit's heads; its handlers, unless
 *                        it is assigned to another of them
 *   rework               heads and handlers; of a split ticket its dispatchers
 *   triage, review, suspension, meeting, return, extension, appeal, archive
 *                        the office's dispatchers
 *   evaluate, supplement the enterprise's contacts
 *   appeal against a score (unit 0)  supervisors
 *
 * The clocks of an open import wait for nobody. The numbers are those of enum
 * clock_kind and enum role. */
#ifndef BIHUAN_STORE_DUTY_H
#define BIHUAN_STORE_DUTY_H

#include "daemon/store/scope.h"

#define DUTY_MINE                                                       \
    "(d.handler IS NULL OR d.handler = 0 OR d.handler IN " SCOPE_PEOPLE \
    " OR c.unit IN (" SCOPE_UNITS("3") "))"

/* The finish clocks of dispatches. */
#define DUTY_WORK                                                   \
    "FROM clock c INDEXED BY clock_open LEFT JOIN dispatch d"       \
    " ON d.ticket = c.ticket AND d.n = c.dispatch WHERE c.kind = 1" \
    " AND c.stop_at IS NULL AND c.to_seq IS NULL AND c.held = 0"    \
    " AND c.unit IN (" SCOPE_UNITS("3, 4") ") AND " DUTY_MINE

/* All the others. */
#define DUTY_SIDE                                                              \
    "FROM clock c INDEXED BY clock_duty LEFT JOIN dispatch d"                  \
    " ON d.ticket = c.ticket AND d.n = c.dispatch"                             \
    " AND c.kind = 2 WHERE c.kind IN (2, 3, 7, 8, 9, 10, 11, 12, 13, 14, 15,"  \
    " 16) AND c.stop_at IS NULL AND c.to_seq IS NULL AND c.held = 0"           \
    " AND c.unit IN (" SCOPE_UNITS(                                            \
        "0, 2, 3, 4") " UNION SELECT 0 FROM"                                   \
                      " relation WHERE subject IN " SCOPE_PEOPLE               \
                      " AND kind = 3 AND detail = 6"                           \
                      " AND to_seq IS NULL) AND CASE c.kind"                   \
                      " WHEN 2 THEN c.unit IN (" SCOPE_UNITS(                  \
                          "3, 4") ") AND " DUTY_MINE                           \
                                  " WHEN 9 THEN c.unit IN (" SCOPE_UNITS(      \
                                      "2, 3, 4") ")"                           \
                                                 " ELSE c.unit = 0 OR c.unit " \
                                                 "IN (" SCOPE_UNITS(           \
                                                     "0, 2") ") END"

/* The lights at ?2; a paused clock has neither. */
#define DUTY_RED \
    "(c.run = 0 AND (c.due_at < ?2 OR (c.due_at = ?2 AND c.by_day = 1)))"
#define DUTY_YELLOW                                                         \
    "(c.run = 0 AND c.yellow_at <= ?2 AND (c.due_at > ?2 OR (c.due_at = ?2" \
    " AND c.by_day = 0)))"

#endif
