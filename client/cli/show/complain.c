/* The stable name is shown beside the words: it is what documentation and
 * scripts go by. Details come from the server in English; those that the
 * catalogue knows are translated too. */
#include "client/cli/show/complain.h"

#include <stdlib.h>
#include <string.h>

#include "client/cli/language/choices.h"
#include "client/cli/language/lang.h"
#include "client/cli/language/phrase.h"
#include "client/cli/language/words.h"
#include "client/cli/show/width.h"

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
    char *clean = text_clean(text, false);
    (void)fputs(clean, out);
    free(clean);
}

static void put_phrase(FILE *out, const char *text)
{
    char said[PHRASE_SIZE];
    put(out, phrase(text, said));
}

static void line(FILE *out, const char *label, const char *text)
{
    if (text[0] != '\0') {
        (void)fprintf(out, "  %s%s", label, either("：", ": "));
        put_phrase(out, text);
        (void)fputc('\n', out);
    }
}

static const struct arg *arg_named(const struct command *command,
                                   const char *name)
{
    for (int i = 0; command != NULL && i < command->n_args; i++) {
        if (strcmp(command->args[i].name, name) == 0) {
            return &command->args[i];
        }
    }
    return NULL;
}

/* "ticket.dispatch of a ticket that is handling": both in people's words. */
static const char *move_words(const char *detail, char out[PHRASE_SIZE])
{
    static const char middle[] = " of a ticket that is ";
    const char *at = strstr(detail, middle);
    char event[WORD_SIZE];
    char said[2][WORD_SIZE];
    if (lang_now() != LANG_ZH || at == NULL ||
        (size_t)(at - detail) >= sizeof event) {
        return detail;
    }
    (void)snprintf(event, sizeof event, "%.*s", (int)(at - detail), detail);
    (void)snprintf(out, PHRASE_SIZE, "工单现在是[%s], 不能[%s]",
                   word("state", at + strlen(middle), said[0]),
                   word("event", event, said[1]));
    return out;
}

/* "ticket.list", which may not be asked: as it is typed, and in
 * Chinese what it is. */
static const char *command_words(const char *detail, char out[PHRASE_SIZE])
{
    const struct command *command = command_find(detail);
    if (command == NULL) {
        return detail;
    }
    bool zh = lang_now() == LANG_ZH;
    (void)snprintf(out, PHRASE_SIZE, "bihuan %s%s%s%s", command->name,
                   zh ? "(" : "", zh ? command->zh : "", zh ? ")" : "");
    char *dot = strchr(out, '.');
    if (dot != NULL && dot < out + strlen("bihuan ") + strlen(command->name)) {
        *dot = ' ';
    }
    return out;
}

/* "one of: head, handler": roles. */
static const char *role_words(const char *expected, char out[PHRASE_SIZE])
{
    static const char head[] = "one of: ";
    char name[WORD_SIZE];
    char said[WORD_SIZE];
    size_t to = 0;
    if (lang_now() != LANG_ZH || strncmp(expected, head, strlen(head)) != 0) {
        return expected;
    }
    out[0] = '\0';
    for (const char *at = expected + strlen(head); *at != '\0';) {
        size_t len = strcspn(at, ",");
        (void)snprintf(name, sizeof name, "%.*s", (int)len, at);
        int n = snprintf(out + to, PHRASE_SIZE - to, "%s%s",
                         to == 0 ? "" : "、", word("role", name, said));
        to += n > 0 && to + (size_t)n < PHRASE_SIZE ? (size_t)n : 0;
        at += len;
        at += strspn(at, ", ");
    }
    return out;
}

/* -- the log-in that the requests go with ------------------------------------
 */

static struct {
    char account[CODE_SIZE];
    bool token;
} known;

void complain_know_login(const char *account, bool token)
{
    (void)snprintf(known.account, sizeof known.account, "%s", account);
    known.token = token;
}

/* Why a log-in is asked for. */
static const char *login_reason(char out[PHRASE_SIZE])
{
    if (known.account[0] != '\0') {
        (void)snprintf(out, PHRASE_SIZE, "the log-in of '%s' has ended",
                       known.account);
        return out;
    }
    return known.token ? "what BIHUAN_TOKEN holds does not count, or no longer"
                       : "";
}

static const char *login_way(char out[PHRASE_SIZE])
{
    if (known.token && known.account[0] == '\0') {
        return "another token in BIHUAN_TOKEN, or none there and bihuan login";
    }
    (void)snprintf(out, PHRASE_SIZE, "bihuan login account=%s",
                   known.account[0] == '\0' ? tr("YOUR-ACCOUNT")
                                            : known.account);
    return out;
}

/* What to do where the server leaves it open. */
static const char *way_out(const char *name, char out[PHRASE_SIZE])
{
    switch (err_from_name(name)) {
    case ERR_UNAUTHENTICATED:
        return login_way(out);
    case ERR_LOGIN_FAILED:
        return tr("the right ones, or some minutes' patience; a forgotten "
                  "password is reset by the security administrator");
    case ERR_NOT_FOUND:
        return tr("what there is; what one may not see is not found either");
    case ERR_BAD_STATE:
        return tr("a step that the state allows: see bihuan ticket show");
    default:
        return "";
    }
}

/* Of several accounts it may have been the wrong one that asked. */
static void put_asker(FILE *out, const struct bihuan_error *e)
{
    char said[PHRASE_SIZE];
    if (err_from_name(e->name) == ERR_FORBIDDEN && known.account[0] != '\0') {
        (void)snprintf(said, sizeof said, "'%s'; --account takes another",
                       known.account);
        line(out, tr("asked by"), said);
    }
}

/* What may be typed for a choice besides the wire's words. */
static void put_choices(FILE *out, const struct bihuan_error *e,
                        const struct arg *arg)
{
    char choices[CHOICES_SIZE];
    if (arg != NULL && arg->type == ARG_TYPE_CHOICE &&
        err_from_name(e->name) == ERR_BAD_PARAM) {
        const char *said = choices_said(arg, choices);
        if (said[0] != '\0') {
            (void)fprintf(out, "  %s%s%s\n", tr("or"), either("：", ": "),
                          said);
        }
    }
}

void complain_call(FILE *out, const struct bihuan_error *e,
                   const struct command *command, const json_t *params)
{
    char said[PHRASE_SIZE];
    const struct arg *arg = arg_named(command, e->param);
    const char *value = json_string_value(json_object_get(params, e->param));
    (void)fprintf(out, "bihuan: %s [%s]", reason_text(e->name), e->name);
    /* "token" is no word of people's, unless they typed it */
    if (e->param[0] != '\0' && (strcmp(e->param, "token") != 0 ||
                                err_from_name(e->name) == ERR_BAD_PARAM)) {
        (void)fputs(either("：", ": "), out);
        put(out, e->param);
    }
    if (arg != NULL) { /* its meaning without the remarks behind it */
        const char *meaning = either(arg->zh, arg->en);
        (void)fprintf(out, " (%.*s)", (int)strcspn(meaning, "(,;:"), meaning);
    }
    (void)fputc('\n', out);
    if (e->detail[0] == '\0' && value != NULL && strlen(value) < 100) {
        (void)snprintf(said, sizeof said, "got '%s'", value);
        line(out, tr("reason"), said);
    }
    bool login = err_from_name(e->name) == ERR_UNAUTHENTICATED;
    bool forbidden = err_from_name(e->name) == ERR_FORBIDDEN;
    line(out, tr("reason"),
         login && e->detail[0] == '\0' ? login_reason(said)
         : forbidden                   ? command_words(e->detail, said)
                                       : move_words(e->detail, said));
    line(out, tr("expected"),
         e->expected[0] == '\0' ? way_out(e->name, said)
                                : role_words(e->expected, said));
    put_choices(out, e, arg);
    put_asker(out, e);
}

void complain_expected(FILE *out, const struct bihuan_error *e)
{
    line(out, tr("expected"), e->expected);
}

void complain_error(FILE *out, const struct bihuan_error *e)
{
    complain_call(out, e, NULL, NULL);
}

void complain(FILE *out, const struct problem *p)
{
    struct bihuan_error e = error_of(p);
    complain_error(out, &e);
}

void complain_short(FILE *out, const struct bihuan_error *e)
{
    char said[PHRASE_SIZE];
    (void)fprintf(out, "%s [%s]", reason_text(e->name), e->name);
    const char *const parts[] = {e->param, e->detail, e->expected};
    for (size_t i = 0; i < sizeof parts / sizeof parts[0]; i++) {
        if (parts[i][0] != '\0') {
            (void)fputs("; ", out);
            put_phrase(out, i == 1   ? move_words(parts[i], said)
                            : i == 2 ? role_words(parts[i], said)
                                     : parts[i]);
        }
    }
}
