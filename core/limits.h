/* Every limit of the program. A size that a stranger can choose stands here,
 * with what is done when it is passed. */
#ifndef BIHUAN_CORE_LIMITS_H
#define BIHUAN_CORE_LIMITS_H

/* -- names and texts (bytes, with the NUL where it says SIZE) -------------- */
#define CODE_SIZE 64         /* code of a unit, chain, person, category */
#define NAME_SIZE 192        /* a name: 63 Chinese characters */
#define TEXT_SHORT_SIZE 512  /* source of a notice or regulation */
#define TITLE_BYTES_MAX 600  /* a ticket's title */
#define TEXT_BYTES_MAX 20000 /* any other free text */
#define REF_SIZE 65          /* outside reference */
#define KEY_BYTES_MAX 64     /* idempotency key */

/* -- a ticket in memory ---------------------------------------------------- */
#define DISPATCHES_MAX 32 /* open ones; one more is refused */
#define CLOCKS_MAX 64     /* running ones */
#define ROUNDS_MAX 99

#define PARTS_MAX 500 /* of a ticket that was split; one more is refused */

/* -- time limits ----------------------------------------------------------- */
#define LIMIT_WD_MAX 2000 /* about eight years */
#define LIMIT_D_MAX 3660
#define LIMIT_H_MAX 87840    /* hours; minutes are 60 times that */
#define SEGMENTS_MAX 4       /* of a working day */
#define SUSPEND_DAYS_MAX 366 /* to the review that a person names */

/* -- regulation ------------------------------------------------------------ */
#define CATEGORIES_MAX 32
#define URGENCIES_MAX 4
#define CHANNELS_MAX 8
#define STEPS_MAX 16
#define WEIGHTS_MAX 12
#define REGULATION_BYTES_MAX 262144
#define REGULATION_ERRORS_MAX 64

/* -- calendar -------------------------------------------------------------- */
#define CALENDAR_FILE_DAYS_MAX 400
#define CALENDAR_BYTES_MAX 262144
#define CALENDAR_PAPERS_MAX 8  /* sources that a notice's file names */
#define CALENDAR_YEARS 230     /* 1970 to 2199, what an instant may be */
#define CALENDAR_DAYS 84006    /* in these years */
#define CALENDAR_WORDS 1313    /* of 64 days each */
#define CALENDAR_NAMES_MAX 128 /* different holiday names in one calendar */
#define RATIO_DEN_MAX 1000000  /* denominator of a share of a budget */

/* -- the wire -------------------------------------------------------------- */
#define LINE_BYTES_MAX 262144   /* one request line, without \n */
#define REPLY_BYTES_MAX 1048576 /* one reply line; more is refused */
#define REPLY_VALUES_MAX 131072 /* values in one reply */
#define ID_BYTES_MAX 64         /* a request's id, if it is a text */
#define JSON_DEPTH_MAX 16
#define JSON_VALUES_MAX 8192 /* values in one request */
#define ARGS_MAX 24          /* parameters of a command */
#define ROWS_MAX 1000        /* rows of one page; the default is 50 */
#define ROWS_DEFAULT 50

/* -- a table of an office, read by the client: one more is refused --------- */
#define SHEET_FILE_BYTES_MAX 33554432 /* a CSV or XLSX file */
#define SHEET_BYTES_MAX 134217728     /* what is unpacked of a workbook */
#define SHEET_ROWS_MAX 100000         /* rows in which something stands */
#define SHEET_COLUMNS_MAX 256
#define SHEET_CELL_BYTES_MAX 32768
#define SHEET_MERGES_MAX 10000 /* cells merged over several rows */
#define SHEET_TABLES_MAX 64 /* sheets of a workbook; more are not looked at */

/* -- attachments; one more, or a larger one, is refused -------------------- */
#define FILE_NAME_CHARS_MAX 120
#define FILE_NAME_BYTES_MAX 480
#define ATTACHMENT_BYTES_MAX 20971520   /* one file */
#define ATTACHMENT_PIECE_MAX 131072     /* what one request carries of it */
#define ATTACHMENT_TEXT_MAX 174764      /* the same as base64 */
#define ATTACHMENTS_MAX 100             /* of one ticket, and */
#define ATTACHMENTS_BYTES_MAX 536870912 /* their bytes */
#define ARCHIVE_MEMBERS_MAX 10000       /* of a document that is an archive */
#define UPLOADS_MAX 64                  /* under way, of all accounts; */
#define UPLOADS_EACH_MAX 4              /* of one account */
#define UPLOAD_IDLE_S 3600              /* without a piece: it is dropped */
#define UPLOAD_LIFE_S 86400             /* since its beginning: likewise */
#define FILES_FLOOR_BYTES 67108864 /* must stay free: records need it more */

/* -- log-in ---------------------------------------------------------------- */
#define TOKEN_BYTES 32          /* random ones of a token; */
#define TOKEN_SIZE 44           /* as base64url with its NUL */
#define TOKEN_BYTES_MAX 128     /* a text that claims to be one */
#define PASSWORD_BYTES_MAX 256  /* UTF-8; a longer one is refused */
#define PASSWORD_HISTORY_MAX 24 /* kept old ones of an account */
#define ONE_TIME_SIZE 30        /* a one-time password, 120 random bits */
#define SOURCE_SIZE 64          /* where a request comes from, as text */
#define TOKENS_MAX 32           /* living ones of an account; more: refused */
#define TOKEN_USED_S 60         /* its last use is written so seldom */
#define TOKEN_SCOPE_SIZE 512    /* commands that an API token may call */
#define HASHES_AT_ONCE 2        /* passwords at work: 64 MiB each by cost 7; */
#define HASHES_WAITING_MAX 64   /* and those that wait; more: busy */
#define LOCKOUTS_MAX 65536      /* rows; the oldest go first */
#define AUDIT_PENDING_MAX                              \
    16384 /* audit records not yet written; more: what \
             has to be audited is refused */

#define PASSWORD_LIST_BYTES_MAX 8388608 /* a site's list of weak ones, and */
#define PASSWORD_LIST_LINES_MAX 1000000 /* its lines; a longer: refused */

/* -- the daemon ------------------------------------------------------------ */
#define CONNECTIONS_MAX 4096
#define IN_FLIGHT_MAX 256           /* requests of one connection */
#define BATCH_MAX 512               /* commands of one transaction */
#define IN_FLIGHT_BYTES_MAX 1048576 /* what they take; then no more at once */
#define IN_ALL_BYTES_MAX 134217728  /* of all; then one request at a time */
#define VALUE_BYTES 128             /* about what a value of a line takes */
#define STRANGE_LINE_MAX 16384      /* a line that anybody may begin; longer */
#define STRANGE_BYTES_MAX 67108864  /* ones of all strangers; more: busy */
#define LINES_BYTES_MAX 134217728   /* and of those logged in; likewise */
#define OUT_BYTES_MAX 4194304 /* replies to one peer, with those to come */
#define OUT_ALL_BYTES_MAX 268435456 /* of all; then one request at a time, */
#define OUT_TOP_BYTES_MAX 536870912 /* none at all with those to come, */
#define OUT_PRESSED_MS 250 /* and who takes none for so long may be shed */
#define LINES_A_TURN 4     /* requests of a connection, then the next one's; */
#define LINES_ALL_A_TURN 256     /* of all in one turn of the loop */
#define REPLY_BYTES_GUESS 262144 /* the first replies of a connection */
#define JOBS_MAX 65536           /* requests of all connections; more: busy */
#define JOB_BYTES_MAX 268435456  /* what they take; more: busy */
#define WAITERS_MAX 4096         /* reads that wait for a journal number */
#define WAIT_MS 10000            /* how long they do; then: busy */
#define READERS 4 /* reads at a time, long ones on half of them */
#define LISTENERS_MAX 8
#define WAL_BYTES_MAX 134217728
#define RECORD_BYTES_MAX 67108864 /* one journal record with its effects */
#define IDEM_DAYS 31
#define ASIDE_MAX                                                \
    256 /* damaged tickets whose clocks are left alone; one more \
           and no clock fires */
#define OUTBOX_DAYS 31 /* deliveries that were made are kept so long */

#endif
