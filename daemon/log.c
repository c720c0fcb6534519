/* A line is built whole and written once, so that the lines of two threads
 * never mix. */
#include "daemon/log.h"

#include <unistd.h>

enum {
    LINE_SIZE = 1024
};

struct line {
    char text[LINE_SIZE];
    size_t len;
};

static void add(struct line *l, const char *text)
{
    static const char hex[] = "0123456789abcdef";
    for (; *text != '\0' && l->len + 6 < LINE_SIZE; text++) {
        unsigned char c = (unsigned char)*text;
        if (c < 0x20 || c == 0x7f) {
            l->text[l->len++] = '\\';
            l->text[l->len++] = 'x';
            l->text[l->len++] = hex[c >> 4];
            l->text[l->len++] = hex[c & 15];
        } else {
            l->text[l->len++] = *text;
        }
    }
}

static void put(struct line *l)
{
    l->text[l->len++] = '\n';
    /* There is nobody to tell when this fails. */
    ssize_t n = write(STDERR_FILENO, l->text, l->len);
    (void)n;
}

static struct line begin(enum log_priority priority, const char *what)
{
    struct line l = {.len = 0};
    l.text[l.len++] = '<';
    l.text[l.len++] = (char)('0' + priority);
    l.text[l.len++] = '>';
    add(&l, what);
    return l;
}

void log_text(enum log_priority priority, const char *what, const char *text)
{
    struct line l = begin(priority, what);
    if (text != NULL) {
        add(&l, ": ");
        add(&l, text);
    }
    put(&l);
}

void log_problem(enum log_priority priority, const char *what,
                 const struct problem *p)
{
    const char *const parts[] = {p->param, p->expected, p->detail};
    struct line l = begin(priority, what);
    add(&l, ": ");
    add(&l, err_name(p->err));
    for (size_t i = 0; i < sizeof parts / sizeof *parts; i++) {
        if (parts[i][0] != '\0') {
            add(&l, ": ");
            add(&l, parts[i]);
        }
    }
    put(&l);
}
