/* Where output goes, and what may be done there: colours and cutting to a width
 * on a terminal only. */
#ifndef BIHUAN_CLIENT_CLI_SHOW_SCREEN_H
#define BIHUAN_CLIENT_CLI_SHOW_SCREEN_H

#include <stdbool.h>
#include <stdio.h>

enum paint {
    PAINT_NONE,
    PAINT_GREEN,
    PAINT_YELLOW,
    PAINT_RED,
    PAINT_GREY
};

/* Where it is printed. width 0: as wide as it is. */
struct screen {
    FILE *out;
    bool terminal;
    bool colour;
    int width;
};

/* Standard output as it is: a terminal's width (or COLUMNS), colour unless
 * NO_COLOR is set or TERM is dumb. */
struct screen screen_standard(void);

/* `text` in this colour, if there is colour. */
void screen_paint(const struct screen *screen, enum paint paint,
                  const char *text);

#endif
