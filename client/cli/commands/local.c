/* Every LOCAL row of commands.def must stand here: a test walks the table. */
#include "client/cli/commands/local.h"

#include "client/cli/show/cell.h"

enum exit_status (*local_find(const struct command *command))(
    const struct run_context *context)
{
    switch (command_index(command)) {
    case CMD_deadline_due:
        return local_deadline_due;
    case CMD_deadline_explain:
        return local_deadline_explain;
    case CMD_lifecycle:
        return local_lifecycle;
    case CMD_verify:
        return local_verify;
    case CMD_import_file:
        return local_import;
    case CMD_registry_import:
        return local_registry_import;
    case CMD_attachment_add:
        return local_attachment_add;
    case CMD_attachment_get:
        return local_attachment_get;
    case CMD_shell:
        return local_shell;
    case CMD_login:
        return local_login;
    case CMD_logout:
        return local_logout;
    case CMD_passwd:
        return local_passwd;
    case CMD_totp_begin:
        return local_totp_begin;
    case CMD_totp_confirm:
        return local_totp_confirm;
    default:
        return NULL;
    }
}

const char *local_text(const struct run_context *context, const char *name)
{
    return json_string_value(json_object_get(context->params, name));
}

enum exit_status local_print(const struct run_context *context, json_t *result)
{
    char *text = result == NULL ? NULL : json_dumps(result, JSON_COMPACT);
    if (text == NULL) {
        struct problem p;
        (void)problem_set(&p, ERR_NO_MEMORY, "", "", "");
        complain(stderr, &p);
        return EXIT_REFUSED;
    }
    result_print(context, text, result);
    json_give_back(text);
    return EXIT_DONE;
}
