/* The daemon on a clock that a test sets: whole seconds since 1970 stand as
 * text in the file that BIHUAN_TEST_NOW names and are read anew each time. A
 * program of the tests, so that the product itself has no way to be lied to. */
#include <inttypes.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>

#include "daemon/loop.h"
#include "daemon/setup/setup.h"
#include "proto/message.h"

static const char *file;

static instant file_now(void *user)
{
    char text[32] = "";
    (void)user;
    FILE *f = fopen(file, "r");
    if (f == NULL || fgets(text, sizeof text, f) == NULL) {
        fprintf(stderr, "bihuand_at: %s: not readable\n", file);
        exit(EXIT_FAILURE);
    }
    fclose(f);
    return (instant)strtoll(text, NULL, 10);
}

int main(int argc, char **argv)
{
    struct options options;
    file = getenv("BIHUAN_TEST_NOW");
    if (file == NULL || options_parse(argc, argv, &options) != 0) {
        fprintf(stderr, "bihuand_at: BIHUAN_TEST_NOW names a file; options as "
                        "of bihuand\n");
        return EXIT_USAGE;
    }
    umask(077);
    signal(SIGPIPE, SIG_IGN);
    message_setup();
    options.now = file_now;
    struct policy policy;
    policy_from(&options.settings, &policy);
    return options.init
               ? setup_init(options_data(&options), file_now(NULL), &policy)
               : loop_serve(&options);
}
