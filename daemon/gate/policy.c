#include "daemon/gate/policy.h"

static int number(const struct settings *s, enum setting_id id)
{
    return (int)s->value[id].number; /* bounded by its row */
}

void policy_from(const struct settings *s, struct policy *ret)
{
    enum {
        MINUTE = 60,
        HOUR = 3600
    };
    *ret = (struct policy){
        .length = number(s, SET_password_length),
        .classes = number(s, SET_password_classes),
        .days = number(s, SET_password_days),
        .history = number(s, SET_password_history),
        .cost = number(s, SET_password_cost),
        .failures = number(s, SET_login_failures),
        .lock_s = number(s, SET_login_lock_minutes) * MINUTE,
        .idle_s = number(s, SET_login_idle_minutes) * MINUTE,
        .life_s = number(s, SET_login_hours) * HOUR,
        .api_days = number(s, SET_login_api_days),
        .totp = (enum totp_rule)number(s, SET_login_totp),
        .audit_days = number(s, SET_audit_days),
        .hooks_inside = number(s, SET_notify_private) != 0,
    };
}

void policy_default(struct policy *ret)
{
    static struct settings settings; /* large; the defaults never differ */
    settings_init(&settings);
    policy_from(&settings, ret);
}

instant policy_due(const struct policy *p, instant set)
{
    return p->days == 0 ? INSTANT_NONE
                        : set + (instant)p->days * SECONDS_PER_DAY;
}
