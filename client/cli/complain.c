/* The stable name is shown beside the words: it is what documentation and
 * scripts go by. Details come from the server in English; those that the
 * catalogue knows are translated too. */
#include "client/cli/complain.h"

#include <stdlib.h>

#include "client/cli/lang.h"
#include "client/cli/phrase.h"
#include "client/cli/width.h"

struct bihuan_error error_of(const struct problem *p)
{
    struct bihuan_error e;
    (void)snprintf(e.name, sizeof e.name, "%s", err_name(p->err));
    (void)snprintf(e.param, sizeof e.param, "%s", p->param);
    (void)snprintf(e.expected, sizeof e.expected, "%s", p->expected);
    (void)snprintf(e.detail, sizeof e.detail, "%s", p->detail);
    return e;
}

const char *reason_text(const char *name)
{
    return tr(err_text(err_from_name(name)));
}

/* Texts of strangers: nothing in them may steer the terminal. */
static void put(FILE *out, const char *text)
{
    char said[PHRASE_SIZE];
    char *clean = text_clean(phrase(text, said), false);
    (void)fputs(clean, out);
    free(clean);
}

static void line(FILE *out, const char *label, const char *text)
{
    if (text[0] != '\0') {
        (void)fprintf(out, "  %s%s", label, either("：", ": "));
        put(out, text);
        (void)fputc('\n', out);
    }
}

void complain_error(FILE *out, const struct bihuan_error *e)
{
    (void)fprintf(out, "bihuan: %s [%s]", reason_text(e->name), e->name);
    if (e->param[0] != '\0') {
        (void)fputs(either("：", ": "), out);
        put(out, e->param);
    }
    (void)fputc('\n', out);
    line(out, tr("reason"), e->detail);
    line(out, tr("expected"), e->expected);
}

void complain(FILE *out, const struct problem *p)
{
    struct bihuan_error e = error_of(p);
    complain_error(out, &e);
}

void complain_short(FILE *out, const struct bihuan_error *e)
{
    (void)fprintf(out, "%s [%s]", reason_text(e->name), e->name);
    const char *const parts[] = {e->param, e->detail, e->expected};
    for (size_t i = 0; i < sizeof parts / sizeof parts[0]; i++) {
        if (parts[i][0] != '\0') {
            (void)fputs("; ", out);
            put(out, parts[i]);
        }
    }
}
