/* Webhooks: where notices go outside, and how their delivery stands. What signs
 * and the query of an address are credentials: kept apart, in no record, shown
 * to nobody. */
#include <string.h>

#include "daemon/commands/page.h"
#include "daemon/commands/registry/registry_put.h"
#include "daemon/commands/result.h"
#include "daemon/gate/policy.h"
#include "daemon/notify/reach.h"
#include "daemon/store/outbox.h"

#define COUNT(cells) ((int)(sizeof(cells) / sizeof(cells)[0]))

static const char *const kinds[HOOK_KIND_COUNT] = {"json", "wecom", "dingtalk",
                                                   "sms"};
static const char *const states[OUTBOX_STATE_COUNT] = {"waiting", "done",
                                                       "failed"};

static enum err answer(struct call *c, const char *code)
{
    c->result = json_object();
    json_object_set_new(c->result, "code", json_string(code));
    return OK;
}

/* -- hook.add, hook.end ------------------------------------------------------
 */

static enum err hook_by_code(struct call *c, const char *param, int64_t *ret)
{
    struct cell bind = cell_text("", arg_text(c, param));
    return rows_number(c->store, STMT_HOOK_BY_CODE, &bind, 1, 0, ret);
}

static enum err named_hook(struct call *c, const char *param, int64_t *ret)
{
    enum err err = hook_by_code(c, param, ret);
    return err == OK && *ret == 0 ? refuse(c, ERR_NOT_FOUND, param, "", "")
                                  : err;
}

/* What the address says by itself; its name is judged when it is called. */
static enum err check_url(struct call *c)
{
    enum reach reach = REACH_NEVER;
    if (!reach_of_url(arg_text(c, "url"), &reach)) {
        return refuse(c, ERR_BAD_PARAM, "url",
                      "http:// or https:// with a host, without user or blank",
                      "");
    }
    if (reach == REACH_NEVER) {
        return refuse(c, ERR_BAD_PARAM, "url", "an address others may have",
                      "no webhook may be there");
    }
    if (reach == REACH_INSIDE &&
        (c->policy == NULL || !c->policy->hooks_inside)) {
        return refuse(c, ERR_BAD_PARAM, "url",
                      "an address outside, or notify.private = yes",
                      "it is of this machine or its own network");
    }
    return OK;
}

static enum err check_new(struct call *c, register_id *ret_target)
{
    int64_t there = 0;
    int64_t alive = 0;
    struct entry entry = {.id = 0};
    enum err err = check_url(c);
    if (err == OK) {
        err = hook_by_code(c, "code", &there);
    }
    if (err == OK && there != 0) {
        return refuse(c, ERR_EXISTS, "code", "a code not in use",
                      arg_text(c, "code"));
    }
    if (err == OK) {
        err = rows_number(c->store, STMT_HOOKS_ALIVE, NULL, 0, 0, &alive);
    }
    if (err == OK && alive >= HOOKS_MAX) {
        return refuse(c, ERR_LIMIT, "code", "at most 64 webhooks", "");
    }
    if (err == OK && arg(c, "to")->given) {
        err = registry_any(c->store, arg_text(c, "to"), &entry);
        if (err == ERR_NOT_FOUND || entry.kind == REGISTER_CHAIN) {
            return refuse(c, ERR_NOT_FOUND, "to", "a unit or a person", "");
        }
    }
    *ret_target = entry.id;
    return err;
}

static enum err put_hook(struct call *c, int64_t id, const char *url,
                         register_id target)
{
    struct cell cells[] = {
        cell_int("id", id),
        cell_text("code", arg_text(c, "code")),
        cell_int("kind", arg(c, "kind")->number),
        cell_text("url", url),
        cell_int("target", target),
        cell_int("from_at", c->at),
        cell_int("from_seq", c->seq),
        cell_null("to_at"),
        cell_null("to_seq"),
    };
    return store_put(c->store, TABLE_HOOK, cells, COUNT(cells));
}

enum err cmd_hook_add(struct call *c)
{
    register_id target = 0;
    enum err err = check_new(c, &target);
    if (err != OK) {
        return err;
    }
    char url[HOOK_URL_SIZE];
    const char *given = arg_text(c, "url");
    const char *query = strchr(given, '?');
    size_t len = query == NULL ? strlen(given) : (size_t)(query - given);
    snprintf(url, sizeof url, "%.*s", (int)len, given);
    int64_t id = store_next_id(c->store, TABLE_HOOK);
    err = put_hook(c, id, url, target);
    if (err == OK) {
        err = hook_secret_set(c->store, id, arg_text(c, "secret"), query);
    }
    return err == OK ? answer(c, arg_text(c, "code")) : err;
}

enum err cmd_hook_end(struct call *c)
{
    int64_t id = 0;
    enum err err = named_hook(c, "code", &id);
    if (err != OK) {
        return err;
    }
    struct cell cells[] = {cell_int("id", id), cell_int("to_at", c->at),
                           cell_int("to_seq", c->seq)};
    err = store_put(c->store, TABLE_HOOK, cells, COUNT(cells));
    if (err == OK) {
        err = hook_secret_drop(c->store, id);
    }
    if (err == OK) {
        err = outbox_stop(c->store, id, "its webhook has ended");
    }
    return err == OK ? answer(c, arg_text(c, "code")) : err;
}

/* -- lists -------------------------------------------------------------------
 */

static void row_flag(json_t *row, bool flag)
{
    json_array_append_new(row, json_boolean(flag));
}

static void row_text_of(json_t *row, const struct rows *r, int column)
{
    row_text(row, rows_null(r, column) ? NULL : rows_text(r, column));
}

static void row_hook(json_t *row, const struct rows *r)
{
    char url[HOOK_URL_SIZE + 8];
    bool waits = !rows_null(r, 10);
    snprintf(url, sizeof url, "%s%s", rows_text(r, 2),
             rows_int(r, 3) != 0 ? "?..." : "");
    row_text(row, rows_text(r, 0));
    row_text(row, kinds[rows_enum(r, 1, HOOK_KIND_COUNT)]);
    row_text(row, url);
    row_flag(row, rows_int(r, 4) != 0);
    row_text_of(row, r, 5);
    row_instant(row, rows_int(r, 6));
    row_int(row, rows_int(r, 7));
    row_int(row, rows_int(r, 8));
    row_int(row, rows_int(r, 9));
    row_instant(row, waits ? rows_int(r, 10) : INSTANT_NONE);
    row_text_of(row, r, 11);
}

enum err cmd_hook_list(struct call *c)
{
    struct rows rows;
    enum err err = rows_begin(c->store, STMT_HOOK_LIST, NULL, 0, &rows);
    if (err != OK) {
        return err;
    }
    c->result = json_object();
    json_t *table = table_new("code kind url secret to from waiting failed "
                              "attempts next_at last_error");
    json_object_set_new(c->result, "hooks", table);
    while (rows_next(&rows)) {
        row_hook(table_row(table), &rows);
    }
    return rows_end(&rows);
}

static void fill_delivery(const struct rows *r, json_t *row)
{
    int state = rows_enum(r, 5, OUTBOX_STATE_COUNT);
    row_int(row, rows_int(r, 0));
    row_text(row, rows_text(r, 1));
    row_text_of(row, r, 2);
    json_array_append_new(row, rows_null(r, 3) ? json_null()
                                               : result_number(rows_int(r, 3)));
    row_text(row, !rows_null(r, 4)
                      ? event_name((enum event_type)rows_enum(r, 4, EV_COUNT))
                  : rows_int(r, 10) != 0 ? "anchor"
                                         : "digest");
    row_text(row, states[state]);
    row_int(row, rows_int(r, 6));
    row_instant(row, state == OUTBOX_WAITING ? rows_int(r, 7) : INSTANT_NONE);
    row_instant(row, rows_int_or(r, 8, INSTANT_NONE));
    row_text_of(row, r, 9);
}

static enum statement list_statement(struct call *c)
{
    static const enum statement of_state[OUTBOX_STATE_COUNT] = {
        STMT_OUTBOX_LIST_WAITING, STMT_OUTBOX_LIST_DONE,
        STMT_OUTBOX_LIST_FAILED};
    const struct value *state = arg(c, "state");
    return state->given ? of_state[state->number] : STMT_OUTBOX_LIST;
}

enum err cmd_outbox_list(struct call *c)
{
    struct list list = {
        .columns = "id hook to ticket event state attempts next_at done_at "
                   "last_error",
        .statement = list_statement(c),
        .newest_first = true,
        .fill = fill_delivery,
    };
    return page_list(c, "deliveries", &list);
}

enum err cmd_outbox_retry(struct call *c)
{
    int64_t hook = 0;
    int64_t n = 0;
    enum err err = arg(c, "hook")->given ? named_hook(c, "hook", &hook) : OK;
    if (err == OK) {
        err = outbox_retry(c->store, hook, c->recorded, &n);
    }
    if (err != OK) {
        return err;
    }
    c->result = json_object();
    json_object_set_new(c->result, "retried", json_integer(n));
    return OK;
}
