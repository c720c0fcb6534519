#include "daemon/clockport.h"

#include <time.h>

static instant system_now(void *user)
{
    (void)user;
    return (instant)time(NULL);
}

enum err clockport_init(struct clockport *c, clock_now now, void *user,
                        instant last)
{
    *c = (struct clockport){
        .now = now == NULL ? system_now : now, .user = user, .last = last};
    return uv_mutex_init(&c->lock) == 0 ? OK : ERR_NO_MEMORY;
}

int64_t clockport_behind(struct clockport *c)
{
    uv_mutex_lock(&c->lock);
    int64_t behind = c->last - c->now(c->user);
    uv_mutex_unlock(&c->lock);
    return behind > 0 ? behind : 0;
}

void clockport_done(struct clockport *c)
{
    uv_mutex_destroy(&c->lock);
}

instant clockport_now(struct clockport *c)
{
    uv_mutex_lock(&c->lock);
    instant now = c->now(c->user);
    if (now < c->last) {
        now = c->last;
    }
    c->last = now;
    uv_mutex_unlock(&c->lock);
    return now;
}
