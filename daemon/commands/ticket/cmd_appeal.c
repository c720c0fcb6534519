/* Appeals: of the enterprise against a refusal, of a unit against a bad score;
 * and the enterprise's later word on its score. */
#include "daemon/commands/ticket/move.h"
#include "daemon/commands/ticket/ticket_access.h"

static const struct said reason[] = {{"reason", TEXT_REASON}};

/* -- against a refusal -------------------------------------------------------
 */

enum err cmd_ticket_appeal(struct call *c)
{
    struct work w;
    enum err err = move_enterprise(c, &w, EV_APPEAL, true);
    return err == OK ? move_finish(c, &w, reason, 1) : err;
}

enum err cmd_ticket_decide_appeal(struct call *c)
{
    struct work w;
    enum err err = work_begin(c, &w);
    if (err == OK) {
        err = ticket_judge(c, &w);
    }
    if (err != OK) {
        return err;
    }
    w.event.type =
        arg(c, "grant")->number != 0 ? EV_APPEAL_GRANT : EV_APPEAL_REFUSE;
    return move_finish(c, &w, reason, 1);
}

/* -- against a score ---------------------------------------------------------
 */

/* The score is about the lead's work: a co-handler's head has none to dispute.
 */
enum err cmd_ticket_appeal_score(struct call *c)
{
    struct work w;
    enum err err = work_begin(c, &w);
    if (err == OK) {
        err = ticket_head(c, &w);
    }
    if (err != OK) {
        return err;
    }
    const struct dispatch *d = ticket_dispatch(&w.row.ticket, w.event.dispatch);
    if (d->kind != DISPATCH_LEAD) {
        return refuse(c, ERR_FORBIDDEN, "", "the head of the lead unit", "");
    }
    w.event.type = EV_SCORE_APPEAL;
    return move_finish(c, &w, reason, 1);
}

enum err cmd_ticket_decide_score(struct call *c)
{
    struct work w;
    enum err err = work_begin(c, &w);
    if (err == OK) {
        err = ticket_seen(c, &w);
    }
    if (err != OK) {
        return err;
    }
    w.event.type =
        arg(c, "grant")->number != 0 ? EV_SCORE_GRANT : EV_SCORE_REFUSE;
    return move_finish(c, &w, reason, 1);
}

enum err cmd_ticket_comment(struct call *c)
{
    static const struct said said[] = {{"text", TEXT_COMMENT}};
    struct work w;
    enum err err = move_enterprise(c, &w, EV_COMMENT, false);
    return err == OK ? move_finish(c, &w, said, 1) : err;
}
