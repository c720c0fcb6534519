/* What an attachment of a ticket is for: it decides who may attach it and who
 * reads it. */
#ifndef BIHUAN_CORE_ATTACHMENT_H
#define BIHUAN_CORE_ATTACHMENT_H

/* The order is stored: append only.
 *
 *   REQUEST     what the enterprise shows with its request: licences, photos
 *   SUPPLEMENT  what it adds later
 *   EVIDENCE    of a unit, that it was done
 *   ANSWER      of a unit, with its public answer
 *   INTERNAL    for officials only */
/* clang-format off */
#define ATTACHMENT_PURPOSE_MAP(X)              \
    X(REQUEST,    "request",    "诉求材料")    \
    X(SUPPLEMENT, "supplement", "补充材料")    \
    X(EVIDENCE,   "evidence",   "办理佐证")    \
    X(ANSWER,     "answer",     "答复附件")    \
    X(INTERNAL,   "internal",   "内部材料")
/* clang-format on */

enum attachment_purpose {
#define X(id, name, zh) ATTACHMENT_##id,
    ATTACHMENT_PURPOSE_MAP(X)
#undef X
    ATTACHMENT_PURPOSE_COUNT
};
const char *attachment_purpose_name(enum attachment_purpose purpose);

#endif
