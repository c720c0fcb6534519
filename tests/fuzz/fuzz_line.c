/* Framing: the same bytes, once whole and once in the pieces that the input
 * asks for, must give the same lines; and those are what a plain search for
 * newlines gives. */
#include <assert.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "proto/line.h"

enum {
    MAX = 32,
    LINES_MAX = 4096
};

/* A trace: for each result its kind and, of a whole line, length and a sum. */
struct trace {
    size_t n;
    uint64_t results[LINES_MAX];
};

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void note(struct trace *t, enum line_result kind, const char *line,
                 size_t len)
{
    uint64_t sum = (uint64_t)kind;
    for (size_t i = 0; kind == LINE_WHOLE && i < len; i++) {
        sum = sum * 1099511628211U + (unsigned char)line[i] + 1;
    }
    assert(t->n < LINES_MAX);
    t->results[t->n++] = sum;
}

static void take(struct line_reader *r, struct trace *t)
{
    const char *line = NULL;
    size_t len = 0;
    for (;;) {
        enum line_result kind = line_take(r, &line, &len);
        if (kind == LINE_NONE) {
            return;
        }
        note(t, kind, line, len);
    }
}

static void by_pieces(const uint8_t *data, size_t size, uint8_t seed,
                      struct trace *t)
{
    struct line_reader r;
    unsigned state = seed;
    line_init(&r, MAX);
    for (size_t at = 0; at < size;) {
        state = state * 1103515245U + 12345U;
        size_t n = (state >> 16) % 40;
        n = n > size - at ? size - at : n;
        assert(line_feed(&r, (const char *)data + at, n) == OK);
        at += n;
        if ((state >> 24) % 2 == 0) {
            take(&r, t);
        }
    }
    take(&r, t);
    line_done(&r);
}

static void by_hand(const uint8_t *data, size_t size, struct trace *t)
{
    const char *at = (const char *)data;
    size_t left = size;
    while (left > 0) {
        const char *end = memchr(at, '\n', left);
        size_t len = end == NULL ? left : (size_t)(end - at);
        if (len > MAX) {
            note(t, LINE_TOO_LONG, at, len);
        } else if (end != NULL) {
            note(t, LINE_WHOLE, at, len - (len > 0 && at[len - 1] == '\r'));
        }
        left -= end == NULL ? len : len + 1;
        at += len + 1;
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static struct trace pieces;
    static struct trace hand;
    if (size < 1 || size > LINES_MAX) {
        return 0;
    }
    pieces.n = 0;
    hand.n = 0;
    by_pieces(data + 1, size - 1, data[0], &pieces);
    by_hand(data + 1, size - 1, &hand);
    assert(pieces.n == hand.n);
    assert(memcmp(pieces.results, hand.results,
                  hand.n * sizeof hand.results[0]) == 0);
    return 0;
}
