/* The bodies that receivers take: see letter.h. */
#include <jansson.h>
#include <stdlib.h>

#include "core/instant.h"
#include "daemon/notify/letter.h"
#include "proto/json.h"
#include "proto/latch.h"

static json_t *instant_json(instant at)
{
    char text[INSTANT_TEXT_SIZE];
    return at == INSTANT_NONE ? json_null()
                              : json_string(instant_format(at, text));
}

static json_t *text_json(const char *text)
{
    return text[0] == '\0' ? json_null() : json_string(text);
}

/* -- plain JSON -------------------------------------------------------------
 */

static void add_digest(json_t *body, const struct letter *l)
{
    char day[INSTANT_TEXT_SIZE];
    json_object_set_new(body, "event", json_string("digest"));
    json_object_set_new(body, "day", json_string(day_format(l->day, day)));
    json_object_set_new(body, "todo", json_integer(l->todo));
    json_object_set_new(body, "soon", json_integer(l->soon));
    json_object_set_new(body, "overdue", json_integer(l->overdue));
}

static void add_anchors(json_t *body, const struct letter *l)
{
    char day[INSTANT_TEXT_SIZE];
    json_t *lines = json_object();
    json_object_set_new(lines, "journal", json_string(l->journal_anchor));
    json_object_set_new(lines, "audit", json_string(l->audit_anchor));
    json_object_set_new(body, "event", json_string("anchor"));
    json_object_set_new(body, "day", json_string(day_format(l->day, day)));
    json_object_set_new(body, "anchor", lines);
}

static void add_notice(json_t *body, const struct letter *l)
{
    char number[TICKET_TEXT_SIZE];
    instant due = l->has_clock ? l->due.at : INSTANT_NONE;
    json_object_set_new(body, "ticket",
                        json_string(ticket_id_format(l->ticket, number)));
    json_object_set_new(body, "event", json_string(event_name(l->event)));
    json_object_set_new(body, "does",
                        l->does < STEP_DOES_COUNT
                            ? json_string(step_does_name(l->does))
                            : json_null());
    json_object_set_new(body, "title", text_json(l->title));
    json_object_set_new(
        body, "clock",
        text_json(l->has_clock ? clock_kind_name(l->clock) : ""));
    json_object_set_new(body, "light",
                        l->has_clock ? json_string(light_name(l->light))
                                     : json_null());
    json_object_set_new(body, "due", instant_json(due));
}

static json_t *plain(const struct letter *l)
{
    char zh[LETTER_TEXT_SIZE];
    char en[LETTER_TEXT_SIZE];
    letter_chinese(l, zh);
    letter_english(l, en);
    json_t *body = json_object();
    json_object_set_new(body, "key", json_string(l->key));
    json_object_set_new(body, "at", instant_json(l->at));
    json_object_set_new(body, "to", text_json(l->to));
    if (l->digest) {
        add_digest(body, l);
    } else if (l->anchors) {
        add_anchors(body, l);
    } else {
        add_notice(body, l);
    }
    json_t *text = json_object();
    json_object_set_new(text, "zh", json_string(zh));
    json_object_set_new(text, "en", json_string(en));
    json_object_set_new(body, "text", text);
    return body;
}

/* -- the others -------------------------------------------------------------
 */

/* WeCom's and DingTalk's group robots take the same form; the title stands on a
 * line of its own. */
static json_t *robot(const struct letter *l)
{
    char zh[LETTER_TEXT_SIZE];
    char content[LETTER_TEXT_SIZE + sizeof l->title];
    letter_chinese(l, zh);
    snprintf(content, sizeof content, "%s%s%s", zh,
             l->title[0] == '\0' ? "" : "\n", l->title);
    json_t *text = json_object();
    json_object_set_new(text, "content", json_string(content));
    json_t *body = json_object();
    json_object_set_new(body, "msgtype", json_string("text"));
    json_object_set_new(body, "text", text);
    return body;
}

static json_t *message(const struct letter *l)
{
    char zh[LETTER_TEXT_SIZE];
    letter_chinese(l, zh);
    json_t *body = json_object();
    json_object_set_new(body, "to", json_string(l->phone));
    json_object_set_new(body, "text", json_string(zh));
    return body;
}

static json_t *make(const struct letter *l, enum hook_kind kind)
{
    switch (kind) {
    case HOOK_WECOM:
    case HOOK_DINGTALK:
        return robot(l);
    case HOOK_SMS:
        return message(l);
    case HOOK_JSON:
    case HOOK_KIND_COUNT:
        break;
    }
    return plain(l);
}

/* jansson leaves out silently what it has no memory for: half a body is none.
 */
enum err letter_body(const struct letter *l, enum hook_kind kind, char **ret,
                     size_t *ret_len)
{
    if (kind == HOOK_SMS && l->phone[0] == '\0') {
        return ERR_NOT_FOUND;
    }
    latch_take();
    size_t len = 0;
    json_t *body = make(l, kind);
    char *text = json_line(body, &len);
    json_decref(body);
    if (latch_take() || text == NULL) {
        free(text);
        return ERR_NO_MEMORY;
    }
    text[len - 1] = '\0'; /* a body is no line */
    *ret = text;
    *ret_len = len - 1;
    return OK;
}
