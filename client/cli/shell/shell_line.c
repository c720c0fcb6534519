/* See shell_line.h. The history is written after every line: whoever is cut off
 * has it the next time. */
#include "client/cli/shell/shell_line.h"

#ifndef BIHUAN_EDIT

enum exit_status shell_line_open(const char *prompt, struct shell_line **ret)
{
    (void)prompt;
    (void)ret;
    struct problem p;
    (void)problem_set(&p, ERR_UNSUPPORTED, "shell",
                      "a build with libedit, or commands from a pipe",
                      "this build has no line editing");
    complain(stderr, &p);
    return EXIT_REFUSED;
}

char *shell_line_next(struct shell_line *lines)
{
    (void)lines;
    return NULL;
}

void shell_line_close(struct shell_line *lines)
{
    (void)lines;
}

#else

#include <fcntl.h>
#include <histedit.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "client/cli/files/file.h"
#include "client/cli/files/state.h"
#include "client/cli/shell/shell_words.h"
#include "client/cli/show/width.h"

enum {
    HISTORY_LINES = 1000,
    WIDTH = 78
};

struct shell_line {
    EditLine *edit;
    History *history;
    const char *prompt;
    char path[STATE_PATH_SIZE]; /* of the history, "" for none */
};

/* -- history -----------------------------------------------------------------
 */

/* Readable for its owner alone from its first byte on. A history that cannot be
 * kept is no reason to stop. */
static void save_history(struct shell_line *l)
{
    HistEvent event;
    int fd =
        l->path[0] == '\0'
            ? -1
            : open(l->path,
                   O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC | O_NOFOLLOW, 0600);
    FILE *file = fd < 0 ? NULL : fdopen(fd, "w");
    if (file == NULL) {
        if (fd >= 0) {
            (void)close(fd);
        }
        return;
    }
    (void)fchmod(fd, 0600);
    (void)history(l->history, &event, H_SAVE_FP, file);
    (void)fclose(file);
}

static void remember(struct shell_line *l, const char *line)
{
    HistEvent event;
    if (line[strspn(line, " \t\r\n")] == '\0' || shell_secret(line)) {
        return;
    }
    (void)history(l->history, &event, H_ENTER, line);
    save_history(l);
}

static void open_history(struct shell_line *l)
{
    HistEvent event;
    l->history = history_init();
    (void)history(l->history, &event, H_SETSIZE, HISTORY_LINES);
    (void)history(l->history, &event, H_SETUNIQUE, 1);
    if (state_path("history", l->path)) {
        state_folders(l->path);
        (void)history(l->history, &event, H_LOAD, l->path);
    }
    (void)el_set(l->edit, EL_HIST, history, l->history);
}

/* -- completion --------------------------------------------------------------
 */

struct candidates {
    size_t n;
    size_t room;
    char **list;
};

static void take_candidate(void *user, const char *candidate)
{
    struct candidates *c = user;
    if (c->n == c->room) {
        c->room = c->room * 2 + 16;
        c->list = must_realloc(c->list, c->room * sizeof *c->list);
    }
    c->list[c->n++] = must_copy(candidate);
}

static size_t common_len(const struct candidates *c)
{
    size_t len = strlen(c->list[0]);
    for (size_t i = 1; i < c->n; i++) {
        size_t same = 0;
        while (same < len && c->list[0][same] == c->list[i][same]) {
            same++;
        }
        len = same;
    }
    return len;
}

static void list_candidates(const struct candidates *c)
{
    int widest = 0;
    int column = 0;
    for (size_t i = 0; i < c->n; i++) {
        int width = text_width(c->list[i]);
        widest = width > widest ? width : widest;
    }
    for (size_t i = 0; i < c->n; i++) {
        bool first = i == 0 || column + widest + 2 > WIDTH;
        column = first ? 0 : column;
        (void)printf("%s%-*s", first ? "\n" : "  ", widest, c->list[i]);
        column += widest + 2;
    }
    (void)fputs("\n", stdout);
    (void)fflush(stdout);
}

/* The rest of what is sure, and a blank behind a finished word. */
static unsigned char insert_rest(EditLine *edit, const struct candidates *c,
                                 size_t have)
{
    size_t len = common_len(c);
    char *rest = must_alloc(len + 2);
    bool finished = c->n == 1 && c->list[0][len - 1] != '=';
    (void)snprintf(rest, len + 2, "%.*s%s", (int)(len - have),
                   c->list[0] + have, finished ? " " : "");
    int status = rest[0] == '\0' ? -1 : el_insertstr(edit, rest);
    free(rest);
    if (status == 0) {
        return CC_REFRESH;
    }
    list_candidates(c);
    return CC_REDISPLAY;
}

static unsigned char complete(EditLine *edit, int key)
{
    (void)key;
    const LineInfo *info = el_line(edit);
    size_t len = (size_t)(info->cursor - info->buffer);
    char *line = must_alloc(len + 1);
    struct candidates c = {.n = 0};
    memcpy(line, info->buffer, len);
    line[len] = '\0';
    shell_complete(line, take_candidate, &c);
    size_t have = len;
    while (have > 0 && line[have - 1] != ' ' && line[have - 1] != '\t') {
        have--;
    }
    unsigned char ret = c.n == 0 ? CC_ERROR : insert_rest(edit, &c, len - have);
    for (size_t i = 0; i < c.n; i++) {
        free(c.list[i]);
    }
    free(c.list);
    free(line);
    return ret;
}

/* -- lines -------------------------------------------------------------------
 */

static char *prompt_of(EditLine *edit)
{
    struct shell_line *l = NULL;
    (void)el_get(edit, EL_CLIENTDATA, &l);
    return (char *)(uintptr_t)l->prompt;
}

/* Keys as people know them from other shells. While a line is edited Ctrl-C is
 * a key that clears it; while a command runs it ends the program as ever. */
static void set_keys(EditLine *edit)
{
    (void)el_set(edit, EL_EDITOR, "emacs");
    /* of the narrow form libedit never frees its copies */
    (void)el_wset(edit, EL_ADDFN, L"bihuan-complete", L"completes a word",
                  complete);
    (void)el_set(edit, EL_BIND, "^I", "bihuan-complete", NULL);
    (void)el_set(edit, EL_BIND, "^R", "em-inc-search-prev", NULL);
    (void)el_set(edit, EL_SETTY, "-d", "-isig", NULL);
    (void)el_set(edit, EL_BIND, "^C", "em-kill-line", NULL);
}

enum exit_status shell_line_open(const char *prompt, struct shell_line **ret)
{
    struct shell_line *l = must_alloc(sizeof *l);
    *l = (struct shell_line){.prompt = prompt};
    l->edit = el_init("bihuan", stdin, stdout, stderr);
    if (l->edit == NULL) {
        free(l);
        struct problem p;
        (void)problem_set(&p, ERR_IO, "shell", "a terminal", "");
        complain(stderr, &p);
        return EXIT_REFUSED;
    }
    (void)el_set(l->edit, EL_CLIENTDATA, l);
    (void)el_set(l->edit, EL_PROMPT, prompt_of);
    set_keys(l->edit);
    open_history(l);
    *ret = l;
    return EXIT_DONE;
}

char *shell_line_next(struct shell_line *l)
{
    int n = 0;
    /* a key pressed as soon as the prompt is there must find the editor: the
     * terminal would take Ctrl-C and Ctrl-D for its own */
    void (*before)(int) = signal(SIGINT, SIG_IGN);
    (void)el_set(l->edit, EL_PREP_TERM, 1);
    const char *typed = el_gets(l->edit, &n);
    (void)signal(SIGINT, before);
    if (typed == NULL || n <= 0) {
        (void)fputs("\n", stdout);
        return NULL;
    }
    char *line = must_alloc((size_t)n + 1);
    memcpy(line, typed, (size_t)n);
    line[n] = '\0';
    line[strcspn(line, "\r\n")] = '\0';
    remember(l, line);
    return line;
}

void shell_line_close(struct shell_line *l)
{
    el_end(l->edit);
    history_end(l->history);
    free(l);
}

#endif
