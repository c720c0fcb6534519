/* What a site asks of passwords, log-ins and tokens: the [password], [login]
 * and [audit] settings (daemon/settings/settings.def) as numbers. */
#ifndef BIHUAN_GATE_POLICY_H
#define BIHUAN_GATE_POLICY_H

#include <stdbool.h>
#include <stdint.h>

#include "core/instant.h"
#include "daemon/settings/settings.h"

enum totp_rule {
    TOTP_OPTIONAL,
    TOTP_ADMINISTRATORS, /* required of the three administrators */
    TOTP_EVERYONE
};

struct weak; /* daemon/gate/weak.h */

struct policy {
    int length;   /* characters of a password, at least */
    int classes;  /* of lower, upper, digits, others: at least so many kinds */
    int days;     /* after so many a password is due, 0: never */
    int history;  /* so many old ones may not come again */
    int cost;     /* of yescrypt */
    int dearest;  /* cost of the dearest hash that an account had at the start,
                     0: not looked for. After `cost` was lowered it says how
                     long a log-in takes for every name, known or not */
    int failures; /* in a row lock an account for that source */
    int lock_s;
    int idle_s;   /* a log-in ends after so long without a request */
    int life_s;   /* and after so long in any case */
    int api_days; /* the longest life of an API token */
    enum totp_rule totp;
    int audit_days;    /* how long the audit record is kept */
    bool hooks_inside; /* webhooks may be of this machine's own network */
    struct weak *weak; /* the site's list of weak passwords, not owned; NULL,
                          as policy_from() leaves it: none */
};

/* When a password set then must be changed; INSTANT_NONE: never. */
instant policy_due(const struct policy *p, instant set);

void policy_from(const struct settings *s, struct policy *ret);
/* The defaults of settings.def: for who has no settings. */
void policy_default(struct policy *ret);

#endif
