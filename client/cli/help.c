/* Columns are aligned by what a terminal shows, not by bytes. */
#include "client/cli/help.h"

#include <string.h>

#include "client/cli/arguments/params.h"
#include "client/cli/language/choices.h"
#include "client/cli/language/lang.h"
#include "client/cli/show/width.h"

enum {
    INDENT = 2,
    NAME_SIZE_MAX = 80,
    FORM_SIZE = 512
};

static void put_row(FILE *out, const char *left, int width, const char *right)
{
    int blanks = width - text_width(left);
    (void)fprintf(out, "%*s%s%*s  %s\n", INDENT, "", left,
                  blanks > 0 ? blanks : 0, "", right);
}

/* "ticket list" as it is typed. */
static const char *typed(const struct command *c, char out[NAME_SIZE_MAX])
{
    (void)snprintf(out, NAME_SIZE_MAX, "%s", c->name);
    char *dot = strchr(out, '.');
    if (dot != NULL) {
        *dot = ' ';
    }
    return out;
}

static bool begins_with(const struct command *c, const char *stem)
{
    size_t len = strlen(stem);
    return len == 0 || (strncmp(c->name, stem, len) == 0 &&
                        (c->name[len] == '.' || c->name[len] == '\0'));
}

static int count_commands(const char *stem)
{
    int n = 0;
    for (int i = 0; i < CMD_COUNT; i++) {
        n += begins_with(command_at(i), stem) ? 1 : 0;
    }
    return n;
}

/* Every command of a stem ("ticket"), or all for "". Returns how many. */
static int put_commands(FILE *out, const char *stem)
{
    char name[NAME_SIZE_MAX];
    int width = 0;
    int n = 0;
    for (int i = 0; i < CMD_COUNT; i++) {
        int w = text_width(typed(command_at(i), name));
        width = begins_with(command_at(i), stem) && w > width ? w : width;
    }
    for (int i = 0; i < CMD_COUNT; i++) {
        const struct command *c = command_at(i);
        if (begins_with(c, stem)) {
            put_row(out, typed(c, name), width, either(c->zh, c->en));
            n++;
        }
    }
    return n;
}

static void put_options(FILE *out)
{
    static const struct {
        const char *option;
        const char *meaning;
    } rows[] = {
        {"--server NAME", "the server; also BIHUAN_SERVER"},
        {"--account ACCOUNT", "whose log-in counts; also BIHUAN_ACCOUNT"},
        {"--ca FILE", "trusted authorities, PEM; also BIHUAN_CA"},
        {"--format table|json|csv", "how results are printed"},
        {"--lang zh|en", "the language; else the locale decides"},
        {"--key KEY", "idempotency key: sent twice, done once"},
        {"--after SEQ", "read only once this journal number is there"},
        {"--bom", "begin CSV with a byte order mark, for spreadsheets"},
        {"--stdin", "deadline due: one INSTANT LIMIT a line"},
        {"--dot", "lifecycle: as Graphviz"},
        {"--help, --version", "this text, the version"},
    };
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        put_row(out, rows[i].option, 23, tr(rows[i].meaning));
    }
}

static void put_title(FILE *out, const char *title)
{
    (void)fprintf(out, "\n%s%s\n", title, either("：", ":"));
}

void help_all(FILE *out)
{
    (void)fprintf(out, "%s\n",
                  tr("bihuan: the closed loop of enterprise requests"));
    put_title(out, tr("Usage"));
    (void)fprintf(out, "  bihuan %s\n  bihuan help %s\n  %s\n",
                  tr("[OPTION...] COMMAND [SUBCOMMAND] [NAME=VALUE...]"),
                  tr("[COMMAND [SUBCOMMAND]]"), "bihuan completion bash|zsh");
    put_title(out, tr("Options"));
    put_options(out);
    put_title(out, tr("Commands"));
    (void)put_commands(out, "");
    put_title(out, tr("Server"));
    (void)fprintf(out, "  %s\n  %s\n",
                  tr("unix:PATH; tcp:HOST:PORT, encrypted but on this machine; "
                     "tls:HOST:PORT"),
                  tr("plain:HOST:PORT is never encrypted"));
    put_title(out, tr("Values"));
    (void)fprintf(out, "  %s\n  %s\n  %s\n",
                  tr("what is required may stand without its NAME=, in order"),
                  tr("instants '2026-11-20 16:00', limits 5wd 2wh 3d 24h"),
                  tr("NAME=@FILE reads the value from a file, @- from standard"
                     " input"));
    put_title(out, tr("Exit status"));
    (void)fprintf(out, "  %s\n",
                  tr("0 done, 1 refused, 2 wrong usage, 3 no connection"));
}

/* How a value of this parameter is written. */
static const char *form_of(const struct arg *arg, char out[FORM_SIZE])
{
    static const char *const forms[] = {
        [ARG_TYPE_TEXT] = "TEXT",       [ARG_TYPE_CODE] = "CODE",
        [ARG_TYPE_CREDIT] = "CREDIT18", [ARG_TYPE_REF] = "REF",
        [ARG_TYPE_TICKET] = "NUMBER",   [ARG_TYPE_MEETING] = "N|REF",
        [ARG_TYPE_INT] = "N",           [ARG_TYPE_BOOL] = "true|false",
        [ARG_TYPE_INSTANT] = "INSTANT", [ARG_TYPE_LIMIT] = "LIMIT",
        [ARG_TYPE_CHOICE] = "",         [ARG_TYPE_JSON] = "@FILE",
    };
    const char *form =
        arg->type == ARG_TYPE_CHOICE ? arg->choices : forms[arg->type];
    (void)snprintf(out, FORM_SIZE, "%s=%s", arg->name, form);
    return out;
}

/* What may be typed for a choice besides the wire's words. */
static void put_said(FILE *out, const struct arg *arg, int width)
{
    char choices[CHOICES_SIZE];
    char text[CHOICES_SIZE + 32];
    const char *said = choices_said(arg, choices);
    if (said[0] != '\0') {
        (void)snprintf(text, sizeof text, "%s %s", tr("or"), said);
        put_row(out, "", width, text);
    }
}

/* A long list of choices goes to its own line under the name. */
static void put_arg(FILE *out, const struct arg *arg, int width)
{
    char form[FORM_SIZE];
    const char *text = either(arg->zh, arg->en);
    (void)form_of(arg, form);
    if (text_width(form) <= width) {
        put_row(out, form, width, text);
    } else {
        (void)fprintf(out, "%*s%s\n", INDENT, "", form);
        put_row(out, "", width, text);
    }
    put_said(out, arg, width);
}

static void put_args(FILE *out, const struct command *c, int flags,
                     const char *title)
{
    enum {
        WIDTH_MAX = 26
    };
    char form[FORM_SIZE];
    int width = 0;
    int n = 0;
    for (int i = 0; i < c->n_args; i++) {
        int w = text_width(form_of(&c->args[i], form));
        width = w > width && w <= WIDTH_MAX ? w : width;
        n += c->args[i].flags == flags ? 1 : 0; /* ASKED are put apart */
    }
    if (n == 0) {
        return;
    }
    put_title(out, title);
    for (int i = 0; i < c->n_args; i++) {
        if (c->args[i].flags == flags) {
            put_arg(out, &c->args[i], width);
        }
    }
}

/* What is asked for: no word of the line, so without its form. */
static void put_asked(FILE *out, const struct command *c)
{
    int n = 0;
    for (int i = 0; i < c->n_args; i++) {
        const struct arg *arg = &c->args[i];
        if ((arg->flags & ARG_ASKED) != 0) {
            if (n++ == 0) {
                put_title(out, tr("Asked for without echo, or read as lines "
                                  "from standard input"));
            }
            (void)fprintf(out, "%*s%s\n", INDENT, "", either(arg->zh, arg->en));
        }
    }
}

/* The whole command as it is typed, with what it cannot do without. */
static void put_usage(FILE *out, const struct command *c)
{
    char name[NAME_SIZE_MAX];
    char form[FORM_SIZE];
    bool optional = false;
    (void)fprintf(out, "  bihuan %s", typed(c, name));
    for (int i = 0; i < c->n_args; i++) {
        bool asked = (c->args[i].flags & ARG_ASKED) != 0;
        bool required = (c->args[i].flags & ARG_REQUIRED) != 0;
        if (asked) {
            continue;
        }
        optional = optional || !required;
        if (required) {
            (void)fprintf(out, " %s", form_of(&c->args[i], form));
        }
    }
    (void)fprintf(out, "%s\n",
                  optional ? either(" [名称=值...]", " [NAME=VALUE...]") : "");
}

void help_command(FILE *out, const struct command *c)
{
    (void)fprintf(out, "%s\n", either(c->zh, c->en));
    put_title(out, tr("Usage"));
    put_usage(out, c);
    put_args(out, c, ARG_REQUIRED, tr("Required"));
    put_args(out, c, 0, tr("Optional"));
    put_asked(out, c);
}

/* What `bihuan completion` prints, and where it goes. */
static void help_completion(FILE *out)
{
    (void)fprintf(out, "%s\n", tr("Complete commands and values with Tab"));
    put_title(out, tr("Usage"));
    (void)fputs("  bihuan completion bash|zsh\n", out);
    put_title(out, tr("For this shell, or for each in its start-up file"));
    (void)fputs("  ~/.bashrc  source <(bihuan completion bash)\n"
                "  ~/.zshrc   source <(bihuan completion zsh)    # compinit\n",
                out);
}

enum err help_words(FILE *out, const char *const *words, int n,
                    struct problem *p)
{
    const struct command *command = NULL;
    int used = 0;
    if (n == 0) {
        help_all(out);
        return OK;
    }
    if (n == 1 && strcmp(words[0], "completion") == 0) {
        help_completion(out);
        return OK;
    }
    enum err err = command_from_words(words, n, &command, &used, p);
    if (err == OK && used == n) {
        help_command(out, command);
        if (n == 1 && count_commands(words[0]) > 1) { /* import, import close */
            put_title(out, tr("Commands"));
            (void)put_commands(out, words[0]);
        }
        return OK;
    }
    if (n == 1 && put_commands(out, words[0]) > 0) {
        return OK;
    }
    return err == OK ? problem_set(p, ERR_UNKNOWN_METHOD, words[n - 1],
                                   "a command; bihuan help lists them", "")
                     : err;
}
