/* What a value should have looked like, in words for a person: for refusals,
 * help and OpenRPC alike. */
#include <inttypes.h>
#include <stdio.h>

#include "proto/command.h"

enum {
    SIZE = PROBLEM_TEXT_SIZE
};

static const char instant_form[] = "an instant like 2026-11-20T16:00:00+08:00 "
                                   "(without an offset +08:00 is meant)";

/* The forms that do not depend on the row. */
static const char *const forms[] = {
    [ARG_TYPE_CREDIT] =
        "a unified social credit code: 18 of 0-9 A-Z, no I O S V Z",
    [ARG_TYPE_TICKET] = "a ticket number like 20261120-001, or ref:...",
    [ARG_TYPE_MEETING] = "a meeting's number, or ref:...",
    [ARG_TYPE_BOOL] = "true or false",
    [ARG_TYPE_INSTANT] = instant_form,
    [ARG_TYPE_LIMIT] = "a limit like 5wd, 2wh, 30wmin, 3d, 24h, 90min",
    [ARG_TYPE_JSON] = "an object",
};

void arg_expected(const struct arg *arg, char out[PROBLEM_TEXT_SIZE])
{
    switch (arg->type) {
    case ARG_TYPE_TEXT:
        snprintf(out, SIZE,
                 arg->high > TITLE_BYTES_MAX
                     ? "a text of %" PRId64 " to %" PRId64
                       " bytes, without control characters but \\n and \\t or "
                       "what turns writing around"
                     : "a text of %" PRId64 " to %" PRId64
                       " bytes on one line, without invisible characters",
                 arg->low, arg->high);
        break;
    case ARG_TYPE_CODE:
        snprintf(out, SIZE,
                 "a code: 1 to %d bytes of letters, digits, Han, '_', '-', '.'",
                 CODE_SIZE - 1);
        break;
    case ARG_TYPE_REF:
        snprintf(out, SIZE, "an outside reference: 1 to %d visible bytes",
                 REF_SIZE - 1);
        break;
    case ARG_TYPE_INT:
        snprintf(out, SIZE, "an integer from %" PRId64 " to %" PRId64, arg->low,
                 arg->high);
        break;
    case ARG_TYPE_CHOICE:
        snprintf(out, SIZE, "one of %s", arg->choices);
        break;
    case ARG_TYPE_CREDIT:
    case ARG_TYPE_TICKET:
    case ARG_TYPE_MEETING:
    case ARG_TYPE_BOOL:
    case ARG_TYPE_INSTANT:
    case ARG_TYPE_LIMIT:
    case ARG_TYPE_JSON:
        snprintf(out, SIZE, "%s", forms[arg->type]);
        break;
    }
}
