/* bihuand: options, then one of the things to do. */
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <time.h>

#include "daemon/loop.h"
#include "daemon/options.h"
#include "daemon/setup/setup.h"
#include "proto/message.h"

int main(int argc, char **argv)
{
    struct options options;
    int status = options_parse(argc, argv, &options);
    if (status != 0) {
        return status;
    }
    if (options.help) {
        options_help();
        return 0;
    }
    if (options.version) {
        printf("bihuand %s\n", BIHUAN_VERSION);
        return 0;
    }
    /* What we make, files and sockets, is for our own account only; who else
     * may open a socket, a setting says. */
    umask(077);
    signal(SIGPIPE, SIG_IGN);
    signal(SIGXFSZ, SIG_IGN); /* a file that may not grow is a write refused */
    message_setup();
    struct policy policy;
    policy_from(&options.settings, &policy);
    if (options.init) {
        return setup_init(options_data(&options), (instant)time(NULL), &policy);
    }
    if (options.administrators) {
        return setup_administrators(options_data(&options), (instant)time(NULL),
                                    &policy);
    }
    if (options.check) {
        settings_print(&options.settings);
        return setup_check(options_data(&options), &options.settings);
    }
    return loop_serve(&options);
}
