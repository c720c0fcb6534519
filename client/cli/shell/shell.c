/* `bihuan shell`: commands one after another over one connection. On a terminal
 * with history and completion, by libedit; otherwise line by line, without a
 * prompt. An error does not end it. */
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "client/cli/commands/local.h"
#include "client/cli/language/lang.h"
#include "client/cli/run.h"
#include "client/cli/server/credential.h"
#include "client/cli/server/server_name.h"
#include "client/cli/shell/shell_line.h"
#include "client/cli/shell/shell_words.h"
#include "client/cli/show/width.h"
#include "core/limits.h"

enum {
    ACCOUNT_SIZE = 128,
    PROMPT_SIZE = 256,
    SERVER_SHOWN = 32
};

struct shell {
    struct options options; /* what each line starts from */
    struct session session;
    struct run_context own;     /* of options and session */
    char account[ACCOUNT_SIZE]; /* of the log-in; options.account points here */
    char prompt[PROMPT_SIZE];
    bool interactive;
    bool over;
    enum exit_status status; /* the last that was not 0 */
};

/* wang@.../run/bihuan.sock> */
static void make_prompt(struct shell *s, const char *account)
{
    char out[SERVER_SIZE];
    const char *server = server_name(&s->options, out);
    size_t len = strlen(server);
    bool cut = len > SERVER_SHOWN;
    char *shown = text_clean(account, false);
    (void)snprintf(s->prompt, sizeof s->prompt, "%s@%s%s> ", shown,
                   cut ? ".." : "", cut ? server + len - SERVER_SHOWN : server);
    free(shown);
}

static enum exit_status usage(enum err err, const char *param,
                              const char *expected)
{
    struct problem p;
    (void)problem_set(&p, err, param, expected, "");
    complain(stderr, &p);
    return EXIT_USAGE;
}

/* -- whose shell it is --------------------------------------------------------
 */

/* Asks the server who one is, for the prompt. Nobody is no failure: one may log
 * in here. A connection that was lost is made anew under the same account,
 * whoever has logged in elsewhere since. */
static enum exit_status greet(struct shell *s)
{
    struct bihuan_request ask = {.method = "whoami"};
    struct bihuan_error error;
    json_t *result = NULL;
    enum exit_status status;
    if (session_begin(&s->own, NULL, &status) == NULL) {
        return status;
    }
    status = server_ask(s->session.b, &ask, NULL, &result, &error);
    const char *account = json_string_value(json_object_get(result, "account"));
    bool nobody = status == EXIT_REFUSED &&
                  err_from_name(error.name) == ERR_UNAUTHENTICATED;
    if (status != EXIT_DONE && !nobody) {
        complain_error(stderr, &error);
    } else {
        make_prompt(s, account == NULL ? tr("nobody") : account);
    }
    (void)snprintf(s->account, sizeof s->account, "%s", s->session.account);
    s->options.account = s->account[0] == '\0' ? NULL : s->account;
    json_decref(result);
    session_end(&s->session, NULL, status);
    return nobody ? EXIT_DONE : status;
}

/* `use wang`: another log-in that is kept. */
static enum exit_status use(struct shell *s, const char *account)
{
    struct options other = s->options;
    struct login login;
    struct problem p;
    other.account = account;
    if (credential_find(&other, &login, &p) != OK) {
        complain(stderr, &p);
        return EXIT_REFUSED;
    }
    bihuan_close(s->session.b); /* a new one: the old may be lost */
    s->session.b = NULL;
    (void)snprintf(s->account, sizeof s->account, "%s", login.account);
    s->options.account = s->account;
    login_forget(&login);
    return greet(s);
}

static bool is_exit(const char *word)
{
    return strcmp(word, "exit") == 0 || strcmp(word, "quit") == 0;
}

/* -- lines -------------------------------------------------------------------
 */

static enum exit_status run_line_words(struct shell *s,
                                       const char *const *words, int n)
{
    struct options o = s->options;
    struct problem p;
    if (is_exit(words[0]) && n == 1) {
        s->over = true;
        return EXIT_DONE;
    }
    if (strcmp(words[0], "use") == 0) {
        return n == 2 ? use(s, words[1])
                      : usage(ERR_BAD_PARAM, "use", "use ACCOUNT");
    }
    if (strcmp(words[0], "shell") == 0) {
        return usage(ERR_BAD_STATE, "shell", "a command; this is the shell");
    }
    if (options_read(words, n, &o, &p) != OK) {
        complain(stderr, &p);
        return EXIT_USAGE;
    }
    if (o.server != s->options.server) {
        return usage(ERR_BAD_PARAM, "--server",
                     "the shell's own server; leave it for another");
    }
    if (o.account != s->options.account) {
        return usage(ERR_BAD_PARAM, "--account",
                     "use ACCOUNT, for all that follows");
    }
    enum exit_status status = run_words(&o, &s->session);
    bool other =
        strcmp(words[0], "login") == 0 || strcmp(words[0], "logout") == 0;
    if (other && !o.help) {
        (void)greet(s);
    }
    return status;
}

/* The line is written over. */
static void run_line(struct shell *s, char *line)
{
    const char *words[WORDS_MAX];
    struct problem p;
    int n = 0;
    enum exit_status status = EXIT_DONE;
    if (strlen(line) > LINE_BYTES_MAX) {
        status = usage(ERR_TOO_LONG, "", "at most 262144 bytes");
    } else if (shell_split(line, words, &n, &p) != OK) {
        complain(stderr, &p);
        status = EXIT_USAGE;
    } else if (n > 0) {
        status = run_line_words(s, words, n);
    }
    (void)fflush(stdout); /* before the next complaint */
    s->status = status != EXIT_DONE ? status : s->status;
}

static void run_piped(struct shell *s)
{
    char *line = NULL;
    size_t room = 0;
    while (!s->over && getline(&line, &room, stdin) >= 0) {
        run_line(s, line);
    }
    free(line);
}

static enum exit_status run_typed(struct shell *s)
{
    struct shell_line *lines = NULL;
    enum exit_status status = shell_line_open(s->prompt, &lines);
    if (status != EXIT_DONE) {
        return status;
    }
    (void)fprintf(stdout, "%s\n",
                  tr("help lists the commands; Tab completes, Ctrl-D leaves"));
    while (!s->over) {
        char *line = shell_line_next(lines);
        if (line == NULL) {
            break;
        }
        run_line(s, line);
        free(line);
    }
    shell_line_close(lines);
    return EXIT_DONE;
}

enum exit_status local_shell(const struct run_context *context)
{
    struct shell s = {.options = *context->options};
    s.interactive = isatty(STDIN_FILENO) == 1 && isatty(STDOUT_FILENO) == 1;
    s.options.n_words = 0;
    s.own = *context;
    s.own.options = &s.options;
    s.own.session = &s.session;
    enum exit_status status = greet(&s);
    if (status != EXIT_DONE) {
        bihuan_close(s.session.b);
        return status;
    }
    if (s.interactive) {
        status = run_typed(&s);
    } else {
        run_piped(&s);
        status = s.status;
    }
    bihuan_close(s.session.b);
    return status;
}
