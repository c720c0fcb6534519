/* What the server tells once and keeps no copy of: it stands on a line of its
 * own, to be taken off whole. */
#include "client/cli/paper/once.h"

#include <stdlib.h>

#include "client/cli/language/lang.h"
#include "client/cli/paper/paper_parts.h"
#include "client/cli/show/render.h"
#include "client/cli/show/width.h"

static void put_secret(json_t *result, const char *name, const char *title,
                       const struct screen *screen)
{
    char *secret = text_clean(paper_text(result, name), false);
    (void)fprintf(screen->out, "\n%s%s\n\n    %s\n\n", title, either("：", ":"),
                  secret);
    free(secret);
}

static void put_note(const char *note, const struct screen *screen)
{
    paper_put(screen, note, 0, 0);
}

void paper_password(json_t *result, const struct screen *screen)
{
    char *account = text_clean(paper_text(result, "account"), false);
    (void)fprintf(screen->out, "%s%s%s\n", tr("Account"), either("：", ": "),
                  account);
    put_secret(result, "password",
               tr("One-time password, shown this once only"), screen);
    put_note(tr("Give it to the person directly. The first log-in, bihuan "
                "login, asks for a new one."),
             screen);
    free(account);
}

void paper_token(json_t *result, const struct screen *screen)
{
    json_t *rest = json_copy(result);
    (void)json_object_del(rest, "token");
    render_table(rest, screen);
    json_decref(rest);
    put_secret(result, "token", tr("Token, shown this once only"), screen);
    put_note(tr("A program gives it as BIHUAN_TOKEN, or in each request as "
                "the member token."),
             screen);
}
