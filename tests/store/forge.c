/* A store with something in every table, and who put it: see forge.h. */
#include "store/forge.h"

#include <jansson.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "daemon/store/redact.h"

const char *const forgery_names[FORGERIES] = {"a byte of a record",
                                              "a byte of a hash",
                                              "a link",
                                              "a record taken out",
                                              "the tail cut off",
                                              "two records swapped",
                                              "a head, hashed anew",
                                              "an effect, hashed anew",
                                              "a column of a row changed",
                                              "a row removed",
                                              "a row added",
                                              "a text or salt changed"};

/* xorshift64*: the same on every machine. */
uint64_t forge_chance(struct forge *f, uint64_t below)
{
    f->chance ^= f->chance >> 12;
    f->chance ^= f->chance << 25;
    f->chance ^= f->chance >> 27;
    return (f->chance * UINT64_C(2685821657736338717) >> 16) % below;
}

/* -- rows of any table -------------------------------------------------------
 */

static bool is_seq(const char *column)
{
    size_t len = strlen(column);
    return len >= 3 && strcmp(column + len - 3, "seq") == 0;
}

static struct cell make_cell(struct forge *f, const struct column *column,
                             int64_t seq, char text[40])
{
    if (column->type == CELL_INT) {
        return cell_int(
            column->name,
            is_seq(column->name) ? seq : (int64_t)forge_chance(f, 1000000000));
    }
    snprintf(text, 40, "文字\"\\\n%lld", (long long)++f->serial);
    return column->type == CELL_TEXT ? cell_text(column->name, text)
                                     : cell_blob(column->name, text, 20);
}

/* A new row: keys, what it must have, and some of the rest. */
static void put_new(struct forge *f, enum table table, int64_t seq)
{
    const struct table_def *def = &f->world->s->putter.tables[table];
    struct cell cells[COLUMNS_MAX];
    char texts[COLUMNS_MAX][40];
    int n = 0;
    for (int i = 0; i < def->n; i++) {
        const struct column *column = &def->columns[i];
        if (i >= def->keys && !column->required && forge_chance(f, 2) == 0) {
            continue;
        }
        cells[n] = make_cell(f, column, seq, texts[n]);
        if (i < def->keys && !is_seq(column->name)) {
            cells[n].number = 1000000 + ++f->serial;
        }
        n++;
    }
    assert_int_equal(store_put(f->world->s, table, cells, n), OK);
}

/* Some columns of a row that is there, never all that a new one must have. */
static void put_again(struct forge *f, enum table table, int64_t seq)
{
    const struct table_def *def = &f->world->s->putter.tables[table];
    struct cell cells[COLUMNS_MAX];
    char texts[COLUMNS_MAX][40];
    char sql[200];
    struct rows rows;
    snprintf(sql, sizeof sql, "SELECT * FROM %s ORDER BY random() LIMIT 1",
             def->name);
    assert_int_equal(rows_begin_text(f->world->s, sql, NULL, 0, &rows), OK);
    bool there = rows_next(&rows);
    int n = 0;
    for (int i = 0; there && i < def->keys; i++) {
        cells[n++] = cell_int(def->columns[i].name, rows_int(&rows, i));
    }
    assert_int_equal(rows_end(&rows), OK);
    for (int i = def->keys; there && i < def->n; i++) {
        const struct column *column = &def->columns[i];
        if (!column->required && forge_chance(f, 3) == 0) {
            cells[n] = make_cell(f, column, seq, texts[n]);
            n++;
        }
    }
    if (n > def->keys) {
        assert_int_equal(store_put(f->world->s, table, cells, n), OK);
    }
}

/* Those of a ticket are put by ticket_save(), texts in their own way. */
static bool is_plain(enum table table)
{
    return table != TABLE_TEXT && table != TABLE_TICKET &&
           table != TABLE_DISPATCH && table != TABLE_CLOCK;
}

static void add_text(struct forge *f)
{
    char body[3000];
    int64_t id = 0;
    size_t len = forge_chance(f, 8) == 0 ? forge_chance(f, sizeof body)
                                         : forge_chance(f, 60);
    memset(body, 'a' + (int)forge_chance(f, 26), len);
    assert_int_equal(store_text_add(f->world->s, TEXT_NOTE, body, len, &id),
                     OK);
    if (forge_chance(f, 4) == 0) {
        int64_t n = 0;
        int64_t which = 1 + (int64_t)forge_chance(f, (uint64_t)id);
        assert_int_equal(store_redact_text(f->world->s, which, &n), OK);
    }
}

static void add_record(struct forge *f, enum table table)
{
    struct world *w = f->world;
    begin(w);
    int64_t seq = open_record(w, "forge.put", 0);
    if (is_plain(table)) {
        put_new(f, table, seq);
        put_again(f, table, seq);
    }
    if (forge_chance(f, 3) == 0) {
        add_text(f);
    }
    close_record(w);
    commit(w);
}

/* A ticket and what becomes of it: a chain of three. */
static void add_ticket(struct forge *f)
{
    struct world *w = f->world;
    char ref[30];
    snprintf(ref, sizeof ref, "F-%lld", (long long)++f->serial);
    struct ticket_row row = file_ticket(w, ref);
    accept_and_resolve(w, &row);
}

static void fill(struct forge *f, int records)
{
    int turn = 0;
    while (store_head(f->world->s) < records) {
        add_record(f, (enum table)(turn++ % TABLE_COUNT));
        if (forge_chance(f, 6) == 0) {
            add_ticket(f);
        }
    }
}

/* -- who put what -------------------------------------------------------------
 */

static struct owner *place(struct forge *f, enum table table,
                           const int64_t key[KEYS_MAX])
{
    uint64_t mixed = (uint64_t)table + 1;
    for (int i = 0; i < KEYS_MAX; i++) {
        mixed = (mixed ^ (uint64_t)key[i]) * UINT64_C(0x9E3779B97F4A7C15);
        mixed ^= mixed >> 29;
    }
    int i = (int)(mixed % (uint64_t)f->owner_places);
    while (f->owners[i].any != 0 &&
           (f->owners[i].table != table ||
            memcmp(f->owners[i].key, key, sizeof f->owners[i].key) != 0)) {
        i = (i + 1) % f->owner_places;
    }
    return &f->owners[i];
}

struct owner *forge_owner(struct forge *f, enum table table,
                          const int64_t key[KEYS_MAX])
{
    struct owner *owner = place(f, table, key);
    return owner->any == 0 ? NULL : owner;
}

static void note_put(struct forge *f, json_t *put, int64_t seq)
{
    const char *name = json_string_value(json_array_get(put, 0));
    json_t *row = json_array_get(put, 1);
    enum table table = table_find(name, strlen(name));
    const struct table_def *def = &f->world->s->putter.tables[table];
    int64_t key[KEYS_MAX] = {0};
    for (int i = 0; i < def->keys; i++) {
        json_t *value = json_object_get(row, def->columns[i].name);
        key[i] = value == NULL ? def->columns[i].standard
                               : json_integer_value(value);
    }
    struct owner *owner = place(f, table, key);
    bool makes = owner->any == 0;
    if (makes) {
        owner->table = table;
        memcpy(owner->key, key, sizeof key);
        f->n_owners++;
        assert_true(f->n_owners < f->owner_places);
    }
    owner->any = seq;
    for (int i = 0; i < def->n; i++) {
        bool named = json_object_get(row, def->columns[i].name) != NULL;
        if (named || (makes && def->columns[i].implied)) {
            owner->columns[i] = seq;
        }
    }
}

static void note_owners(struct forge *f)
{
    f->owner_places = 16 * f->n + 1;
    f->owners = calloc((size_t)f->owner_places, sizeof *f->owners);
    assert_non_null(f->owners);
    for (int i = 0; i < f->n; i++) {
        json_t *record =
            json_loadb(f->rows[i].record, f->rows[i].row.len, 0, NULL);
        json_t *puts = json_object_get(record, "put");
        size_t j;
        json_t *put;
        assert_non_null(puts);
        json_array_foreach(puts, j, put)
        {
            note_put(f, put, f->rows[i].row.seq);
        }
        json_decref(record);
    }
}

/* -- the journal as it is ----------------------------------------------------
 */

static void read_row(struct kept_row *k, sqlite3_stmt *row)
{
    size_t len = (size_t)sqlite3_column_bytes(row, 2);
    k->record = malloc(len + 1);
    assert_non_null(k->record);
    memcpy(k->record, sqlite3_column_blob(row, 2), len);
    k->record[len] = '\0';
    assert_int_equal(sqlite3_column_bytes(row, 3), HASH_SIZE);
    memcpy(k->hash, sqlite3_column_blob(row, 3), HASH_SIZE);
    k->row = (struct journal_row){.seq = sqlite3_column_int64(row, 0),
                                  .before = sqlite3_column_int64(row, 1),
                                  .record = k->record,
                                  .len = len,
                                  .hash = k->hash,
                                  .hash_len = HASH_SIZE};
}

static void read_journal(struct forge *f)
{
    sqlite3_stmt *row = NULL;
    f->rows = calloc((size_t)f->n, sizeof *f->rows);
    f->forged = calloc((size_t)f->n, sizeof *f->forged);
    f->hashes = calloc((size_t)f->n, sizeof *f->hashes);
    assert_true(f->rows != NULL && f->forged != NULL && f->hashes != NULL);
    assert_int_equal(
        sqlite3_prepare_v2(f->world->s->db,
                           "SELECT seq, before, record, hash FROM journal"
                           " ORDER BY seq",
                           -1, &row, NULL),
        SQLITE_OK);
    for (int i = 0; i < f->n; i++) {
        assert_int_equal(sqlite3_step(row), SQLITE_ROW);
        read_row(&f->rows[i], row);
    }
    sqlite3_finalize(row);
}

static void anchor(struct forge *f, int64_t seq)
{
    struct anchor a = {.seq = seq, .at = 1766000000};
    char line[ANCHOR_LINE_SIZE];
    memcpy(a.hash, f->rows[seq - 1].hash, sizeof a.hash);
    anchor_format(&a, line);
    assert_int_equal(anchors_add(&f->anchors, line, NULL), OK);
}

void forge_open(struct forge *f, struct world *w, int records, uint64_t seed)
{
    *f = (struct forge){.world = w, .chance = seed};
    fill(f, records);
    f->n = (int)store_head(w->s);
    read_journal(f);
    note_owners(f);
    for (int64_t seq = 30; seq < f->n; seq += 20 + (int)forge_chance(f, 100)) {
        anchor(f, seq);
    }
    anchor(f, f->n);
    anchors_sort(&f->anchors);
    for (int i = 0; i < TABLE_COUNT; i++) {
        char sql[100];
        snprintf(sql, sizeof sql, "SELECT count(*) FROM %s",
                 table_name((enum table)i));
        assert_true(count(w->s, sql) > 3);
    }
}

void forge_close(struct forge *f)
{
    for (int i = 0; i < f->n; i++) {
        free(f->rows[i].record);
    }
    free(f->rows);
    free(f->forged);
    free(f->hashes);
    free(f->owners);
    anchors_done(&f->anchors);
    fold_close(&f->fold);
}
