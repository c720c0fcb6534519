-- From version 1 to version 2: what the rest of the verbs keep. What is said here
-- stands in schema.sql too, word for word; tests/store/test_upgrade.c compares.
ALTER TABLE ticket ADD COLUMN against INTEGER NOT NULL DEFAULT 0;
ALTER TABLE ticket ADD COLUMN parent INTEGER NOT NULL DEFAULT 0;
ALTER TABLE ticket ADD COLUMN merged_into INTEGER NOT NULL DEFAULT 0;
ALTER TABLE ticket ADD COLUMN responded_at INTEGER;
ALTER TABLE ticket ADD COLUMN resolved_at INTEGER;
ALTER TABLE ticket ADD COLUMN urged_at INTEGER;
CREATE INDEX ticket_enterprise ON ticket (enterprise);
CREATE INDEX ticket_parent ON ticket (parent) WHERE parent <> 0;
CREATE INDEX ticket_merged ON ticket (merged_into) WHERE merged_into <> 0;
CREATE INDEX ticket_agenda ON ticket (dispatcher) WHERE (flags & 512) <> 0;

ALTER TABLE dispatch ADD COLUMN handler INTEGER NOT NULL DEFAULT 0;
ALTER TABLE dispatch ADD COLUMN acted INTEGER NOT NULL DEFAULT 0;
ALTER TABLE dispatch ADD COLUMN extensions INTEGER NOT NULL DEFAULT 0;
ALTER TABLE dispatch ADD COLUMN asked_n INTEGER NOT NULL DEFAULT 0;
ALTER TABLE dispatch ADD COLUMN asked_unit INTEGER;
ALTER TABLE dispatch ADD COLUMN asked_until INTEGER;
ALTER TABLE dispatch ADD COLUMN plan_text INTEGER;
CREATE INDEX dispatch_handler ON dispatch (handler)
    WHERE handler <> 0 AND state IN (1, 2, 3);
CREATE INDEX dispatch_done ON dispatch (handler)
    WHERE handler <> 0 AND kind = 0 AND state = 4;

ALTER TABLE clock ADD COLUMN turn INTEGER NOT NULL DEFAULT 0;
ALTER TABLE clock ADD COLUMN corrected INTEGER NOT NULL DEFAULT 0;
ALTER TABLE clock ADD COLUMN corrected_seq INTEGER;
ALTER TABLE clock ADD COLUMN corrected_record INTEGER;
ALTER TABLE clock ADD COLUMN moved_n INTEGER NOT NULL DEFAULT 0;
ALTER TABLE clock ADD COLUMN moved_unit INTEGER;
ALTER TABLE clock ADD COLUMN moved_until INTEGER;
CREATE INDEX clock_duty ON clock (unit, due_at)
    WHERE kind IN (2, 3, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16)
    AND stop_at IS NULL AND to_seq IS NULL;
-- Signatures that are waited for, and appeals, whoever decides them.
CREATE INDEX clock_sign ON clock (unit, due_at)
    WHERE kind = 0 AND stop_at IS NULL AND to_seq IS NULL;
CREATE INDEX clock_appeal ON clock (due_at)
    WHERE kind = 14 AND stop_at IS NULL AND to_seq IS NULL;

-- Its key gains a column. The records of version 1 do not name it and mean its
-- default.
ALTER TABLE escalation RENAME TO escalation_1;
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
INSERT INTO escalation (ticket, clock, step, does, at, late_s, seq)
    SELECT ticket, clock, step, does, at, late_s, seq FROM escalation_1;
DROP TABLE escalation_1;

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

-- What was told about one ticket.
CREATE INDEX notice_ticket ON notice (ticket, id);

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
    day      INTEGER,
    state    INTEGER NOT NULL DEFAULT 0, -- enum outbox_state
    attempts INTEGER NOT NULL DEFAULT 0,
    next_at  INTEGER NOT NULL,
    done_at  INTEGER,
    error    TEXT               -- of the last attempt
);
-- The queue of each hook, in order, and what was given up.
CREATE INDEX outbox_queue ON outbox (hook, id) WHERE state = 0;
CREATE INDEX outbox_failed ON outbox (hook, id) WHERE state = 2;
CREATE INDEX outbox_done ON outbox (done_at) WHERE state = 1;
CREATE INDEX outbox_notice ON outbox (notice) WHERE notice IS NOT NULL;

-- On which tickets a person has acted, and when last: a cache for 已办.
CREATE TABLE acted (
    person INTEGER NOT NULL,
    ticket INTEGER NOT NULL,
    at     INTEGER NOT NULL,
    PRIMARY KEY (person, ticket)
) WITHOUT ROWID;
CREATE INDEX acted_at ON acted (person, at);
