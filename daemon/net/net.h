/* All by which bytes come in and go out: the listeners, the connections, the
 * certificate, and the timer that looks for who is too slow. The loop's. */
#ifndef BIHUAN_DAEMON_NET_NET_H
#define BIHUAN_DAEMON_NET_NET_H

#include <uv.h>

#include "core/err.h"
#include "daemon/engine/engine.h"
#include "daemon/settings/settings.h"

struct net;

/* What must hold before anything is opened: no plain listener off loopback
 * unless the settings say so in words, no TLS without a certificate. p->param
 * names the setting, the texts are in the reader's language. */
enum err net_allowed(const struct settings *s, struct problem *p);
/* The certificate and its key, if there are any. *ret_ends: when it does, 0:
 * there is none. */
enum err net_check(const struct settings *s, instant *ret_ends,
                   struct problem *p);

/* Nothing is served before net_listen(). `gone` is called when a connection is,
 * and once more when net_close() is done. NULL: no memory. The settings are
 * borrowed. */
struct net *net_open(uv_loop_t *loop, struct engine *engine,
                     const struct settings *settings, void (*gone)(void *user),
                     void *user);
enum err net_listen(struct net *n, struct problem *p);
/* Writes the replies that have come; once a turn of the loop. */
void net_flush(struct net *n);
/* Takes another pair, as the settings of a reload name it. */
enum err net_reload(struct net *n, const struct settings *settings,
                    struct problem *p);

/* Listens no more, reads no more; each connection ends when its last reply is
 * written. */
void net_drain(struct net *n);
/* Ends them now. */
void net_cut(struct net *n);
/* Connections that are left. */
int net_left(const struct net *n);
/* The engine is no more; nothing of it is touched from now on. */
void net_forget_engine(struct net *n);
/* Closes what is left of the handles; expects no connections. net_free() when
 * the loop has ended. */
void net_close(struct net *n);
void net_free(struct net *n);

#endif
