/* The shells' completions, written from the command table at build time:
 *
 *   gen_completion bash|zsh   prints it
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "proto/command.h"

enum {
    WORD_SIZE = 64
};

/* Of the command line's options those that take a word, as a pattern, and all
 * of them. */
#define WITH_A_WORD "--server|--account|--ca|--format|--lang|--key|--after"
#define OPTIONS                                              \
    "--server --account --ca --format --lang --key --after " \
    "--stdin --dot --bom --help --version"

/* -- what both shells understand ------------------------------------------- */

/* "ticket.file" is typed `ticket file`: its first word, and the rest. */
static const char *split(const struct command *c, char group[WORD_SIZE])
{
    size_t n = strcspn(c->name, ".");
    memcpy(group, c->name, n);
    group[n] = '\0';
    return c->name[n] == '.' ? c->name + n + 1 : NULL;
}

static bool group_is_new(int index, const char *group)
{
    for (int i = 0; i < index; i++) {
        char earlier[WORD_SIZE];
        split(command_at(i), earlier);
        if (strcmp(earlier, group) == 0) {
            return false;
        }
    }
    return true;
}

static void put_groups(FILE *out)
{
    for (int i = 0; i < CMD_COUNT; i++) {
        char group[WORD_SIZE];
        split(command_at(i), group);
        if (group_is_new(i, group)) {
            fprintf(out, " %s", group);
        }
    }
}

static void put_subcommands(FILE *out, const char *group)
{
    for (int i = 0; i < CMD_COUNT; i++) {
        char other[WORD_SIZE];
        const char *rest = split(command_at(i), other);
        if (rest != NULL && strcmp(group, other) == 0) {
            fprintf(out, " %s", rest);
        }
    }
}

static void put_group_cases(FILE *out)
{
    for (int i = 0; i < CMD_COUNT; i++) {
        char group[WORD_SIZE];
        const char *rest = split(command_at(i), group);
        if (rest != NULL && group_is_new(i, group)) {
            fprintf(out, "    %s) subs='", group);
            put_subcommands(out, group);
            fprintf(out, "' ;;\n");
        }
    }
}

static void put_name_cases(FILE *out)
{
    for (int i = 0; i < CMD_COUNT; i++) {
        const struct command *c = command_at(i);
        if (c->n_args > 0) {
            fprintf(out, "    %s) names='", c->name);
            for (int j = 0; j < c->n_args; j++) {
                if ((c->args[j].flags & ARG_ASKED) == 0) {
                    fprintf(out, " %s=", c->args[j].name);
                }
            }
            fprintf(out, "' ;;\n");
        }
    }
}

static void put_value_cases(FILE *out)
{
    for (int i = 0; i < CMD_COUNT; i++) {
        const struct command *c = command_at(i);
        for (int j = 0; j < c->n_args; j++) {
            const struct arg *arg = &c->args[j];
            const char *choices = arg->type == ARG_TYPE_CHOICE ? arg->choices
                                  : arg->type == ARG_TYPE_BOOL ? "true|false"
                                                               : NULL;
            if (choices != NULL) {
                fprintf(out, "    %s:%s) values='", c->name, arg->name);
                for (const char *at = choices; *at != '\0'; at++) {
                    fputc(*at == '|' ? ' ' : *at, out);
                }
                fprintf(out, "' ;;\n");
            }
        }
    }
}

/* The part that both shells understand: from the two words of a command and the
 * name before a "=", it sets subs, names and values. */
static void put_tables(FILE *out)
{
    fprintf(out, "_bihuan_tables() {\n"
                 "    local command=$1 sub=${2//-/_}\n"
                 "    case $1 in\n");
    put_group_cases(out);
    fprintf(out, "    esac\n"
                 "    if [[ -n $sub && \" $subs \" == *\" $sub \"* ]]; then "
                 "command=$1.$sub; fi\n"
                 "    case $command in\n");
    put_name_cases(out);
    fprintf(out, "    esac\n"
                 "    case $command:$3 in\n");
    put_value_cases(out);
    fprintf(out, "    esac\n"
                 "}\n\n");
}

static void put_lines(FILE *out, const char *const *lines, size_t n)
{
    for (size_t i = 0; i < n; i++) {
        fprintf(out, "%s\n", lines[i]);
    }
}

#define PUT_LINES(out, lines) \
    put_lines(out, lines, sizeof(lines) / sizeof(lines)[0])

/* The head of the function: up to where the shells differ. */
static void put_begin(FILE *out)
{
    fprintf(out, "_bihuan() {\n"
                 "    local groups='");
    put_groups(out);
    fprintf(out, " help completion'\n"
                 "    local subs= names= values= word cur n=0 skip=\n");
}

static const char option_waits[] = "        " WITH_A_WORD ") skip=$word ;;";
static const char option_names[] = "    :-*) values='" OPTIONS "' ;;";

/* Which of the words before the cursor are a command's; `skip` is an option
 * that waits for its word. */
static const char *const sort_words[] = {
    "        if [[ -n $skip ]]; then skip=; continue; fi",
    "        case $word in",
    option_waits,
    "        -*) ;;",
    "        *) typed+=(\"$word\") ;;",
    "        esac",
    "    done",
    "    case $skip:$cur in",
    "    --format:*) values='table json csv' ;;",
    "    --lang:*) values='zh en' ;;",
};

/* -- bash ------------------------------------------------------------------ */

static const char *const bash_words[] = {
    "    local line=${COMP_LINE:0:COMP_POINT}",
    "    local -a all typed=()",
    "    read -ra all <<<\"$line\"",
    "    [[ $line == *[[:space:]] ]] && all+=('')",
    "    cur=${all[${#all[@]}-1]}",
    "    for word in \"${all[@]:1:${#all[@]}-2}\"; do",
};

static const char *const bash_options[] = {
    "    --*:*) return ;;",
    option_names,
    "    esac",
    "    if [[ -n $values ]]; then",
    "        COMPREPLY=($(compgen -W \"$values\" -- \"$cur\"))",
    "        return",
    "    fi",
};

static const char *const bash_offers[] = {
    "    if [[ ${typed[0]-} == help ]]; then typed=(\"${typed[@]:1}\"); fi",
    "    if [[ ${typed[0]-} == completion ]]; then subs='bash zsh'; fi",
    "    n=${#typed[@]}",
    "    _bihuan_tables \"${typed[0]-}\" \"${typed[1]-}\" \"${cur%%=*}\"",
    "    if [[ $n -eq 0 ]]; then",
    "        COMPREPLY=($(compgen -W \"$groups\" -- \"$cur\"))",
    "    elif [[ -n $subs && $n -eq 1 ]]; then",
    "        COMPREPLY=($(compgen -W \"$subs $names\" -- \"$cur\"))",
    "    elif [[ $cur == *=* ]]; then",
    "        COMPREPLY=($(compgen -W \"$values\" -- \"${cur#*=}\"))",
    "        if [[ $COMP_WORDBREAKS != *=* ]]; then",
    "            COMPREPLY=(\"${COMPREPLY[@]/#/${cur%%=*}=}\")",
    "        fi",
    "    else",
    "        compopt -o nospace 2>/dev/null",
    "        COMPREPLY=($(compgen -W \"$names\" -- \"$cur\"))",
    "    fi",
    "}",
    "",
    "complete -o default -F _bihuan bihuan",
};

static void put_bash(FILE *out)
{
    fprintf(out, "# Completion of bihuan for bash; generated from the command "
                 "table.\n");
    put_tables(out);
    put_begin(out);
    PUT_LINES(out, bash_words);
    PUT_LINES(out, sort_words);
    PUT_LINES(out, bash_options);
    PUT_LINES(out, bash_offers);
}

/* -- zsh ------------------------------------------------------------------- */

static const char *const zsh_words[] = {
    "    local -a typed",
    "    cur=${words[CURRENT]}",
    "    for word in \"${(@)words[2,CURRENT-1]}\"; do",
};

static const char *const zsh_options[] = {
    "    --ca:*) _files; return ;;",
    "    --*:*) return 1 ;;",
    option_names,
    "    esac",
    "    if [[ -n $values ]]; then",
    "        compadd -- ${=values}",
    "        return",
    "    fi",
};

/* A name before a "=" stays while its value is completed; what has no choices
 * may be a file. */
static const char *const zsh_offers[] = {
    "    if [[ ${typed[1]-} == help ]]; then shift typed; fi",
    "    if [[ ${typed[1]-} == completion ]]; then subs='bash zsh'; fi",
    "    n=${#typed}",
    "    _bihuan_tables \"${typed[1]-}\" \"${typed[2]-}\" \"${cur%%=*}\"",
    "    if [[ $n -eq 0 ]]; then",
    "        compadd -- ${=groups}",
    "    elif [[ $cur == *=* ]]; then",
    "        compset -P 1 '*='",
    "        if [[ -n $values ]]; then compadd -- ${=values}; else _files; fi",
    "    elif [[ -n $subs && $n -eq 1 ]]; then",
    "        compadd -- ${=subs}",
    "        compadd -S '' -- ${=names}",
    "    else",
    "        compadd -S '' -- ${=names} || _files",
    "    fi",
    "}",
    "",
    "# Found by compinit it is being called; read in by hand it is announced.",
    "if [[ ${funcstack[1]-} == _bihuan ]]; then",
    "    _bihuan \"$@\"",
    "else",
    "    compdef _bihuan bihuan",
    "fi",
};

static void put_zsh(FILE *out)
{
    fprintf(out, "#compdef bihuan\n"
                 "# Completion of bihuan for zsh; generated from the command "
                 "table.\n");
    put_tables(out);
    put_begin(out);
    PUT_LINES(out, zsh_words);
    PUT_LINES(out, sort_words);
    PUT_LINES(out, zsh_options);
    PUT_LINES(out, zsh_offers);
}

int main(int argc, char **argv)
{
    if (argc == 2 && strcmp(argv[1], "bash") == 0) {
        put_bash(stdout);
    } else if (argc == 2 && strcmp(argv[1], "zsh") == 0) {
        put_zsh(stdout);
    } else {
        fprintf(stderr, "usage: gen_completion bash|zsh\n");
        return 2;
    }
    return fflush(stdout) == 0 ? EXIT_SUCCESS : EXIT_FAILURE;
}
