/* Standard output, asked once. */
#include "client/cli/show/screen.h"

#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <unistd.h>

static const char *const paints[] = {
    [PAINT_NONE] = "",           [PAINT_GREEN] = "\033[32m",
    [PAINT_YELLOW] = "\033[33m", [PAINT_RED] = "\033[31m",
    [PAINT_GREY] = "\033[90m",
};

void screen_paint(const struct screen *screen, enum paint paint,
                  const char *text)
{
    bool painted = screen->colour && paint != PAINT_NONE;
    (void)fprintf(screen->out, "%s%s%s", painted ? paints[paint] : "", text,
                  painted ? "\033[0m" : "");
}

static int terminal_width(void)
{
    struct winsize size;
    if (ioctl(STDOUT_FILENO, TIOCGWINSZ, &size) == 0 && size.ws_col > 0) {
        return size.ws_col;
    }
    const char *columns = getenv("COLUMNS");
    long n = columns == NULL ? 0 : strtol(columns, NULL, 10);
    return n > 0 && n < 10000 ? (int)n : 80;
}

struct screen screen_standard(void)
{
    struct screen s = {.out = stdout, .terminal = isatty(STDOUT_FILENO) == 1};
    if (s.terminal) {
        const char *plain = getenv("NO_COLOR");
        const char *term = getenv("TERM");
        s.colour = (plain == NULL || plain[0] == '\0') && term != NULL &&
                   strcmp(term, "dumb") != 0;
        s.width = terminal_width();
    }
    return s;
}
