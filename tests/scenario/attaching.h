/* A ticket of the small county, at work with unit a, and the three steps by
 * which a file comes to it. */
#ifndef BIHUAN_TESTS_ATTACHING_H
#define BIHUAN_TESTS_ATTACHING_H

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "daemon/files/uploads.h"
#include "lib/world.h"
#include "proto/base64.h"

enum {
    TEXT_ROOM = 1 << 19
};

static const char first[] = "{'ticket':'20261102-001'}";

static inline void open_county(struct world *w, const char *extra)
{
    world_open(w, "2026-11-02T09:00:00+08:00");
    world_files(w);
    world_county(w);
    world_dof(w, "qy1", "ticket.file", "{'title':'x','category':'land'%s}",
              extra);
    world_do(w, "dp", "ticket.dispatch",
             "{'ticket':'20261102-001','unit':'a','measure':'x',"
             "'limit':'5wd'}");
}

/* -- steps -------------------------------------------------------------------
 */

static inline enum err begin(struct world *w, const char *as,
                             const char *content, char id[UPLOAD_ID_SIZE])
{
    char params[256];
    char sha256[SHA256_SIZE];
    files_sha256(content, strlen(content), sha256);
    snprintf(params, sizeof params, "{'size':%zu,'sha256':'%s'}",
             strlen(content), sha256);
    enum err err = world_try(w, as, "attachment.begin", params);
    snprintf(id, UPLOAD_ID_SIZE, "%s", world_text(w, "upload"));
    return err;
}

static inline enum err put(struct world *w, const char *as, const char *id,
                           int64_t offset, const char *bytes, size_t len)
{
    static char params[TEXT_ROOM];
    int n = snprintf(params, sizeof params,
                     "{'upload':'%s','offset':%lld,'bytes':'", id,
                     (long long)offset);
    assert_true((size_t)n + BASE64_LEN(len) + 3 < sizeof params);
    base64_encode(bytes, len, params + n);
    snprintf(params + n + BASE64_LEN(len), 3, "'}");
    return world_try(w, as, "attachment.put", params);
}

static inline enum err keep(struct world *w, const char *as, const char *id,
                            const char *name, const char *purpose)
{
    char params[1024];
    snprintf(params, sizeof params,
             "{'ticket':'20261102-001','upload':'%s','name':'%s',"
             "'purpose':'%s'}",
             id, name, purpose);
    return world_try(w, as, "attachment.keep", params);
}

/* All three; the answer of the last. */
static inline enum err attach(struct world *w, const char *as,
                              const char *content, const char *name,
                              const char *purpose)
{
    char id[UPLOAD_ID_SIZE];
    assert_int_equal(begin(w, as, content, id), OK);
    assert_int_equal(put(w, as, id, 0, content, strlen(content)), OK);
    assert_true(json_is_true(json_object_get(w->result, "whole")));
    return keep(w, as, id, name, purpose);
}

static inline void refused(struct world *w, enum err got, enum err wanted,
                           const char *param)
{
    assert_int_equal(got, wanted);
    assert_string_equal(w->problem.param, param);
}

/* How many attachments somebody lists; they can read each of them back. */
static inline size_t sees(struct world *w, const char *as)
{
    char ns[16][32];
    world_do(w, as, "attachment.list", first);
    size_t n = json_array_size(world_rows(w, "attachments"));
    assert_true(n <= 16);
    for (size_t i = 0; i < n; i++) {
        snprintf(ns[i], sizeof ns[i], "%lld",
                 (long long)world_cell_int(w, "attachments", i, "n"));
    }
    for (size_t i = 0; i < n; i++) {
        world_dof(w, as, "attachment.read", "{'ticket':'20261102-001','n':%s}",
                  ns[i]);
    }
    world_do(w, as, "ticket.show", first);
    assert_int_equal(json_array_size(world_rows(w, "attachments")), n);
    return n;
}

static inline void attach_all(struct world *w)
{
    assert_int_equal(attach(w, "qy1", "one", "照.txt", "request"), OK);
    assert_int_equal(attach(w, "zdy", "two", "执照.txt", "supplement"), OK);
    assert_int_equal(attach(w, "a1", "three", "c.txt", "evidence"), OK);
    assert_int_equal(attach(w, "a1", "four", "d.txt", "answer"), OK);
    assert_int_equal(attach(w, "dp", "five", "e.txt", "internal"), OK);
}

#endif
