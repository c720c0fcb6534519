/* What one delivery says, and how: the facts of a notice, of a morning digest
 * or of a day's anchors, the plain sentences made of them, and the bodies that
 * receivers take. Pure: reads no clock, no store and no network.
 *
 * No name and no phone of a person is in any body, but the receiver's own phone
 * in that of a short message. Of a confidential ticket `to` and `title` are
 * left empty where they would name the enterprise. */
#ifndef BIHUAN_DAEMON_NOTIFY_LETTER_H
#define BIHUAN_DAEMON_NOTIFY_LETTER_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "core/ticket.h"
#include "daemon/store/outbox.h"

enum {
    LETTER_KEY_SIZE = 64,
    LETTER_TEXT_SIZE = 320, /* of a sentence; 70 characters are 210 bytes */
    SMS_CHARACTERS_MAX = 70 /* of one short message in Chinese */
};

/* Whom a sentence asks to do something. */
enum addressee {
    TO_UNIT, /* department, committee, office */
    TO_ENTERPRISE,
    TO_PERSON
};

struct letter {
    char key[LETTER_KEY_SIZE]; /* the same each time it is sent */
    instant at;
    char to[CODE_SIZE]; /* code of unit or person, "" if withheld */
    enum addressee addressee;
    char phone[CODE_SIZE]; /* where a short message goes; "" if unknown */
    /* of a digest: */
    bool digest;
    daynum day; /* and of anchors */
    int64_t todo;
    int64_t soon;
    int64_t overdue;
    /* of a day's anchors: */
    bool anchors;
    char journal_anchor[ANCHOR_LINE_SIZE];
    char audit_anchor[ANCHOR_LINE_SIZE];
    /* of a notice: */
    ticket_id ticket;
    enum event_type event;
    enum step_does does; /* of an escalation, else STEP_DOES_COUNT */
    char title[TITLE_BYTES_MAX + 1];
    bool has_clock; /* what follows is of the clock that it is about */
    enum clock_kind clock;
    struct due due; /* at INSTANT_NONE: no limit */
    enum light light;
};

/* One sentence, 【闭环】 in front in Chinese; cut at SMS_CHARACTERS_MAX. */
void letter_chinese(const struct letter *l, char out[LETTER_TEXT_SIZE]);
void letter_english(const struct letter *l, char out[LETTER_TEXT_SIZE]);

/* The body of a request, JSON, heap-allocated (free()). NO_MEMORY; NOT_FOUND
 * for a short message to nobody's phone. */
enum err letter_body(const struct letter *l, enum hook_kind kind, char **ret,
                     size_t *ret_len);

#endif
