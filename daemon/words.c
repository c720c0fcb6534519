/* Words on the wire: see words.h. They are the regulation's own for steps. */
#include "daemon/words.h"

#include <stddef.h>

#include "core/regulation.h"
#include "core/ticket.h"

const char *word_does(int64_t does)
{
    static const char *const words[STEP_DOES_COUNT] = {
        [STEP_TELL_HANDLER] = "tell_handler",
        [STEP_URGE] = "urge",
        [STEP_TELL_SUPERVISOR] = "tell_supervisor",
        [STEP_SUPERVISE] = "supervise",
        [STEP_AGENDA] = "agenda",
    };
    return does >= 0 && does < STEP_DOES_COUNT ? words[does] : NULL;
}

const char *word_verdict(int64_t verdict)
{
    static const char *const words[] = {
        [VERDICT_OPEN] = "open",
        [VERDICT_KEPT] = "kept",
        [VERDICT_LATE] = "late",
        [VERDICT_VOID] = "void",
    };
    return verdict >= 0 && verdict <= VERDICT_VOID ? words[verdict] : NULL;
}
