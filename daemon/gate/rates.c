#include "daemon/gate/rates.h"

#include <string.h>

#include "daemon/gate/token.h"

enum {
    MS = 1000
};

void rates_init(struct rates *r, int64_t per_minute, int64_t burst)
{
    memset(r, 0, sizeof *r);
    r->pace = per_minute;
    r->burst = burst * RATES_UNIT;
}

/* It may stand for a token, so it is made by a hash that cannot be steered. */
uint64_t rates_name(const char *text)
{
    uint8_t digest[DIGEST_BYTES];
    uint64_t name;
    token_digest(text, digest);
    memcpy(&name, digest, sizeof name);
    return name == 0 ? 1 : name;
}

static struct rates_slot *find(struct rates *r, uint64_t name, uint64_t now)
{
    struct rates_slot *set = r->slots[name % RATES_SETS];
    struct rates_slot *oldest = &set[0];
    for (int i = 0; i < RATES_WAYS; i++) {
        if (set[i].name == name) {
            return &set[i];
        }
        if (set[i].name == 0 || set[i].at < oldest->at) {
            oldest = &set[i];
        }
    }
    *oldest = (struct rates_slot){.name = name, .at = now, .left = r->burst};
    return oldest;
}

/* Filled up to now. */
static struct rates_slot *filled(struct rates *r, uint64_t name, uint64_t now)
{
    struct rates_slot *slot = find(r, name, now);
    int64_t ms = (int64_t)(now - slot->at);
    int64_t missing = r->burst - slot->left;
    slot->left += ms > missing / r->pace ? missing : ms * r->pace;
    slot->at = now;
    return slot;
}

bool rates_take(struct rates *r, uint64_t name, uint64_t now,
                int64_t *ret_wait_s)
{
    struct rates_slot *slot = filled(r, name, now);
    if (slot->left < RATES_UNIT) {
        int64_t ms = (RATES_UNIT - slot->left) / r->pace;
        *ret_wait_s = ms / MS + 1;
        return false;
    }
    slot->left -= RATES_UNIT;
    return true;
}

void rates_return(struct rates *r, uint64_t name, uint64_t now)
{
    struct rates_slot *slot = filled(r, name, now);
    slot->left += RATES_UNIT;
    if (slot->left > r->burst) {
        slot->left = r->burst;
    }
}
