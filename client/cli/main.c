/* The command line: what was asked, who answers it, how it ended. */
#include <stdio.h>

#include "client/cli/arguments/options.h"
#include "client/cli/language/lang.h"
#include "client/cli/run.h"
#include "client/cli/show/complain.h"
#include "proto/message.h"

/* What was printed must have arrived: a full disk is not a success. */
static enum exit_status finish(enum exit_status status)
{
    if (fflush(stdout) != 0 || ferror(stdout) != 0) {
        struct problem p;
        (void)problem_set(&p, ERR_IO, "", "", "standard output");
        complain(stderr, &p);
        return status == EXIT_DONE ? EXIT_REFUSED : status;
    }
    return status;
}

int main(int argc, char **argv)
{
    struct options options;
    struct problem p;
    message_setup();
    enum err err = options_parse(argc, argv, &options, &p);
    if (!lang_setup(options.lang)) { /* both: who reads it is not known */
        (void)fputs("bihuan: 找不到中文词表 bihuan.mo, 部分文字为英文; "
                    "BIHUAN_LOCALE_DIR 可指明其目录 / no Chinese catalogue\n",
                    stderr);
    }
    enum exit_status status = EXIT_USAGE;
    if (err == OK) {
        status = run_words(&options, NULL);
    } else {
        complain(stderr, &p);
    }
    status = finish(status);
    lang_done();
    return (int)status;
}
