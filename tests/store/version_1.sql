-- A store of schema version 1, written by the program of that version: a
-- register, a calendar year, two tickets, two escalations, a clock of two
-- versions; journal numbers 1 to 9. test_upgrade.c makes a file of it.
PRAGMA user_version = 1;
PRAGMA application_id = 0x4269686e;
PRAGMA foreign_keys=OFF;
BEGIN TRANSACTION;
CREATE TABLE journal (
    seq     INTEGER PRIMARY KEY,
    before  INTEGER,
    record  TEXT NOT NULL,
    hash    BLOB NOT NULL
);
INSERT INTO journal VALUES(1,NULL,'{"v":1,"seq":1,"at":1766000000,"recorded":1766000000,"by":"tester","method":"chain.add","put":[["register",{"id":5,"from_seq":1,"kind":2,"code":"ZHB","name":"综合办","from_at":1766000000}],["register",{"id":7,"from_seq":1,"kind":3,"code":"JXJ","name":"经信局","from_at":1766000000}],["relation",{"id":1,"kind":2,"subject":7,"object":5,"from_at":1766000000,"from_seq":1}]]}',X'd57a40db017c56898c96adf7e2177d9dece2d961f5ec5d0de46da5a064f00be9');
INSERT INTO journal VALUES(2,NULL,'{"v":1,"seq":2,"at":1766000000,"recorded":1766000000,"by":"tester","method":"calendar.import","put":[["calendar_year",{"version":1,"organisation":0,"year":2026,"source":"国办发明电〔2025〕7号","seq":2}],["calendar_day",{"organisation":0,"day":20454,"from_seq":2,"working":0,"name":"元旦","notice":2026}],["regulation",{"version":1,"effective":0,"body":"{}","seq":2}]]}',X'13e2ee8c01d856846bcf6110f6e65f4c2eee77975b2e51c86d76e897c19b0ec8');
INSERT INTO journal VALUES(3,NULL,'{"v":1,"seq":3,"at":1766000060,"recorded":1766000060,"by":"tester","method":"ticket.file","ticket":20251218000001,"put":[["text",{"id":1,"purpose":0,"digest":"cef02abf501658a0cfe708c1eac9a0cb0cbbf18ad17d9d5415986594cbdc3c1a"}],["ticket",{"id":20251218000001,"ref":"V1/1","state":1,"state_before":1,"enterprise":11,"dispatcher":5,"category":"policy","urgency":"normal","channel":"visit","regulation":1,"filed_at":1766000060,"filed_by":3,"last_at":1766000060,"dispatch_last":1,"clock_last":2,"title_text":1,"from_seq":3,"seq":3}],["dispatch",{"ticket":20251218000001,"n":1,"unit":7,"kind":0,"state":1,"before_ask":1,"sent_at":1766000060,"from_seq":3}],["clock",{"ticket":20251218000001,"n":1,"v":1,"kind":1,"dispatch":1,"unit":7,"start_at":1766000060,"limit_n":5,"due_at":1766500060,"yellow_at":1766300060,"next_at":1766300060,"from_at":1766000060,"from_seq":3}],["clock",{"ticket":20251218000001,"n":2,"v":1,"kind":6,"unit":7,"start_at":1766000060,"limit_n":5,"due_at":1766500060,"yellow_at":1766300060,"next_at":1766300060,"from_at":1766000060,"from_seq":3}]]}',X'241650ef65cd696fdd07c89d3bdbd30228150b05f1d4950606f42cfceb982eb1');
INSERT INTO journal VALUES(4,NULL,'{"v":1,"seq":4,"at":1766000120,"recorded":1766000120,"by":"tester","method":"ticket.file","ticket":20251218000002,"put":[["text",{"id":2,"purpose":0,"digest":"57f771b7ff8cf43cd3d2ae5492088e88d01076e6e2856928fc5c5105f2c0e192"}],["ticket",{"id":20251218000002,"state":1,"state_before":1,"enterprise":11,"dispatcher":5,"category":"policy","urgency":"normal","channel":"visit","regulation":1,"filed_at":1766000120,"filed_by":3,"last_at":1766000120,"dispatch_last":1,"clock_last":2,"title_text":2,"from_seq":4,"seq":4}],["dispatch",{"ticket":20251218000002,"n":1,"unit":7,"kind":0,"state":1,"before_ask":1,"sent_at":1766000120,"from_seq":4}],["clock",{"ticket":20251218000002,"n":1,"v":1,"kind":1,"dispatch":1,"unit":7,"start_at":1766000120,"limit_n":5,"due_at":1766500120,"yellow_at":1766300120,"next_at":1766300120,"from_at":1766000120,"from_seq":4}],["clock",{"ticket":20251218000002,"n":2,"v":1,"kind":6,"unit":7,"start_at":1766000120,"limit_n":5,"due_at":1766500120,"yellow_at":1766300120,"next_at":1766300120,"from_at":1766000120,"from_seq":4}]]}',X'5b68d3876de84df7ed11c781c0a2bd72ae977bb2abcdc930c1dd8b15425283f9');
INSERT INTO journal VALUES(5,3,'{"v":1,"seq":5,"at":1766003720,"recorded":1766003720,"by":"tester","method":"ticket.accept","ticket":20251218000001,"put":[["ticket",{"id":20251218000001,"state":2,"last_at":1766003720,"seq":5}],["dispatch",{"ticket":20251218000001,"n":1,"state":2,"accepted_at":1766003720}]]}',X'0599bf2675cdec290254b6646737f1c7dc00437b5042f03086aa98b16ddb2f94');
INSERT INTO journal VALUES(6,5,'{"v":1,"seq":6,"at":1766303720,"recorded":1766303720,"by":"tester","method":"clock.fire","ticket":20251218000001,"put":[["ticket",{"id":20251218000001,"seq":6}],["clock",{"ticket":20251218000001,"n":1,"v":1,"next_at":1766503720,"next_step":1,"fired":1}],["escalation",{"ticket":20251218000001,"clock":1,"step":0,"does":1,"at":1766303720,"late_s":0,"seq":6}],["notice",{"id":1,"ticket":20251218000001,"target":7,"event":42,"does":1,"clock":1,"at":1766303720,"seq":6}]]}',X'c4df541238b43b19ae5421b291456a67b0b28f31bb38d01c6db1d9c0898f64df');
INSERT INTO journal VALUES(7,6,'{"v":1,"seq":7,"at":1766603720,"recorded":1766603720,"by":"tester","method":"clock.fire","ticket":20251218000001,"put":[["ticket",{"id":20251218000001,"seq":7}],["clock",{"ticket":20251218000001,"n":2,"v":1,"next_at":1766803720,"next_step":1,"fired":1}],["escalation",{"ticket":20251218000001,"clock":2,"step":0,"does":1,"at":1766603720,"late_s":7,"seq":7}],["notice",{"id":2,"ticket":20251218000001,"target":7,"event":42,"does":1,"clock":2,"at":1766603720,"seq":7}]]}',X'48c71dbb2e65a58b4f9820276348cd00bf41a305d036a50596c7bd9cfef7f586');
INSERT INTO journal VALUES(8,4,'{"v":1,"seq":8,"at":1766603820,"recorded":1766603820,"by":"tester","method":"calendar.import","ticket":20251218000002,"put":[["ticket",{"id":20251218000002,"last_at":1766603820,"seq":8}],["clock",{"ticket":20251218000002,"n":1,"v":1,"next_at":null,"to_at":1766603820,"to_seq":8}],["clock",{"ticket":20251218000002,"n":1,"v":2,"kind":1,"dispatch":1,"unit":7,"start_at":1766000120,"limit_n":5,"due_at":1766586520,"yellow_at":1766300120,"next_at":1766300120,"from_at":1766603820,"from_seq":8}]]}',X'26e2e041a8f356ce8676d999e3024e22f3e5b907f0ceb017930ebfd2f872f7be');
INSERT INTO journal VALUES(9,8,'{"v":1,"seq":9,"at":1766603920,"recorded":1766603920,"by":"tester","method":"ticket.resolve","ticket":20251218000002,"put":[["ticket",{"id":20251218000002,"state":4,"last_at":1766603920,"seq":9}],["dispatch",{"ticket":20251218000002,"n":1,"state":4,"done_at":1766603920}],["clock",{"ticket":20251218000002,"n":1,"v":2,"run":2,"stop_at":1766603920,"verdict":2,"next_at":null,"stop_seq":9}]]}',X'1390a981e7f60b80a0cb43b18f301ffefedeb0b94fb8fc0457f5c3abdc9938ab');
CREATE TABLE text (
    id      INTEGER PRIMARY KEY,
    purpose INTEGER NOT NULL,   -- enum text_purpose, daemon/store/store.h
    digest  BLOB NOT NULL,
    redacted_seq INTEGER,
    salt    BLOB,               -- not in the fold
    body    TEXT                -- not in the fold
);
INSERT INTO text VALUES(1,0,X'cef02abf501658a0cfe708c1eac9a0cb0cbbf18ad17d9d5415986594cbdc3c1a',NULL,X'5316f5fea1096b253fc33ea3e35e2335','用电扩容');
INSERT INTO text VALUES(2,0,X'57f771b7ff8cf43cd3d2ae5492088e88d01076e6e2856928fc5c5105f2c0e192',NULL,X'b40929d4df36ac45fb9f649cad4f5ca0','用电扩容');
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
INSERT INTO register VALUES(5,1,2,'ZHB','综合办',NULL,NULL,0,1766000000,NULL,NULL);
INSERT INTO register VALUES(7,1,3,'JXJ','经信局',NULL,NULL,0,1766000000,NULL,NULL);
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
INSERT INTO relation VALUES(1,2,7,5,0,1766000000,NULL,1,NULL);
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
INSERT INTO calendar_day VALUES(0,20454,2,0,'元旦',2026,NULL);
CREATE TABLE calendar_year (
    version  INTEGER PRIMARY KEY,
    organisation INTEGER NOT NULL,
    year     INTEGER NOT NULL,
    source   TEXT NOT NULL,
    seq      INTEGER NOT NULL
);
INSERT INTO calendar_year VALUES(1,0,2026,'国办发明电〔2025〕7号',2);
CREATE TABLE regulation (
    version   INTEGER PRIMARY KEY,
    effective INTEGER NOT NULL,
    body      TEXT NOT NULL,
    seq       INTEGER NOT NULL
);
INSERT INTO regulation VALUES(1,0,'{}',2);
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
    seq        INTEGER NOT NULL  -- its latest record: head of its chain
);
INSERT INTO ticket VALUES(20251218000001,'V1/1',2,1,1,0,11,5,'policy','normal','visit',1,0,0,0,1766000060,3,1766003720,1,2,1,NULL,3,7);
INSERT INTO ticket VALUES(20251218000002,NULL,4,1,1,0,11,5,'policy','normal','visit',1,0,0,0,1766000120,3,1766603920,1,2,2,NULL,4,9);
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
    PRIMARY KEY (ticket, n)
) WITHOUT ROWID;
INSERT INTO dispatch VALUES(20251218000001,1,7,0,2,1,1,1766000060,1766003720,NULL,NULL,NULL,0,0,NULL,3);
INSERT INTO dispatch VALUES(20251218000002,1,7,0,4,1,1,1766000120,NULL,NULL,NULL,1766603920,0,0,NULL,4);
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
    PRIMARY KEY (ticket, n, v)
) WITHOUT ROWID;
INSERT INTO clock VALUES(20251218000001,1,1,1,1,7,1,1766000060,5,0,NULL,1766500060,1,0,1766300060,0,NULL,NULL,0,1766503720,1,1,0,1766000060,3,NULL,NULL,NULL);
INSERT INTO clock VALUES(20251218000001,2,1,6,0,7,1,1766000060,5,0,NULL,1766500060,1,0,1766300060,0,NULL,NULL,0,1766803720,1,1,0,1766000060,3,NULL,NULL,NULL);
INSERT INTO clock VALUES(20251218000002,1,1,1,1,7,1,1766000120,5,0,NULL,1766500120,1,0,1766300120,0,NULL,NULL,0,NULL,0,0,0,1766000120,4,NULL,1766603820,8);
INSERT INTO clock VALUES(20251218000002,1,2,1,1,7,1,1766000120,5,0,NULL,1766586520,1,0,1766300120,2,NULL,1766603920,2,NULL,0,0,0,1766603820,8,9,NULL,NULL);
INSERT INTO clock VALUES(20251218000002,2,1,6,0,7,1,1766000120,5,0,NULL,1766500120,1,0,1766300120,0,NULL,NULL,0,1766300120,0,0,0,1766000120,4,NULL,NULL,NULL);
CREATE TABLE escalation (
    ticket  INTEGER NOT NULL,
    clock   INTEGER NOT NULL,
    step    INTEGER NOT NULL,
    does    INTEGER NOT NULL,
    at      INTEGER NOT NULL,   -- when it was due to fire
    late_s  INTEGER NOT NULL,   -- fired so many seconds late
    seq     INTEGER NOT NULL,
    PRIMARY KEY (ticket, clock, step)
) WITHOUT ROWID;
INSERT INTO escalation VALUES(20251218000001,1,0,1,1766303720,0,6);
INSERT INTO escalation VALUES(20251218000001,2,0,1,1766603720,7,7);
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
INSERT INTO notice VALUES(1,20251218000001,7,42,1,1,1766303720,6);
INSERT INTO notice VALUES(2,20251218000001,7,42,1,2,1766603720,7);
CREATE TABLE idem (
    account TEXT NOT NULL,
    key     TEXT NOT NULL,
    digest  BLOB NOT NULL,      -- SM3 of method and parameters
    reply   TEXT NOT NULL,
    seq     INTEGER NOT NULL,
    at      INTEGER NOT NULL,
    PRIMARY KEY (account, key)
) WITHOUT ROWID;
INSERT INTO idem VALUES('operator','k1',X'0102030000000000000000000000000000000000000000000000000000000000','{}',3,1766603920);
CREATE TABLE imported (
    digest     BLOB NOT NULL,
    occurrence INTEGER NOT NULL,
    seq        INTEGER NOT NULL,
    PRIMARY KEY (digest, occurrence)
) WITHOUT ROWID;
INSERT INTO imported VALUES(X'0102030000000000000000000000000000000000000000000000000000000000',0,3);
CREATE TABLE meta (
    name  TEXT PRIMARY KEY,
    value TEXT NOT NULL
) WITHOUT ROWID;
INSERT INTO meta VALUES('created','1766000000');
CREATE UNIQUE INDEX register_code ON register (kind, code, from_seq);
CREATE INDEX relation_subject ON relation (subject, kind);
CREATE INDEX relation_object ON relation (object, kind);
CREATE INDEX relation_supervisor ON relation (subject)
    WHERE kind = 3 AND detail = 6 AND to_seq IS NULL;
CREATE UNIQUE INDEX ticket_ref ON ticket (ref) WHERE ref IS NOT NULL;
CREATE INDEX clock_open ON clock (unit, due_at)
    WHERE kind = 1 AND stop_at IS NULL AND to_seq IS NULL;
CREATE INDEX clock_next ON clock (held, next_at) WHERE next_at IS NOT NULL;
CREATE INDEX notice_target ON notice (target, id);
CREATE INDEX idem_at ON idem (at);
COMMIT;
