/* See run.h. */
#include "client/cli/run.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "client/cli/arguments/params.h"
#include "client/cli/commands/local.h"
#include "client/cli/files/share.h"
#include "client/cli/help.h"

static enum exit_status usage(const struct problem *p)
{
    complain(stderr, p);
    return EXIT_USAGE;
}

static enum exit_status run_help(const struct options *o, int skip)
{
    struct problem p;
    enum err err = help_words(stdout, o->words + skip, o->n_words - skip, &p);
    return err == OK ? EXIT_DONE : usage(&p);
}

/* The build made both scripts from the command table. */
static enum exit_status run_completion(const struct options *o)
{
    struct problem p;
    char *script = NULL;
    size_t len = 0;
    const char *shell = o->n_words == 2 ? o->words[1] : "";
    const char *name = strcmp(shell, "bash") == 0
                           ? "bash-completion/completions/bihuan"
                           : "zsh/site-functions/_bihuan";
    if (strcmp(shell, "bash") != 0 && strcmp(shell, "zsh") != 0) {
        (void)problem_set(&p, ERR_BAD_PARAM, "completion", "bash or zsh",
                          shell);
        return usage(&p);
    }
    if (share_read(name, &script, &len, &p) != OK) {
        complain(stderr, &p);
        return EXIT_REFUSED;
    }
    (void)fwrite(script, 1, len, stdout);
    free(script);
    return EXIT_DONE;
}

/* Flags that belong to one command are refused elsewhere. */
static enum err check_flags(const struct options *o, const struct command *c,
                            struct problem *p)
{
    int index = command_index(c);
    if (o->dot && index != CMD_lifecycle) {
        return problem_set(p, ERR_BAD_PARAM, "--dot", "bihuan lifecycle --dot",
                           "");
    }
    if (o->lines && index != CMD_deadline_due) {
        return problem_set(p, ERR_BAD_PARAM, "--stdin",
                           "bihuan deadline due --stdin", "");
    }
    return OK;
}

static enum exit_status run_command(const struct options *o,
                                    struct session *session)
{
    struct problem p;
    struct run_context context = {
        .options = o, .screen = screen_standard(), .session = session};
    int used = 0;
    enum err err =
        command_from_words(o->words, o->n_words, &context.command, &used, &p);
    if (err == OK && o->help) {
        help_command(stdout, context.command);
        return EXIT_DONE;
    }
    if (err == OK) {
        err = check_flags(o, context.command, &p);
    }
    if (err == OK) {
        err = params_parse_words(context.command, o->words + used,
                                 o->n_words - used, &context.params, &p);
    }
    if (err != OK) {
        struct bihuan_error e = error_of(&p);
        complain_call(stderr, &e, context.command, NULL);
        return EXIT_USAGE;
    }
    enum exit_status (*local)(const struct run_context *) =
        local_find(context.command);
    enum exit_status status =
        local != NULL ? local(&context) : server_run(&context);
    json_decref(context.params);
    return status;
}

enum exit_status run_words(const struct options *o, struct session *session)
{
    bool words = o->n_words > 0;
    if (o->version) {
        (void)printf("bihuan %s\n", bihuan_version());
        return EXIT_DONE;
    }
    if (words && strcmp(o->words[0], "help") == 0) {
        return run_help(o, 1);
    }
    if (words && strcmp(o->words[0], "completion") == 0) {
        return run_completion(o);
    }
    if (o->help && o->n_words < 2) {
        return run_help(o, 0);
    }
    if (!words) {
        help_all(stderr);
        return EXIT_USAGE;
    }
    return run_command(o, session);
}
