/* Lines typed on a terminal, with history and completion: libedit, if the build
 * had it. */
#ifndef BIHUAN_CLIENT_CLI_SHELL_SHELL_LINE_H
#define BIHUAN_CLIENT_CLI_SHELL_SHELL_LINE_H

#include "client/cli/show/complain.h"

struct shell_line;

/* `prompt` is borrowed and asked for anew before each line. REFUSED, and told,
 * when this build has no line editing. */
enum exit_status shell_line_open(const char *prompt, struct shell_line **ret);

/* The next line, heap; NULL at the end (Ctrl-D). It has gone into the history,
 * $XDG_STATE_HOME/bihuan/history (else ~/.local/state), unless it holds a
 * secret. */
char *shell_line_next(struct shell_line *lines);

void shell_line_close(struct shell_line *lines);

#endif
