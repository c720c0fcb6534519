/* `bihuan shell`: commands one after another over one connection. On a terminal
 * with history and completion, by libedit; otherwise line by line, without a
 * prompt. An error does not end it. */
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "client/cli/lang.h"
#include "client/cli/local.h"
#include "client/cli/run.h"
#include "client/cli/shell_line.h"
#include "client/cli/shell_words.h"
#include "core/limits.h"

enum {
    ACCOUNT_SIZE = 128,
    PROMPT_SIZE = 256,
    SERVER_SHOWN = 32
};

struct shell {
    struct options options; /* what each line starts from */
    struct session session;
    char account[ACCOUNT_SIZE];
    char prompt[PROMPT_SIZE];
    bool interactive;
    bool over;
    enum exit_status status; /* the last that was not 0 */
};

/* wang@.../run/bihuan.sock> */
static void make_prompt(struct shell *s)
{
    char out[SERVER_SIZE];
    const char *server = server_name(&s->options, out);
    size_t len = strlen(server);
    bool cut = len > SERVER_SHOWN;
    (void)snprintf(s->prompt, sizeof s->prompt, "%s@%s%s> ",
                   s->options.as == NULL ? tr("operator") : s->options.as,
                   cut ? ".." : "", cut ? server + len - SERVER_SHOWN : server);
}

static enum exit_status usage(enum err err, const char *param,
                              const char *expected)
{
    struct problem p;
    (void)problem_set(&p, err, param, expected, "");
    complain(stderr, &p);
    return EXIT_USAGE;
}

/* -- the shell's own words ---------------------------------------------------
 */

/* Whether there is such a person is the server's to say. */
static enum exit_status become(struct shell *s, const char *account)
{
    struct bihuan_request ask = {.method = "server.info", .as = account};
    struct bihuan_reply reply;
    if (account != NULL && strlen(account) >= sizeof s->account) {
        return usage(ERR_BAD_CODE, "as", "as ACCOUNT");
    }
    enum exit_status status = EXIT_DONE;
    if (s->session.b == NULL) {
        status = server_open(&s->options, &s->session.b);
    }
    if (status != EXIT_DONE) {
        return status;
    }
    status = (enum exit_status)bihuan_call(s->session.b, &ask, &reply);
    if (status == EXIT_DONE) {
        (void)snprintf(s->account, sizeof s->account, "%s",
                       account == NULL ? "" : account);
        s->options.as = account == NULL ? NULL : s->account;
        make_prompt(s);
    } else {
        complain_error(stderr, &reply.error);
    }
    if (status == EXIT_NO_CONNECTION) {
        bihuan_close(s->session.b);
        s->session.b = NULL;
    }
    bihuan_reply_done(&reply);
    return status;
}

/* `as wang`, and `as` alone for who operates the server. */
static enum exit_status run_as(struct shell *s, const char *const *words, int n)
{
    return n > 2 ? usage(ERR_BAD_PARAM, words[2], "as ACCOUNT")
                 : become(s, n == 2 ? words[1] : NULL);
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
    if (strcmp(words[0], "as") == 0) {
        return run_as(s, words, n);
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
    return run_words(&o, &s->session);
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
    enum exit_status status = become(&s, context->options->as);
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
