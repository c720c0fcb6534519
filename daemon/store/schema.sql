-- What is kept: version 3. One database file, written by one connection.
--
-- Two axes of time. `at` columns are instants (whole seconds since 1970, UTC):
-- when it happened. `seq` columns are journal numbers: when it was known. A row
-- that is replaced is not edited: its to_seq (and to_at) is set and a new row
-- follows, so that any report can be asked as of an instant and as known at a
-- number. NULL in to_at, to_seq: still so.
--
-- The tables marked FOLD are what the journal's effects add up to: `verify`
-- folds the journal into an empty copy of them and compares row by row. The
-- others are caches and delivery state and are not in the fold.
--
-- A DEFAULT is what most new rows have: such a column is left out of the effects
-- of a record, which makes the journal a third shorter. A default may therefore
-- never be changed, nor be given to a column that was without one. A column
-- that a key gains has one too: the records before it do not name it.
--
-- Enumerations are stored as their number in the maps of core/ticket.h,
-- core/regulation.h and proto/command.h, which are append-only.

-- The record. `record` is one JSON object, read by people and by verify:
--   {"v":1,"seq":7,"at":…,"recorded":…,"by":"ACCOUNT|clock|operator",
--    "method":"ticket.accept","ticket":20261120000001,"imported":"IMPORTER",
--    "put":[["clock",{"ticket":…,"n":2,"stop_at":…}],…]}
-- hash = SM3(hash of seq-1 || record bytes); the hash of 0 is 32 zero bytes.
-- `ticket` and `before` chain a ticket's own records (before = the one before
-- it), so that a timeline needs no index.
CREATE TABLE journal (
    seq     INTEGER PRIMARY KEY,
    before  INTEGER,
    record  TEXT NOT NULL,
    hash    BLOB NOT NULL
);

-- FOLD. Free text and personal data, apart so that they can be redacted: the
-- journal holds only digest = SM3(salt || body). Redacted: redacted_seq is the
-- record that did it, salt is NULL and body TEXT_REDACTED (store.h).
CREATE TABLE text (
    id      INTEGER PRIMARY KEY,
    purpose INTEGER NOT NULL,   -- enum text_purpose, daemon/store/store.h
    digest  BLOB NOT NULL,
    redacted_seq INTEGER,
    salt    BLOB,               -- not in the fold
    body    TEXT                -- not in the fold
);

-- FOLD. The register: chains, units, people. A change of name is a new row.
CREATE TABLE register (
    id        INTEGER NOT NULL,
    from_seq  INTEGER NOT NULL,
    kind      INTEGER NOT NULL, -- enum register_kind, daemon/store/registry.h
    code      TEXT NOT NULL,    -- credit code, account, or the office's own
    name      TEXT,             -- NULL for people:
    name_text INTEGER,          -- their name and phone are text rows
    phone_text INTEGER,
    warned    INTEGER NOT NULL DEFAULT 0, -- a credit code taken by force
    from_at   INTEGER NOT NULL,
    to_at     INTEGER,
    to_seq    INTEGER,
    PRIMARY KEY (id, from_seq)
) WITHOUT ROWID;
CREATE UNIQUE INDEX register_code ON register (kind, code, from_seq);

-- FOLD. What belongs to what, from when to when: enterprise in chain,
-- committee of chain, department under department, person in unit with a role,
-- steward or specialist of an enterprise.
CREATE TABLE relation (
    id       INTEGER PRIMARY KEY,
    kind     INTEGER NOT NULL,  -- enum relation_kind
    subject  INTEGER NOT NULL,
    object   INTEGER NOT NULL,
    detail   INTEGER NOT NULL DEFAULT 0, -- role, or position in the chain
    from_at  INTEGER NOT NULL,
    to_at    INTEGER,
    from_seq INTEGER NOT NULL,
    to_seq   INTEGER
);
CREATE INDEX relation_subject ON relation (subject, kind);
CREATE INDEX relation_object ON relation (object, kind);
-- The supervisors (role 6), told of every red light: not a walk over all ties.
CREATE INDEX relation_supervisor ON relation (subject)
    WHERE kind = 3 AND detail = 6 AND to_seq IS NULL;

-- FOLD. Published days: a year's notice, or extra days of one dispatching unit
-- (organisation <> 0). What is not here is Monday to Friday.
CREATE TABLE calendar_day (
    organisation INTEGER NOT NULL,
    day      INTEGER NOT NULL,  -- days since 1970-01-01
    from_seq INTEGER NOT NULL,
    working  INTEGER NOT NULL,
    name     TEXT NOT NULL,
    notice   INTEGER NOT NULL,  -- the year whose notice says so; 0: own
    to_seq   INTEGER,
    PRIMARY KEY (organisation, day, from_seq)
) WITHOUT ROWID;
-- FOLD. Which years are published, by which papers; each row is a version of
-- the calendar.
CREATE TABLE calendar_year (
    version  INTEGER PRIMARY KEY,
    organisation INTEGER NOT NULL,
    year     INTEGER NOT NULL,
    source   TEXT NOT NULL,
    seq      INTEGER NOT NULL
);

-- FOLD. The regulation's versions; body is its JSON as given.
CREATE TABLE regulation (
    version   INTEGER PRIMARY KEY,
    effective INTEGER NOT NULL,
    body      TEXT NOT NULL,
    seq       INTEGER NOT NULL
);

-- FOLD. One row a ticket. id = YYYYMMDD * 1000000 + the day's serial.
CREATE TABLE ticket (
    id         INTEGER PRIMARY KEY,
    ref        TEXT,             -- outside reference
    state      INTEGER NOT NULL,
    state_before INTEGER NOT NULL DEFAULT 0,
    round      INTEGER NOT NULL DEFAULT 1,
    flags      INTEGER NOT NULL DEFAULT 0, -- enum ticket_flag
    enterprise INTEGER NOT NULL,
    dispatcher INTEGER NOT NULL,
    category   TEXT NOT NULL,    -- codes of the pinned regulation
    urgency    TEXT NOT NULL,
    channel    TEXT NOT NULL,
    regulation INTEGER NOT NULL, -- pinned version
    score      INTEGER NOT NULL DEFAULT 0,
    solved     INTEGER NOT NULL DEFAULT 0,
    returns    INTEGER NOT NULL DEFAULT 0,
    filed_at   INTEGER NOT NULL,
    filed_by   INTEGER NOT NULL, -- person, 0 = operator
    last_at    INTEGER NOT NULL,
    dispatch_last INTEGER NOT NULL DEFAULT 0,
    clock_last INTEGER NOT NULL,
    title_text INTEGER NOT NULL,
    body_text  INTEGER,
    from_seq   INTEGER NOT NULL, -- the record that filed it
    seq        INTEGER NOT NULL, -- its latest record: head of its chain
    against    INTEGER NOT NULL DEFAULT 0, -- unit complained of, 0: none
    parent     INTEGER NOT NULL DEFAULT 0, -- ticket that it is a part of
    merged_into INTEGER NOT NULL DEFAULT 0,
    responded_at INTEGER,        -- first contact, answer or resolve
    resolved_at INTEGER,         -- the latest time it was resolved
    urged_at   INTEGER           -- the latest urging by a person
);
CREATE UNIQUE INDEX ticket_ref ON ticket (ref) WHERE ref IS NOT NULL;
CREATE INDEX ticket_enterprise ON ticket (enterprise); -- and by number
-- An office's, newest first, and what another office dispatched before (flag
-- 8192: TICKET_HANDED).
CREATE INDEX ticket_dispatcher ON ticket (dispatcher);
CREATE INDEX ticket_handed ON ticket (id) WHERE (flags & 8192) <> 0;
-- What is in a state that is not the last (5 to 8: core/states.h).
CREATE INDEX ticket_open ON ticket (state) WHERE state < 5 OR state > 8;
CREATE INDEX ticket_parent ON ticket (parent) WHERE parent <> 0;
CREATE INDEX ticket_merged ON ticket (merged_into) WHERE merged_into <> 0;
-- What waits for the next joint meeting (flag 512: TICKET_AGENDA).
CREATE INDEX ticket_agenda ON ticket (dispatcher) WHERE (flags & 512) <> 0;

-- FOLD. One row a dispatch, clustered with its ticket.
CREATE TABLE dispatch (
    ticket    INTEGER NOT NULL,
    n         INTEGER NOT NULL,
    unit      INTEGER NOT NULL,
    kind      INTEGER NOT NULL,
    state     INTEGER NOT NULL,
    before_ask INTEGER NOT NULL DEFAULT 0,
    round     INTEGER NOT NULL DEFAULT 1,
    sent_at   INTEGER NOT NULL,
    accepted_at INTEGER,
    asked_at  INTEGER,
    decided_at INTEGER,
    done_at   INTEGER,
    fault     INTEGER NOT NULL DEFAULT 0,
    refused   INTEGER NOT NULL DEFAULT 0,
    measure_text INTEGER,
    from_seq  INTEGER NOT NULL,
    handler   INTEGER NOT NULL DEFAULT 0, -- person it is assigned to
    acted     INTEGER NOT NULL DEFAULT 0, -- the unit has done something
    extensions INTEGER NOT NULL DEFAULT 0, -- granted ones
    asked_n   INTEGER NOT NULL DEFAULT 0, -- extension asked for, undecided:
    asked_unit INTEGER,                   -- NULL: none
    asked_until INTEGER,
    plan_text INTEGER,          -- individual plan that it was sent under
    PRIMARY KEY (ticket, n)
) WITHOUT ROWID;
-- What a unit has or once had, newest first.
CREATE INDEX dispatch_unit ON dispatch (unit, ticket);
-- What is on a person's desk (states 1 to 3: core/states.h).
CREATE INDEX dispatch_handler ON dispatch (handler)
    WHERE handler <> 0 AND state IN (1, 2, 3);
-- What comes back to a person with a rework (kind 0 lead, state 4 done).
CREATE INDEX dispatch_done ON dispatch (handler)
    WHERE handler <> 0 AND kind = 0 AND state = 4;

-- FOLD. Clocks. A row is one version of a clock: start, budget and due do not
-- change in it. A stop at the event's own time is written into the row
-- (stop_at, stop_seq); a change of due, or a stop that lies before the event
-- that made it, ends the version (to_at, to_seq) and starts the next (v + 1).
-- Seen at instant T and number N is the version with from_seq <= N,
-- from_at <= T and (to_seq IS NULL OR to_seq > N OR to_at > T); its stop counts
-- if stop_seq <= N and stop_at <= T.
CREATE TABLE clock (
    ticket   INTEGER NOT NULL,
    n        INTEGER NOT NULL,
    v        INTEGER NOT NULL,  -- version, from 1
    kind     INTEGER NOT NULL,
    dispatch INTEGER NOT NULL DEFAULT 0, -- 0: the ticket's own
    unit     INTEGER NOT NULL,  -- whose promise it is
    round    INTEGER NOT NULL DEFAULT 1,
    start_at INTEGER NOT NULL,
    limit_n  INTEGER NOT NULL,
    limit_unit INTEGER NOT NULL DEFAULT 0,
    limit_until INTEGER,        -- of a limit that names an instant
    due_at   INTEGER,           -- NULL: no limit
    by_day   INTEGER NOT NULL DEFAULT 1, -- late iff stop >= due, else stop > due
    provisional INTEGER NOT NULL DEFAULT 0,
    yellow_at INTEGER,
    run      INTEGER NOT NULL DEFAULT 0,
    paused_at INTEGER,
    stop_at  INTEGER,
    verdict  INTEGER NOT NULL DEFAULT 0,
    next_at  INTEGER,           -- when it next does something by itself
    next_step INTEGER NOT NULL DEFAULT 0,
    fired    INTEGER NOT NULL DEFAULT 0, -- bits of the steps that have fired
    held     INTEGER NOT NULL DEFAULT 0, -- 1: an import is open, only it moves this one
    from_at  INTEGER NOT NULL,
    from_seq INTEGER NOT NULL,
    stop_seq INTEGER,
    to_at    INTEGER,
    to_seq   INTEGER,
    turn     INTEGER NOT NULL DEFAULT 0, -- how often an extension moved its due,
                                         -- or another regulation its steps
    corrected INTEGER NOT NULL DEFAULT 0, -- replacing verdict, 0: none
    corrected_seq INTEGER,
    corrected_record INTEGER, -- the record that it rests on, if one was named
    moved_n  INTEGER NOT NULL DEFAULT 0, -- by which limit an extension moved the
    moved_unit INTEGER,                  -- due of the version before; NULL: none
    moved_until INTEGER,
    PRIMARY KEY (ticket, n, v)
) WITHOUT ROWID;
-- Open work of a unit, oldest due first: lists and lights. (kind 1 = finish)
CREATE INDEX clock_open ON clock (unit, due_at)
    WHERE kind = 1 AND stop_at IS NULL AND to_seq IS NULL;
-- The same of all units.
CREATE INDEX clock_late ON clock (due_at)
    WHERE kind = 1 AND stop_at IS NULL AND to_seq IS NULL;
-- What waits for whom, beside the finish of a dispatch: a dispatcher's
-- decisions, a unit's replies and reworks, an enterprise's word. Spans, not a
-- list: of a list SQLite makes a table at each insert.
CREATE INDEX clock_duty ON clock (unit, due_at)
    WHERE (kind BETWEEN 2 AND 3 OR kind BETWEEN 7 AND 16)
    AND stop_at IS NULL AND to_seq IS NULL;
-- Signatures that are waited for, and appeals, whoever decides them.
CREATE INDEX clock_sign ON clock (unit, due_at)
    WHERE kind = 0 AND stop_at IS NULL AND to_seq IS NULL;
CREATE INDEX clock_appeal ON clock (due_at)
    WHERE kind = 14 AND stop_at IS NULL AND to_seq IS NULL;
-- The one timer.
CREATE INDEX clock_next ON clock (held, next_at) WHERE next_at IS NOT NULL;

-- FOLD. Escalations: each step of each clock fires exactly once.
CREATE TABLE escalation (
    ticket  INTEGER NOT NULL,
    clock   INTEGER NOT NULL,
    step    INTEGER NOT NULL,
    turn    INTEGER NOT NULL DEFAULT 0, -- of the clock, when it fired
    does    INTEGER NOT NULL,
    at      INTEGER NOT NULL,   -- when it was due to fire
    late_s  INTEGER NOT NULL,   -- fired so many seconds late
    seq     INTEGER NOT NULL,
    PRIMARY KEY (ticket, clock, step, turn)
) WITHOUT ROWID;

-- FOLD. What was told to whom.
CREATE TABLE notice (
    id      INTEGER PRIMARY KEY,
    ticket  INTEGER NOT NULL,
    target  INTEGER NOT NULL,   -- unit or person
    event   INTEGER NOT NULL,   -- enum event_type
    does    INTEGER,            -- of an escalation
    clock   INTEGER,
    at      INTEGER NOT NULL,
    seq     INTEGER NOT NULL
);
CREATE INDEX notice_target ON notice (target, id);
CREATE INDEX notice_ticket ON notice (ticket, id);

-- FOLD. Whose name a ticket carries (M6): 领衔, 领办, 领责.
CREATE TABLE ticket_person (
    ticket   INTEGER NOT NULL,
    duty     INTEGER NOT NULL,  -- enum duty, daemon/store/store.h
    from_seq INTEGER NOT NULL,
    person   INTEGER NOT NULL,
    from_at  INTEGER NOT NULL,
    to_at    INTEGER,
    to_seq   INTEGER,
    PRIMARY KEY (ticket, duty, from_seq)
) WITHOUT ROWID;
CREATE INDEX ticket_person_person ON ticket_person (person, ticket);

-- FOLD. What was attached to a ticket. The content is a file beside the
-- database, under the name of its digest (daemon/store/files.h), durable before
-- the record. Nothing here ever changes.
CREATE TABLE attachment (
    ticket    INTEGER NOT NULL,
    n         INTEGER NOT NULL,  -- from 1
    sha256    TEXT NOT NULL,     -- of the content, 64 hexadecimal digits
    size      INTEGER NOT NULL,  -- bytes
    type      INTEGER NOT NULL,  -- enum file_type, proto/filetype.h
    purpose   INTEGER NOT NULL,  -- enum attachment_purpose, core/attachment.h
    name_text INTEGER NOT NULL,  -- personal data
    person    INTEGER NOT NULL,  -- who attached it
    at        INTEGER NOT NULL,
    seq       INTEGER NOT NULL,
    PRIMARY KEY (ticket, n)
) WITHOUT ROWID;
-- Whether a file is named by any record.
CREATE INDEX attachment_sha256 ON attachment (sha256);

-- FOLD. Joint meetings (联席会议): who calls it, who comes, what is on it.
CREATE TABLE meeting (
    id         INTEGER PRIMARY KEY,
    dispatcher INTEGER NOT NULL, -- the unit that calls it
    at         INTEGER NOT NULL, -- when it is to be held
    title_text INTEGER NOT NULL,
    place_text INTEGER,
    from_at    INTEGER NOT NULL,
    from_seq   INTEGER NOT NULL,
    closed_at  INTEGER,
    closed_seq INTEGER,
    minutes_text INTEGER,        -- what else was said
    ref        TEXT              -- outside reference
);
CREATE UNIQUE INDEX meeting_ref ON meeting (ref) WHERE ref IS NOT NULL;
CREATE INDEX meeting_dispatcher ON meeting (dispatcher, id);
CREATE TABLE meeting_unit (
    meeting  INTEGER NOT NULL,
    unit     INTEGER NOT NULL,
    from_seq INTEGER NOT NULL,
    PRIMARY KEY (meeting, unit)
) WITHOUT ROWID;
CREATE INDEX meeting_unit_unit ON meeting_unit (unit, meeting);
CREATE TABLE meeting_item (
    meeting  INTEGER NOT NULL,
    ticket   INTEGER NOT NULL,
    from_seq INTEGER NOT NULL,  -- the record that put it on
    decided_at INTEGER,
    decision INTEGER,           -- enum event_type: meet_dispatch, ...
    decided_seq INTEGER,        -- the record of the decision
    PRIMARY KEY (meeting, ticket, from_seq)
) WITHOUT ROWID;
CREATE INDEX meeting_item_ticket ON meeting_item (ticket);

-- FOLD. The morning digest: one a person and working day, exactly once.
CREATE TABLE digest (
    person  INTEGER NOT NULL,
    day     INTEGER NOT NULL,   -- days since 1970-01-01
    todo    INTEGER NOT NULL,
    soon    INTEGER NOT NULL,   -- yellow
    overdue INTEGER NOT NULL,
    at      INTEGER NOT NULL,
    seq     INTEGER NOT NULL,
    PRIMARY KEY (person, day)
) WITHOUT ROWID;

-- FOLD. Where notices go outside: a webhook, from when to when.
CREATE TABLE hook (
    id       INTEGER PRIMARY KEY,
    code     TEXT NOT NULL,
    kind     INTEGER NOT NULL,  -- enum hook_kind, daemon/store/outbox.h
    url      TEXT NOT NULL,     -- up to its '?'
    target   INTEGER NOT NULL DEFAULT 0, -- only what goes to this unit or
                                         -- person; 0: everything
    from_at  INTEGER NOT NULL,
    from_seq INTEGER NOT NULL,
    to_at    INTEGER,
    to_seq   INTEGER
);
CREATE TABLE hook_secret (      -- not in the fold: credentials
    hook   INTEGER PRIMARY KEY,
    secret TEXT,                -- signs what is sent
    query  TEXT                 -- of the url, from its '?' on: a group robot's
);                              -- key stands there

-- What is to be delivered to which hook. Delivery state, not in the fold; a
-- row is made in the transaction of its notice.
CREATE TABLE outbox (
    id       INTEGER PRIMARY KEY,
    hook     INTEGER NOT NULL,
    notice   INTEGER,           -- or
    person   INTEGER,           --    a digest
    day      INTEGER,           -- of a digest or of anchors
    state    INTEGER NOT NULL DEFAULT 0, -- enum outbox_state
    attempts INTEGER NOT NULL DEFAULT 0,
    next_at  INTEGER NOT NULL,
    done_at  INTEGER,
    error    TEXT,              -- of the last attempt
    anchors  TEXT               -- or of both chains on that day: two lines
);
-- The queue of each hook, in order, what was given up, and what was delivered:
-- kept OUTBOX_DAYS.
CREATE INDEX outbox_queue ON outbox (hook, id) WHERE state = 0;
CREATE INDEX outbox_failed ON outbox (hook, id) WHERE state = 2;
CREATE INDEX outbox_done ON outbox (done_at) WHERE state = 1;
CREATE INDEX outbox_notice ON outbox (notice) WHERE notice IS NOT NULL;
CREATE UNIQUE INDEX outbox_anchors ON outbox (hook, day)
    WHERE anchors IS NOT NULL;

-- On which tickets a person has acted, and when last: a cache for 已办.
CREATE TABLE acted (
    person INTEGER NOT NULL,
    ticket INTEGER NOT NULL,
    at     INTEGER NOT NULL,
    PRIMARY KEY (person, ticket)
) WITHOUT ROWID;
CREATE INDEX acted_at ON acted (person, at);

-- First answers of commands that carried a key, kept IDEM_DAYS.
CREATE TABLE idem (
    account TEXT NOT NULL,
    key     TEXT NOT NULL,
    digest  BLOB NOT NULL,      -- SM3 of method and parameters
    reply   TEXT NOT NULL,
    seq     INTEGER NOT NULL,
    at      INTEGER NOT NULL,
    PRIMARY KEY (account, key)
) WITHOUT ROWID;
CREATE INDEX idem_at ON idem (at);

-- Lines of history already taken: SM3(line, canonical) and occurrence.
CREATE TABLE imported (
    digest     BLOB NOT NULL,
    occurrence INTEGER NOT NULL,
    seq        INTEGER NOT NULL,
    PRIMARY KEY (digest, occurrence)
) WITHOUT ROWID;

-- Settings of the file itself: created, import_closed, last_text, ...
CREATE TABLE meta (
    name  TEXT PRIMARY KEY,
    value TEXT NOT NULL
) WITHOUT ROWID;

-- Accounts: how persons prove who they are. Credentials and their state, not in
-- the journal and not in the fold, because nothing of them may be kept for
-- ever; what was done to them stands in the audit record.
CREATE TABLE account (
    person   INTEGER PRIMARY KEY, -- register id
    hash     TEXT NOT NULL,       -- yescrypt, as crypt(5) writes it
    due      INTEGER NOT NULL DEFAULT 1, -- 1: must be changed at the next log-in
    made_at  INTEGER NOT NULL,
    set_at   INTEGER NOT NULL,    -- when the password was set
    login_at INTEGER,             -- latest log-in
    disabled_at INTEGER,          -- NULL: may log in
    why      TEXT,                -- it is disabled
    totp     BLOB,                -- secret of the second factor, NULL: none
    totp_new BLOB,                -- one that is not confirmed yet
    totp_step INTEGER NOT NULL DEFAULT 0 -- latest step taken: none works twice
);
CREATE TABLE password_old (
    person INTEGER NOT NULL,
    n      INTEGER NOT NULL,      -- counts up; the oldest are dropped
    hash   TEXT NOT NULL,
    PRIMARY KEY (person, n)
) WITHOUT ROWID;
-- What was given out: only a digest, so that whoever reads this file can log in
-- nowhere.
CREATE TABLE token (
    id      INTEGER PRIMARY KEY,
    digest  BLOB NOT NULL UNIQUE, -- SM3 of the token's text
    person  INTEGER NOT NULL,
    kind    INTEGER NOT NULL,     -- enum token_kind, daemon/store/accounts.h
    name    TEXT,                 -- of an API token
    scope   TEXT,                 -- of an API token: what it may call
    source  TEXT NOT NULL,        -- where it was asked for
    made_at INTEGER NOT NULL,
    used_at INTEGER NOT NULL,     -- written at most once a minute
    ends_at INTEGER NOT NULL
);
CREATE INDEX token_person ON token (person, id);
CREATE INDEX token_ends ON token (ends_at);
-- Failed log-ins, of names that need not exist, each by where they came from.
CREATE TABLE lockout (
    name     TEXT NOT NULL,       -- account as it was typed
    source   TEXT NOT NULL,
    failures INTEGER NOT NULL,    -- in a row
    last_at  INTEGER NOT NULL,
    until    INTEGER,             -- locked so long
    PRIMARY KEY (name, source)
) WITHOUT ROWID;
CREATE INDEX lockout_last ON lockout (last_at);

-- The audit record, a chain of its own: hash = SM3(hash of n-1 || record bytes).
-- `record` is one JSON object; the columns beside it repeat what is looked for
-- and are checked by verify. What is older than the retention goes, a whole
-- beginning at a time: meta then holds audit_base, number and hash of the last
-- one that went, and the cut is itself a record.
CREATE TABLE audit (
    n       INTEGER PRIMARY KEY,
    at      INTEGER NOT NULL,
    account TEXT NOT NULL,        -- "" nobody known, "operator", or a code
    what    TEXT NOT NULL,        -- a command's name, or daemon.start, ...
    outcome TEXT NOT NULL,        -- "ok", or the error's name
    record  TEXT NOT NULL,
    hash    BLOB NOT NULL
);
-- Newest first, by whatever is asked for: a page costs a page. What waited in a
-- queue is a little older than the record before it, hence `at` and not `n`.
CREATE INDEX audit_account ON audit (account, at);
CREATE INDEX audit_what ON audit (what, at);
CREATE INDEX audit_outcome ON audit (outcome, at) WHERE outcome <> 'ok';
CREATE INDEX audit_at ON audit (at);
