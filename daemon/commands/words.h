/* Words on the wire: those of stored numbers, NULL for one that is none, and
 * people's names for the codes of the regulation. Such names are data, not
 * ours: a result with codes carries them in its member
 *     "words": {"category": {"consult": ["政策咨询", "policy advice"]}}
 * Chinese and English, by the set of codes. */
#ifndef BIHUAN_DAEMON_COMMANDS_WORDS_H
#define BIHUAN_DAEMON_COMMANDS_WORDS_H

#include "daemon/commands/call.h"

/* Of enum step_does and enum verdict; NULL for a number that is none. */
const char *word_does(int64_t does);
const char *word_verdict(int64_t verdict);

/* Adds to c->result the names of a code of `set`: "category", "urgency" or
 * "channel". Nothing happens if `reg` does not have it. */
void words_add(struct call *c, const struct regulation *reg, const char *set,
               const char *code);

/* The same for a code of which the regulation is not told: by the one in force
 * at `at`, else by any that has it, among those known at a journal number. */
enum err words_find(struct call *c, const char *set, const char *code,
                    instant at, int64_t known);

/* Whether any version of the regulation has the code. */
bool words_known(const struct call *c, const char *set, const char *code);
/* "a code of the regulation in force: land|labour|...", as many as there is
 * room for. */
void words_expected(const struct regulation *reg, const char *set,
                    char out[PROBLEM_TEXT_SIZE]);

#endif
