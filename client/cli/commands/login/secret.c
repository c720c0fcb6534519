/* See secret.h. While the terminal does not echo, every signal that would end
 * or stop the program is caught first, the terminal set right, and the signal
 * then sent again to take its usual course. */
#include "client/cli/commands/login/secret.h"

#include <errno.h>
#include <gnutls/gnutls.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <termios.h>
#include <unistd.h>

#include "client/cli/language/lang.h"
#include "proto/utf8.h"

static const int caught[] = {SIGINT,  SIGTERM, SIGHUP, SIGQUIT,
                             SIGTSTP, SIGTTIN, SIGTTOU};
enum {
    CAUGHT = sizeof caught / sizeof caught[0]
};

static volatile sig_atomic_t came;

static void note(int signal_number)
{
    came = signal_number;
}

bool secret_typed(void)
{
    return isatty(STDIN_FILENO) == 1;
}

static enum err none(struct problem *p, const char *param)
{
    return problem_set(p, ERR_BAD_PARAM, param,
                       "typed on a terminal, or a line on standard input",
                       "nothing came");
}

/* A NUL would end it there: another secret than was meant. */
static enum err flawed(struct problem *p, const char *param, enum err flaw,
                       size_t size)
{
    if (flaw == ERR_NUL_BYTE) {
        return problem_set(p, flaw, param, "", "");
    }
    char expected[PROBLEM_TEXT_SIZE];
    (void)snprintf(expected, sizeof expected, "at most %zu bytes", size - 1);
    return problem_set(p, ERR_BAD_PARAM, param, expected, "");
}

/* One more character of a secret; what is wrong with all of it in *flaw. */
static void take(char c, char *out, size_t size, size_t *len, enum err *flaw)
{
    if (c == '\0') {
        *flaw = ERR_NUL_BYTE;
    } else if (*len + 1 < size) {
        out[(*len)++] = c;
    } else {
        *flaw = ERR_TOO_LONG;
    }
}

/* -- a line of standard input ------------------------------------------------
 */

/* To its end in any case: what is too long must not be read as the next. */
static enum err read_line(char *out, size_t size, enum err *ret_flaw)
{
    size_t len = 0;
    int c = getc(stdin);
    *ret_flaw = OK;
    if (c == EOF) {
        return ERR_IO;
    }
    for (; c != EOF && c != '\n'; c = getc(stdin)) {
        take((char)c, out, size, &len, ret_flaw);
    }
    len -= len > 0 && out[len - 1] == '\r' ? 1 : 0;
    out[len] = '\0';
    return OK;
}

/* -- a terminal --------------------------------------------------------------
 */

static void catch_all(struct sigaction before[CAUGHT])
{
    struct sigaction mine = {.sa_handler = note}; /* read() must be woken */
    (void)sigemptyset(&mine.sa_mask);
    came = 0;
    for (size_t i = 0; i < CAUGHT; i++) {
        (void)sigaction(caught[i], &mine, &before[i]);
        if (before[i].sa_handler == SIG_IGN) { /* nohup means it */
            (void)sigaction(caught[i], &before[i], NULL);
        }
    }
}

static void release_all(const struct sigaction before[CAUGHT])
{
    for (size_t i = 0; i < CAUGHT; i++) {
        (void)sigaction(caught[i], &before[i], NULL);
    }
}

/* In the terminal's line mode: one read is one line, or a part of a long one.
 */
static enum err read_typed(char *out, size_t size, enum err *ret_flaw)
{
    size_t len = 0;
    char c = '\0';
    *ret_flaw = OK;
    while (came == 0) {
        ssize_t n = read(STDIN_FILENO, &c, 1);
        if (n < 0 && errno == EINTR) {
            continue;
        }
        if (n <= 0) {
            return ERR_IO;
        }
        if (c == '\n') {
            break;
        }
        take(c, out, size, &len, ret_flaw);
    }
    out[len] = '\0';
    return OK;
}

/* ERR_BUSY: a signal came in between, and has had its course: ask again. */
static enum err ask_once(const char *question, char *out, size_t size,
                         enum err *ret_flaw)
{
    struct sigaction before[CAUGHT];
    struct termios as_was;
    if (tcgetattr(STDIN_FILENO, &as_was) != 0) {
        return ERR_IO;
    }
    struct termios silent = as_was;
    silent.c_lflag &= ~(tcflag_t)(ECHO | ECHONL);
    silent.c_lflag |= ICANON | ISIG;
    silent.c_iflag |= ICRNL;
    catch_all(before);
    (void)tcsetattr(STDIN_FILENO, TCSAFLUSH, &silent);
    (void)fprintf(stderr, "%s%s", question, either("：", ": "));
    (void)fflush(stderr);
    enum err err = read_typed(out, size, ret_flaw);
    (void)fputc('\n', stderr);
    (void)tcsetattr(STDIN_FILENO, TCSAFLUSH, &as_was);
    release_all(before);
    int number = came;
    if (number != 0) {
        gnutls_memset(out, 0, size);
        (void)kill(getpid(), number);
        return ERR_BUSY;
    }
    return err;
}

static enum err ask_typed(const char *question, char *out, size_t size,
                          enum err *ret_flaw)
{
    enum err err;
    (void)fflush(stdout);
    do {
        err = ask_once(question, out, size, ret_flaw);
    } while (err == ERR_BUSY);
    return err;
}

enum err secret_ask(const char *question, const char *param, char *out,
                    size_t size, struct problem *p)
{
    enum err flaw = OK;
    out[0] = '\0';
    enum err err = secret_typed() ? ask_typed(question, out, size, &flaw)
                                  : read_line(out, size, &flaw);
    if (err != OK) {
        return none(p, param);
    }
    if (flaw != OK) {
        return flawed(p, param, flaw, size);
    }
    return utf8_ok(out, strlen(out))
               ? OK
               : problem_set(p, ERR_BAD_UTF8, param, "UTF-8", "");
}
