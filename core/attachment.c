/* Words of attachments. */
#include "core/attachment.h"

const char *attachment_purpose_name(enum attachment_purpose purpose)
{
    static const char *const names[ATTACHMENT_PURPOSE_COUNT] = {
#define X(id, name, zh) [ATTACHMENT_##id] = (name),
        ATTACHMENT_PURPOSE_MAP(X)
#undef X
    };
    return purpose < ATTACHMENT_PURPOSE_COUNT ? names[purpose] : "";
}
