#include "daemon/net/shed.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "daemon/net/session_parts.h"

enum {
    MS = 1000,
    BURST_S = 10,     /* a pace may be kept up this long at once */
    ACCEPT_COST = 10, /* requests that a connection's handshake weighs */
    PRESSED_EACH_MS = 100
};

static int64_t number(const struct settings *s, enum setting_id id)
{
    return s->value[id].number;
}

static uint64_t ms_of(const struct settings *s, enum setting_id id)
{
    return (uint64_t)number(s, id) * MS;
}

void shed_init(struct shed *shed, const struct settings *s)
{
    int64_t account = number(s, SET_limits_account_rate);
    int64_t source = number(s, SET_limits_source_rate);
    int64_t logins = number(s, SET_limits_logins);
    rates_init(&shed->accounts, account * 60, account * BURST_S);
    rates_init(&shed->sources, source * 60, source * BURST_S);
    rates_init(&shed->logins, logins, logins);
    shed->source_connections = number(s, SET_limits_source_connections);
    shed->patience.handshake = ms_of(s, SET_limits_handshake_seconds);
    shed->patience.take = ms_of(s, SET_limits_take_seconds);
    shed->line_ms = ms_of(s, SET_limits_line_seconds);
    shed->idle_ms = ms_of(s, SET_limits_idle_seconds);
}

static uint64_t now_of(const struct session *s)
{
    return uv_now(s->host->conn.loop);
}

static struct stats *stats_of(const struct session *s)
{
    return s->host->conn.stats;
}

/* -- too often --------------------------------------------------------------
 */

static enum err too_often(struct session *s, const char *account,
                          const char *what, int64_t wait_s, struct problem *p)
{
    char detail[PROBLEM_TEXT_SIZE];
    engine_audit_refusal(s->host->engine, &s->origin, account, what,
                         ERR_RATE_LIMITED);
    snprintf(detail, sizeof detail, "wait %" PRId64 " s", wait_s);
    stats_add(stats_of(s), FIGURE_rate_limited, 1);
    return problem_set(p, ERR_RATE_LIMITED, "", "", detail);
}

static bool take(struct rates *r, uint64_t name, uint64_t now, uint64_t *ret,
                 int64_t *ret_wait_s)
{
    if (name != 0 && rates_take(r, name, now, ret_wait_s)) {
        *ret = name;
        return true;
    }
    return name == 0;
}

/* By what it proves itself: whose account that is, only the store knows, and
 * an account has at most TOKENS_MAX of them. */
static uint64_t prover(const struct session *s, const struct request *r)
{
    if (r->token != NULL) {
        return rates_name(r->token);
    }
    return s->origin.peer[0] == '\0' ? 0 : rates_name(s->origin.peer);
}

enum err shed_request(struct session *s, const struct request *r,
                      struct charge *ret, struct problem *p)
{
    struct shed *shed = &s->host->shed;
    uint64_t now = now_of(s);
    uint64_t source = s->conn.local ? 0 : s->source;
    uint64_t hashed = (r->command->roles & COMMAND_HASHED) != 0 ? source : 0;
    int64_t wait_s = 0;
    *ret = (struct charge){.account = 0};
    s->heard = now;
    if (!take(&shed->sources, source, now, &ret->source, &wait_s) ||
        !take(&shed->accounts, prover(s, r), now, &ret->account, &wait_s) ||
        !take(&shed->logins, hashed, now, &ret->login, &wait_s)) {
        /* whose the token is, nobody has looked up: the source must do */
        return too_often(s, r->token == NULL ? s->origin.peer : NULL,
                         r->command->name, wait_s, p);
    }
    return OK;
}

/* Only an administrator comes so far: others are refused first, and stay
 * counted. */
static bool was(const struct job *job, enum command_id id)
{
    return job->request.command == command_at((int)id) &&
           job->err != ERR_UNAUTHENTICATED && job->err != ERR_FORBIDDEN &&
           job->err != ERR_PASSWORD_DUE && job->err != ERR_BUSY;
}

static void give_back(struct rates *r, uint64_t name, uint64_t now)
{
    if (name != 0) {
        rates_return(r, name, now);
    }
}

void shed_settle(struct session *s, const struct job *job,
                 const struct charge *charge)
{
    struct shed *shed = &s->host->shed;
    if (job->err == OK) {
        s->known = true;
        s->lane.known = true;
    }
    if (was(job, CMD_import_event)) {
        give_back(&shed->sources, charge->source, now_of(s));
        give_back(&shed->accounts, charge->account, now_of(s));
    }
    if (was(job, CMD_account_add) || was(job, CMD_account_reset)) {
        give_back(&shed->logins, charge->login, now_of(s));
    }
}

/* -- too many ---------------------------------------------------------------
 */

/* Those that are on their way out do not keep anybody from coming. */
static int64_t count_from(const struct session *s)
{
    int64_t n = 0;
    for (const struct session *x = s->host->all; x != NULL; x = x->next) {
        n += x->source == s->source && !x->conn.local && !x->draining;
    }
    return n;
}

enum err shed_connection(struct session *s, struct problem *p)
{
    struct session_host *host = s->host;
    if (host->n > host->connections_max) {
        return problem_set(p, ERR_BUSY, "", "", "too many connections");
    }
    if (s->conn.local) {
        return OK;
    }
    if (count_from(s) > host->shed.source_connections) {
        return problem_set(p, ERR_BUSY, "", "",
                           "too many connections from this address");
    }
    for (int i = 0; i < ACCEPT_COST; i++) {
        int64_t wait_s = 0;
        if (!rates_take(&host->shed.sources, s->source, now_of(s), &wait_s)) {
            return too_often(s, NULL, "connection", wait_s, p);
        }
    }
    return OK;
}

/* -- too slow ---------------------------------------------------------------
 */

static enum err too_slow(struct session *s, enum err err, const char *what,
                         struct problem *p)
{
    stats_add(stats_of(s), FIGURE_shed_slow, 1);
    return problem_set(p, err, "", "", what);
}

/* What waits for us is not slow: a line may be left unread because those before
 * it are at work. */
static bool is_slow(uint64_t since, uint64_t now, uint64_t patience)
{
    return since != 0 && now - since >= patience;
}

enum err shed_slow(struct session *s, struct problem *p)
{
    const struct shed *shed = &s->host->shed;
    uint64_t now = now_of(s);
    switch (conn_lateness(&s->conn, now, &shed->patience)) {
    case CONN_LATE_HANDSHAKE:
        return too_slow(s, ERR_CONNECTION, "handshake", p);
    case CONN_LATE_TAKING:
        return too_slow(s, ERR_CONNECTION, "replies are not taken", p);
    case CONN_LATE_ENDING:
        return problem_set(p, ERR_CONNECTION, "", "", "");
    case CONN_IN_TIME:
        break;
    }
    bool gone = s->conn.closing || s->draining;
    if (gone || s->conn.handshaking || !s->conn.wanted) {
        return OK;
    }
    if (is_slow(s->line_since, now, shed->line_ms)) {
        return too_slow(s, ERR_TOO_SLOW, "a line was begun and not ended", p);
    }
    bool idle = !s->known && s->origin.peer[0] == '\0' && s->first == NULL;
    return idle && is_slow(s->heard, now, shed->idle_ms)
               ? too_slow(s, ERR_TOO_SLOW, "nobody logged in", p)
               : OK;
}

/* -- too much of all ---------------------------------------------------------
 */

/* Peers may not each make us keep the longest line there is. Those who prove
 * nothing have room of their own: a log-in is short. */
void shed_weigh(struct session *s)
{
    struct session_host *host = s->host;
    bool stranger = !s->known && s->origin.peer[0] == '\0';
    size_t held = s->in.room > STRANGE_LINE_MAX ? s->in.room : 0;
    size_t strange = stranger ? held : 0;
    size_t lines = stranger ? 0 : held;
    host->strange_bytes += strange - s->strange;
    host->lines_bytes += lines - s->lines;
    s->strange = strange;
    s->lines = lines;
}

void shed_long(struct session *s)
{
    struct problem p;
    const struct session_host *host = s->host;
    shed_weigh(s);
    if ((s->strange == 0 || host->strange_bytes <= STRANGE_BYTES_MAX) &&
        (s->lines == 0 || host->lines_bytes <= LINES_BYTES_MAX)) {
        return;
    }
    bool strange = s->strange > 0;
    line_done(&s->in);
    shed_weigh(s);
    stats_add(host->conn.stats, FIGURE_turned_away, 1);
    problem_set(&p, ERR_BUSY, "",
                strange ? "a short line, or a log-in first" : "",
                "too many long lines are begun");
    session_shed(s, &p);
}

/* Closes who has taken nothing for so long; returns what it held. */
static size_t close_deaf(struct session_host *host, uint64_t patience_ms)
{
    const struct conn_patience patience = {host->shed.patience.handshake,
                                           patience_ms};
    uint64_t now = uv_now(host->conn.loop);
    size_t freed = 0;
    for (struct session *s = host->all; s != NULL; s = s->next) {
        if (conn_lateness(&s->conn, now, &patience) == CONN_LATE_TAKING) {
            stats_add(host->conn.stats, FIGURE_shed_slow, 1);
            conn_tell(&s->conn, "too slow",
                      "replies are not taken, and there is no room for more");
            freed += s->out_bytes;
            conn_close(&s->conn); /* nothing is freed here */
        }
    }
    return freed;
}

void shed_pressed(struct session_host *host)
{
    uint64_t now = uv_now(host->conn.loop);
    uint64_t patience = host->shed.patience.take;
    size_t freed = 0;
    if (host->out_bytes < OUT_ALL_BYTES_MAX ||
        now - host->pressed < PRESSED_EACH_MS) {
        return;
    }
    host->pressed = now;
    while (host->out_bytes - freed >= OUT_ALL_BYTES_MAX &&
           patience > OUT_PRESSED_MS) {
        patience /= 2;
        freed += close_deaf(host, patience);
    }
}
