/* Who may see which ticket (design section 8), as fragments of SQL over
 * `ticket t`, for the fixed statements and for conditions that are put together
 * (daemon/commands/access.h, which is the one who asks).
 *
 * ?1 is 0 for who sees all, else a JSON array of people: the reader, and those
 * for whom they act today (RELATION_DELEGATE). No subselect on relations looks
 * at the ticket, so that SQLite works each set out once a query.
 *
 * The numbers are those of enum relation_kind, role, clock_kind, ticket_flag:
 * static assertions in access.c keep them honest. */
#ifndef BIHUAN_STORE_SCOPE_H
#define BIHUAN_STORE_SCOPE_H

#define SCOPE_PEOPLE_SELECT "SELECT value FROM json_each(?1)"
#define SCOPE_PEOPLE "(" SCOPE_PEOPLE_SELECT ")"

/* Where the reader has a post with one of those roles today. */
#define SCOPE_POSTS(roles)                                       \
    "SELECT object FROM relation WHERE subject IN " SCOPE_PEOPLE \
    " AND kind = 3 AND detail IN (" roles ") AND to_seq IS NULL"
/* The same, and what those units have taken over (RELATION_SUCCESSOR). */
#define SCOPE_UNITS(roles)                                          \
    "SELECT object FROM relation WHERE subject IN " SCOPE_PEOPLE    \
    " AND kind = 3 AND detail IN (" roles ") AND to_seq IS NULL"    \
    " UNION SELECT s.subject FROM relation p CROSS JOIN relation s" \
    " ON s.object = p.object AND s.kind = 7 AND s.to_seq IS NULL"   \
    " WHERE p.subject IN " SCOPE_PEOPLE " AND p.kind = 3"           \
    " AND p.detail IN (" roles ") AND p.to_seq IS NULL"
#define SCOPE_GUIDED                                             \
    "SELECT object FROM relation WHERE subject IN " SCOPE_PEOPLE \
    " AND kind IN (4, 5) AND to_seq IS NULL"

/* Whom the reader works with: themselves, who has a post where they have one,
 * the guides of their enterprises, the contacts of those that they guide. */
#define SCOPE_NEAR                                                             \
    SCOPE_PEOPLE_SELECT                                                        \
    " UNION SELECT subject FROM relation WHERE kind = 3 AND to_seq IS NULL"    \
    " AND object IN (" SCOPE_POSTS(                                            \
        "0, 1, 2, 3, 4, 5, 6") ")"                                             \
                               " UNION SELECT subject FROM relation WHERE "    \
                               "kind IN (4, 5)"                                \
                               " AND to_seq IS NULL AND object IN "            \
                               "(" SCOPE_POSTS(                                \
                                   "0") ")"                                    \
                                        " UNION SELECT subject FROM relation " \
                                        "WHERE kind = 3 AND detail = 0"        \
                                        " AND to_seq IS NULL AND object IN "   \
                                        "(" SCOPE_GUIDED ")"

#define SCOPE_OFFICES                                          \
    "SELECT op.object FROM relation op CROSS JOIN register o"  \
    " ON o.id = op.object AND o.kind = 2 AND o.to_seq IS NULL" \
    " WHERE op.subject IN " SCOPE_PEOPLE " AND op.kind = 3"    \
    " AND op.detail = 2 AND op.to_seq IS NULL"

/* What an office once had to decide on (by the clocks that are a dispatcher's)
 * it may read on after the ticket was handed to another. The flag (8192,
 * TICKET_HANDED) spares all others the walk through their clocks. */
#define SCOPE_ONCE_DISPATCHED                                           \
    "((t.flags & 8192) <> 0 AND EXISTS (SELECT 1 FROM clock sc"         \
    " WHERE sc.ticket = t.id AND sc.kind IN (3, 7, 10, 11, 12, 13, 15)" \
    " AND sc.unit IN (" SCOPE_POSTS("2") ")))"

/* A refusal (state 6) that is appealed against: any general office (kind 2) may
 * decide on it, and reads it until it is decided. */
#define SCOPE_JUDGED                                      \
    "(t.state = 6 AND EXISTS (" SCOPE_OFFICES             \
    ") AND EXISTS (SELECT 1 FROM clock ac WHERE"          \
    " ac.ticket = t.id AND ac.kind = 14 AND ac.unit <> 0" \
    " AND ac.stop_at IS NULL AND ac.to_seq IS NULL))"

/* One of those whose ticket it is: its enterprise, a guide, the office that
 * dispatches or once did or that decides an appeal, a person whose name it
 * carries. "+": by the names on that ticket, not by all tickets with a name,
 * which a statement about one ticket would collect anew each time. */
#define SCOPE_PARTY                                                       \
    "(t.enterprise IN (" SCOPE_POSTS(                                     \
        "0") ")"                                                          \
             " OR t.enterprise IN (" SCOPE_GUIDED ")"                     \
             " OR t.dispatcher IN (" SCOPE_POSTS(                         \
                 "2") ")"                                                 \
                      " OR EXISTS (SELECT 1 FROM ticket_person sp WHERE"  \
                      " sp.ticket = t.id AND +sp.person IN " SCOPE_PEOPLE \
                      " AND sp.to_seq IS NULL)"                           \
                      " OR " SCOPE_ONCE_DISPATCHED " OR " SCOPE_JUDGED ")"

/* One of a unit that it was dispatched to: head, handler, leader. */
#define SCOPE_HANDLES                                          \
    "EXISTS (SELECT 1 FROM dispatch sd WHERE sd.ticket = t.id" \
    " AND sd.unit IN (" SCOPE_UNITS("3, 4, 5") "))"

/* It never reaches the unit that it complains of. */
#define SCOPE_AGAINST \
    "(t.against <> 0 AND t.against IN (" SCOPE_UNITS("2, 3, 4, 5") "))"

#define SCOPE_WHERE                                      \
    "(?1 = 0 OR ((" SCOPE_PARTY " OR " SCOPE_HANDLES ")" \
    " AND NOT " SCOPE_AGAINST "))"

/* Where a reader's tickets are to be looked for, as (walk, of whom): each term
 * of SCOPE_PARTY and SCOPE_HANDLES as the index by which it is found, so that a
 * list begins on the reader's own side. The numbers are those of enum walk
 * (daemon/commands/view/list_walk.h). More may be found than SCOPE_WHERE
 * allows, which is asked of each ticket; never less: test_list_scope.c. */
/* clang-format off */
#define SCOPE_WALKS                                                       \
    "SELECT 1, object FROM (" SCOPE_POSTS("0") " UNION " SCOPE_GUIDED ")" \
    " UNION SELECT 2, object FROM (" SCOPE_POSTS("2") ")"                 \
    " UNION SELECT 3, object FROM (" SCOPE_UNITS("3, 4, 5") ")"           \
    " UNION SELECT 4, value FROM json_each(?1)"                           \
    " UNION SELECT 5, 0 WHERE EXISTS (" SCOPE_POSTS("2") ")"              \
    " UNION SELECT 6, 0 WHERE EXISTS (" SCOPE_OFFICES ")"

/* The same tickets in no order, some several times. */
#define SCOPE_FOUND                                                           \
    "SELECT id FROM ticket WHERE enterprise IN (" SCOPE_POSTS("0") ")"        \
    " UNION ALL SELECT id FROM ticket WHERE enterprise IN (" SCOPE_GUIDED ")" \
    " UNION ALL SELECT id FROM ticket"                                        \
    " WHERE dispatcher IN (" SCOPE_POSTS("2") ")"                             \
    " UNION ALL SELECT ticket FROM dispatch"                                  \
    " WHERE unit IN (" SCOPE_UNITS("3, 4, 5") ")"                             \
    " UNION ALL SELECT ticket FROM ticket_person"                             \
    " WHERE person IN " SCOPE_PEOPLE " AND to_seq IS NULL"                    \
    " UNION ALL SELECT id FROM ticket"                                        \
    " WHERE (flags & 8192) <> 0 AND EXISTS (" SCOPE_POSTS("2") ")"            \
    " UNION ALL SELECT ticket FROM clock WHERE kind = 14"                     \
    " AND stop_at IS NULL AND to_seq IS NULL AND EXISTS (" SCOPE_OFFICES ")"
/* clang-format on */

/* Confidential, and the reader is only one of a unit that handles it: what
 * tells who asks is left out. */
#define SCOPE_HIDDEN \
    "((t.flags & 128) <> 0 AND ?1 <> 0 AND NOT " SCOPE_PARTY ")"

#endif
