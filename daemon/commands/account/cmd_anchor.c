/* journal.anchor, audit.anchor: a chain's head, to be kept where who runs this
 * machine cannot reach it (daemon/store/anchor.h). */
#include "daemon/commands/call.h"
#include "daemon/commands/result.h"
#include "daemon/store/anchor.h"
#include "proto/hex.h"

static enum err anchor_of(struct call *c, enum anchor_chain chain,
                          const char *number)
{
    struct anchor anchor;
    char line[ANCHOR_LINE_SIZE];
    char hash[HEX_SIZE(ANCHOR_HASH_SIZE)];
    enum err err = anchor_head(c->store, chain, &anchor);
    if (err != OK) {
        return err;
    }
    anchor_format(&anchor, line);
    hex_encode(anchor.hash, sizeof anchor.hash, hash);
    c->result = json_object();
    json_object_set_new(c->result, number, json_integer(anchor.seq));
    json_object_set_new(c->result, "head_hash", json_string(hash));
    json_object_set_new(c->result, "recorded", result_instant(anchor.at));
    json_object_set_new(c->result, "anchor", json_string(line));
    return OK;
}

enum err cmd_journal_anchor(struct call *c)
{
    return anchor_of(c, ANCHOR_JOURNAL, "seq");
}

enum err cmd_audit_anchor(struct call *c)
{
    return anchor_of(c, ANCHOR_AUDIT, "n");
}
