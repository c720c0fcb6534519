/* The one way of a READ or WRITE command: call, print, say how to go on. */
#include "client/cli/server/server.h"

#include <stdlib.h>
#include <string.h>

#include "client/cli/language/lang.h"
#include "client/cli/paper/paper.h"
#include "client/cli/server/credential.h"
#include "client/cli/server/server_name.h"
#include "client/cli/show/cell.h"
#include "client/cli/show/faults.h"
#include "client/cli/show/render.h"
#include "client/cli/show/width.h"

/* Tells what is wrong before a server was asked. */
static enum exit_status not_sent(const struct problem *p)
{
    complain(stderr, p);
    return p->err == ERR_BAD_PARAM ? EXIT_USAGE : EXIT_REFUSED;
}

static enum exit_status open_as(const struct options *options,
                                const struct login *login, struct bihuan **ret)
{
    char name[SERVER_SIZE];
    struct bihuan_error error;
    struct bihuan_options how = {
        .token = login->token[0] == '\0' ? NULL : login->token,
        .ca_file = options->ca};
    enum bihuan_status status =
        bihuan_open_with(server_name(options, name), &how, ret, &error);
    if (status != BIHUAN_DONE) {
        complain_error(stderr, &error);
    }
    complain_know_login(login->account, login->token[0] != '\0');
    return (enum exit_status)status;
}

enum exit_status server_open(const struct options *options, struct bihuan **ret)
{
    struct login login;
    struct problem p;
    enum exit_status status = credential_find(options, &login, &p) == OK
                                  ? open_as(options, &login, ret)
                                  : not_sent(&p);
    login_forget(&login);
    return status;
}

/* -- one command's connection ---------------------------------------------- */

/* Who logs in needs no log-in: one that cannot be read must not be in the way.
 */
static enum exit_status open_for(const struct run_context *context,
                                 struct session *session)
{
    const struct options *options = context->options;
    struct login login = {.server = ""};
    struct problem p;
    if ((context->command->roles & COMMAND_OPEN) == 0 &&
        credential_find(options, &login, &p) != OK) {
        return not_sent(&p);
    }
    enum exit_status status = open_as(options, &login, &session->b);
    (void)snprintf(session->account, sizeof session->account, "%s",
                   login.account);
    login_forget(&login);
    return status;
}

struct session *session_begin(const struct run_context *context,
                              struct session *once, enum exit_status *status)
{
    struct session *session =
        context->session == NULL ? once : context->session;
    *status = EXIT_DONE;
    if (session->b == NULL) {
        *status = open_for(context, session);
    }
    return *status == EXIT_DONE ? session : NULL;
}

void session_end(struct session *session, const struct session *once,
                 enum exit_status status)
{
    if (session == once || status == EXIT_NO_CONNECTION) {
        bihuan_close(session->b);
        session->b = NULL;
    }
}

enum exit_status server_ask(struct bihuan *b, const struct bihuan_request *ask,
                            const json_t *params, json_t **ret,
                            struct bihuan_error *error)
{
    struct bihuan_request whole = *ask;
    struct bihuan_reply reply;
    char *text = params == NULL ? NULL : json_dumps(params, JSON_COMPACT);
    whole.params = text;
    enum bihuan_status status = bihuan_call(b, &whole, &reply);
    *ret = NULL;
    *error = reply.error;
    if (status == BIHUAN_DONE) {
        *ret =
            json_loadb(reply.result, reply.result_len, JSON_DECODE_ANY, NULL);
        status = *ret == NULL ? BIHUAN_REFUSED : status;
    }
    bihuan_reply_done(&reply);
    json_give_back(text);
    return (enum exit_status)status;
}

/* -- printing ---------------------------------------------------------------
 */

void result_print(const struct run_context *context, const char *text,
                  json_t *result)
{
    const struct screen *screen = &context->screen;
    switch (context->options->format) {
    case FORMAT_TABLE:
        if (!paper_print(context->command, result, screen)) {
            render_table(result, screen);
        }
        break;
    case FORMAT_JSON:
        render_json(text, result, screen);
        break;
    case FORMAT_CSV:
        (void)fputs(context->options->bom ? "\xEF\xBB\xBF" : "", screen->out);
        render_csv(result, screen);
        break;
    }
}

/* What may be told to be typed: a server that means harm would have its own
 * words between the quotes' end and the next. */
static bool can_be_typed(const char *text)
{
    char *clean = text_clean(text, false);
    bool can = strchr(text, '\'') == NULL && strcmp(clean, text) == 0;
    free(clean);
    return can;
}

static bool instant_told(const char *text)
{
    return text[strspn(text, "0123456789-+:T")] == '\0';
}

/* The mark goes into single quotes: it may hold anything but those. All pages
 * of a report are of one instant, as known at one number. */
static void hint_next(const struct run_context *context, json_t *result)
{
    const char *mark = render_next(result);
    const char *at = json_string_value(json_object_get(result, "at"));
    json_t *known = json_object_get(result, "known");
    bool report = at != NULL && json_is_integer(known);
    if (mark == NULL || context->options->format == FORMAT_JSON ||
        !can_be_typed(mark) || (report && !instant_told(at))) {
        return;
    }
    (void)fflush(context->screen.out);
    (void)fprintf(stderr, "%s%s", tr("next page"), either("：", ": "));
    if (report) {
        (void)fprintf(stderr, "at=%s known=%" JSON_INTEGER_FORMAT " ", at,
                      json_integer_value(known));
    }
    (void)fprintf(stderr, "after='%s'\n", mark);
}

/* Some commands work a stride at a time and are to be called until they say
 * done; a key is kept only with that last answer. */
static bool asks_again(json_t *result)
{
    return json_is_false(json_object_get(result, "done"));
}

/* One command on its way: the parameters change from stride to stride and from
 * page to page. */
struct visit {
    const struct run_context *context;
    struct bihuan *b;
    json_t *params;
    bool whole; /* every page, not the first alone */
    bool later; /* a page after the first */
    bool again; /* to be called once more */
};

/* Rows of one page when all are wanted: well inside a reply's bounds. */
enum {
    WHOLE_PAGE = 200
};

static bool takes(const struct command *command, const char *name)
{
    for (int i = 0; i < command->n_args; i++) {
        if (strcmp(command->args[i].name, name) == 0) {
            return true;
        }
    }
    return false;
}

/* Who asks for CSV wants the list, not a page of it, unless he says how much.
 */
static bool wants_whole(const struct run_context *context)
{
    return context->options->format == FORMAT_CSV &&
           takes(context->command, "limit") &&
           takes(context->command, "after") &&
           json_object_get(context->params, "limit") == NULL &&
           json_object_get(context->params, "after") == NULL;
}

static void print_page(const struct visit *v, const char *text, json_t *result)
{
    if (v->later) {
        render_csv_more(result, &v->context->screen);
    } else {
        result_print(v->context, text, result);
    }
}

/* All pages of a report are of the first one's instant and number. */
static void ask_next_page(struct visit *v, json_t *result)
{
    static const char *const kept[] = {"at", "known"};
    (void)json_object_set_new(v->params, "after",
                              json_string(render_next(result)));
    for (size_t i = 0; i < sizeof kept / sizeof *kept; i++) {
        json_t *value = json_object_get(result, kept[i]);
        if (value != NULL && takes(v->context->command, kept[i])) {
            (void)json_object_set(v->params, kept[i], value);
        }
    }
    v->later = true;
    v->again = true;
}

/* A page that leads to itself would be asked for for ever. */
static bool leads_on(const struct visit *v, json_t *result)
{
    const char *mark = render_next(result);
    const char *asked = json_string_value(json_object_get(v->params, "after"));
    return mark != NULL && (asked == NULL || strcmp(mark, asked) != 0);
}

static void print_result(struct visit *v, const char *text, json_t *result)
{
    if (asks_again(result)) {
        v->again = true;
        return;
    }
    json_object_del(result, "done"); /* people see that it is */
    print_page(v, text, result);
    if (v->whole && leads_on(v, result)) {
        ask_next_page(v, result);
    } else {
        hint_next(v->context, result);
    }
}

static enum exit_status print_reply(struct visit *v,
                                    const struct bihuan_reply *reply)
{
    json_error_t error;
    json_t *result =
        json_loadb(reply->result, reply->result_len, JSON_DECODE_ANY, &error);
    if (result == NULL) {
        (void)fprintf(stderr, "bihuan: %s\n", error.text);
        return EXIT_REFUSED;
    }
    print_result(v, reply->result, result);
    json_decref(result);
    return EXIT_DONE;
}

static void refusal(const struct run_context *context,
                    const struct bihuan_error *error)
{
    bool regulation = command_index(context->command) == CMD_regulation_add &&
                      strcmp(error->name, "bad_regulation") == 0;
    if (!regulation || !faults_tell(stderr, context->params)) {
        complain_call(stderr, error, context->command, context->params);
    }
}

static enum exit_status call(struct visit *v)
{
    const struct run_context *context = v->context;
    char *params = json_dumps(v->params, JSON_COMPACT);
    if (params == NULL) {
        return EXIT_REFUSED;
    }
    struct bihuan_request ask = {.method = context->command->name,
                                 .params = params,
                                 .key = context->options->key,
                                 .after = context->options->after};
    struct bihuan_reply reply;
    enum bihuan_status status = bihuan_call(v->b, &ask, &reply);
    enum exit_status ret = (enum exit_status)status;
    if (status == BIHUAN_DONE) {
        ret = print_reply(v, &reply);
    } else {
        refusal(context, &reply.error);
    }
    bihuan_reply_done(&reply);
    json_give_back(params);
    return ret;
}

/* All its strides and pages, over a connection that stands. */
static enum exit_status run_visit(struct visit *v)
{
    const struct run_context *context = v->context;
    enum exit_status status;
    v->params = json_deep_copy(context->params);
    if (v->whole) {
        (void)json_object_set_new(v->params, "limit", json_integer(WHOLE_PAGE));
    }
    do {
        v->again = false;
        status = call(v);
    } while (v->again);
    json_decref(v->params);
    return status;
}

enum exit_status server_run(const struct run_context *context)
{
    struct session once = {.b = NULL};
    enum exit_status status;
    struct session *session = session_begin(context, &once, &status);
    if (session == NULL) {
        return status;
    }
    struct visit v = {
        .context = context, .b = session->b, .whole = wants_whole(context)};
    status = run_visit(&v);
    session_end(session, &once, status);
    return status;
}
