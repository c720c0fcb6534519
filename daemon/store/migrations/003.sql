-- From version 2 to 3: accounts, tokens, the audit record. Nothing that was
-- there changes; who may log in is made by bihuand --administrators.

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

-- Anchors of both chains go out once a day.
ALTER TABLE outbox ADD COLUMN anchors TEXT;
CREATE UNIQUE INDEX outbox_anchors ON outbox (hook, day)
    WHERE anchors IS NOT NULL;

-- Lists begin on the reader's own side: an office's tickets, those that another
-- office dispatched before, what a unit has or once had.
CREATE INDEX ticket_dispatcher ON ticket (dispatcher);
CREATE INDEX ticket_handed ON ticket (id) WHERE (flags & 8192) <> 0;
CREATE INDEX dispatch_unit ON dispatch (unit, ticket);
CREATE INDEX ticket_open ON ticket (state) WHERE state < 5 OR state > 8;

-- Spans instead of a list: of a list SQLite makes a table at each insert.
DROP INDEX clock_duty;
CREATE INDEX clock_duty ON clock (unit, due_at)
    WHERE (kind BETWEEN 2 AND 3 OR kind BETWEEN 7 AND 16)
    AND stop_at IS NULL AND to_seq IS NULL;

-- What is overdue, whoever's.
CREATE INDEX clock_late ON clock (due_at)
    WHERE kind = 1 AND stop_at IS NULL AND to_seq IS NULL;
