/* What is written from the command table at build time:
 *
 *   gen_docs protocol|openrpc   prints it
 *   gen_docs --check FILE       exit 1 if a marked part of FILE (a Markdown
 *                               page) is stale
 *   gen_docs --write FILE       brings the marked parts up to date
 *
 * A marked part stands between a line <!-- generated: NAME --> and the next
 * line <!-- generated end -->; the names are `errors` and `commands`. */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "proto/message.h"
#include "proto/openrpc.h"

enum {
    FILE_BYTES_MAX = 1024 * 1024
};

/* -- the parts of docs/protocol.md ----------------------------------------- */

static void put_errors(FILE *out)
{
    fprintf(out, "\n| name | code | meaning |\n|---|---|---|\n");
    for (int i = OK + 1; i < ERR_COUNT; i++) {
        enum err err = (enum err)i;
        fprintf(out, "| `%s` | %d | %s |\n", err_name(err), err_code(err),
                err_text(err));
    }
    fprintf(out, "\n");
}

static const char *type_name(enum arg_type type)
{
    static const char *const names[] = {
        [ARG_TYPE_TEXT] = "text",       [ARG_TYPE_CODE] = "code",
        [ARG_TYPE_CREDIT] = "credit",   [ARG_TYPE_REF] = "ref",
        [ARG_TYPE_TICKET] = "ticket",   [ARG_TYPE_MEETING] = "meeting",
        [ARG_TYPE_INT] = "integer",     [ARG_TYPE_BOOL] = "boolean",
        [ARG_TYPE_INSTANT] = "instant", [ARG_TYPE_LIMIT] = "limit",
        [ARG_TYPE_CHOICE] = "choice",   [ARG_TYPE_JSON] = "object"};
    return names[type];
}

/* "a|b" would end a cell of the table. */
static void put_choices(FILE *out, const char *choices)
{
    for (const char *at = choices;;) {
        size_t n = strcspn(at, "|");
        fprintf(out, "%s`%.*s`", at == choices ? "" : ", ", (int)n, at);
        if (at[n] == '\0') {
            return;
        }
        at += n + 1;
    }
}

static void put_type(FILE *out, const struct arg *arg)
{
    fprintf(out, "%s", type_name(arg->type));
    if (arg->type == ARG_TYPE_TEXT) {
        fprintf(out, ", %" PRId64 " to %" PRId64 " bytes", arg->low, arg->high);
    } else if (arg->type == ARG_TYPE_INT && arg->high == INT64_MAX) {
        fprintf(out, ", from %" PRId64, arg->low);
    } else if (arg->type == ARG_TYPE_INT) {
        fprintf(out, ", %" PRId64 " to %" PRId64, arg->low, arg->high);
    } else if (arg->type == ARG_TYPE_CHOICE) {
        fprintf(out, ": ");
        put_choices(out, arg->choices);
    }
}

static void put_roles(FILE *out, const struct command *c)
{
    const char *comma = "";
    if ((c->roles & COMMAND_OPEN) != 0) {
        fprintf(out, "anyone, without a log-in");
        return;
    }
    if ((c->roles & COMMAND_PERSON) != 0) {
        fprintf(out, "whoever is logged in");
        return;
    }
    for (int i = 0; i < ROLE_COUNT; i++) {
        if ((c->roles & ROLE_BIT(i)) != 0) {
            fprintf(out, "%s%s", comma, role_name((enum role)i));
            comma = ", ";
        }
    }
}

static void put_command(FILE *out, const struct command *c)
{
    static const char *const effects[] = {[EFFECT_READ] = "read",
                                          [EFFECT_WRITE] = "write",
                                          [EFFECT_LOCAL] = "local"};
    fprintf(out, "\n#### `%s` %s\n\n%s *%s; by: ", c->name, c->zh, c->en,
            effects[c->effect]);
    put_roles(out, c);
    fprintf(out, ".*\n");
    if (c->n_args > 0) {
        fprintf(out, "\n| parameter | | type | meaning |\n|---|---|---|---|\n");
    }
    for (int i = 0; i < c->n_args; i++) {
        const struct arg *arg = &c->args[i];
        fprintf(out, "| `%s` | %s | ", arg->name,
                (arg->flags & ARG_REQUIRED) != 0 ? "required" : "");
        put_type(out, arg);
        fprintf(out, " | %s (%s) |\n", arg->en, arg->zh);
    }
}

static void put_commands(FILE *out)
{
    for (int i = 0; i < CMD_COUNT; i++) {
        put_command(out, command_at(i));
    }
    fprintf(out, "\n");
}

static void put_openrpc(FILE *out)
{
    json_t *document = openrpc_document();
    json_dumpf(document, out, JSON_INDENT(2));
    fprintf(out, "\n");
    json_decref(document);
}

/* -- a page with marked parts ---------------------------------------------- */

struct part {
    const char *name;
    void (*put)(FILE *out);
};

static const struct part parts[] = {{"errors", put_errors},
                                    {"commands", put_commands}};
static const struct part whole[] = {{"protocol", put_commands},
                                    {"openrpc", put_openrpc}};
static const char marker[] = "<!-- generated: ";
static const char marker_end[] = "<!-- generated end -->";

static const struct part *part_of(const char *line, const struct part *list,
                                  size_t n)
{
    for (size_t i = 0; i < n; i++) {
        if (strncmp(line, list[i].name, strlen(list[i].name)) == 0) {
            return &list[i];
        }
    }
    return NULL;
}

/* Copies the page with its parts made anew; how many there were. */
static int renew(const char *page, FILE *out)
{
    int n = 0;
    bool inside = false;
    for (const char *line = page; *line != '\0';) {
        const char *end = strchr(line, '\n');
        size_t len = end == NULL ? strlen(line) : (size_t)(end - line) + 1;
        const struct part *part =
            strncmp(line, marker, sizeof marker - 1) == 0
                ? part_of(line + sizeof marker - 1, parts, 2)
                : NULL;
        inside =
            inside && strncmp(line, marker_end, sizeof marker_end - 1) != 0;
        if (!inside) {
            fwrite(line, 1, len, out);
        }
        if (part != NULL) {
            part->put(out);
            inside = true;
            n++;
        }
        line += len;
    }
    return n;
}

static char *read_page(const char *path)
{
    FILE *file = fopen(path, "rb");
    char *page = file == NULL ? NULL : calloc(1, FILE_BYTES_MAX);
    if (page == NULL || fread(page, 1, FILE_BYTES_MAX - 1, file) == 0) {
        perror(path);
        free(page);
        page = NULL;
    }
    if (file != NULL) {
        fclose(file);
    }
    return page;
}

static int write_page(const char *path, const char *text, size_t len)
{
    FILE *file = fopen(path, "wb");
    bool done = file != NULL && fwrite(text, 1, len, file) == len;
    if (file == NULL || fclose(file) != 0 || !done) {
        perror(path);
        return EXIT_FAILURE;
    }
    return EXIT_SUCCESS;
}

static int do_page(const char *path, bool write)
{
    char *page = read_page(path);
    char *text = NULL;
    size_t len = 0;
    FILE *out = page == NULL ? NULL : open_memstream(&text, &len);
    int status = EXIT_FAILURE;
    if (out != NULL) {
        int n = renew(page, out);
        fclose(out);
        if (n == 0) {
            fprintf(stderr, "%s: no marked part\n", path);
        } else if (write) {
            status = write_page(path, text, len);
        } else if (strcmp(page, text) == 0) {
            status = EXIT_SUCCESS;
        } else {
            fprintf(stderr, "%s is stale: run gen_docs --write %s\n", path,
                    path);
        }
    }
    free(text);
    free(page);
    return status;
}

int main(int argc, char **argv)
{
    const struct part *part =
        argc == 2 ? part_of(argv[1], whole, sizeof whole / sizeof whole[0])
                  : NULL;
    message_setup();
    if (part != NULL) {
        part->put(stdout);
        return fflush(stdout) == 0 ? EXIT_SUCCESS : EXIT_FAILURE;
    }
    if (argc == 3 &&
        (strcmp(argv[1], "--check") == 0 || strcmp(argv[1], "--write") == 0)) {
        return do_page(argv[2], strcmp(argv[1], "--write") == 0);
    }
    fprintf(stderr, "usage: gen_docs protocol|openrpc\n"
                    "       gen_docs --check|--write FILE\n");
    return 2;
}
