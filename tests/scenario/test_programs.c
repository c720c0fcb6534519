/* What a program's token cannot be made into: one that writes, or one that acts
 * for who has to act in person. */
#include "daemon/commands/identity.h"
#include "scenario/letting_in.h"

/* -- every command -----------------------------------------------------------
 */

/* What a scope lets through, by hand: a new command is refused until it is
 * written here. What is of the log-in itself (whoami) is for no program. */
struct allowed {
    const char *scope;
    const char *commands;
};

/* All that changes nothing and leaves no file behind. */
#define READS                                                             \
    "rpc.discover server.info server.stats journal.anchor token.list "    \
    "account.list audit.list audit.anchor chain.list committee.list "     \
    "office.list department.list enterprise.list person.list guide.list " \
    "ticket.list ticket.show ticket.progress attachment.list "            \
    "attachment.read mine meeting.agenda meeting.list meeting.show "      \
    "notice.list hook.list outbox.list report.overdue report.lights "     \
    "report.times deadline.what_if calendar.list regulation.list "        \
    "regulation.show"

static const struct allowed table[] = {
    {"read", READS},
    {"attachment.*", "attachment.begin attachment.put attachment.keep "
                     "attachment.list attachment.read"},
    {"attachment.keep", "attachment.keep"},
    {"ticket.list ticket.file", "ticket.list ticket.file"},
    {"token.*", "token.add token.list token.end"},
    {"totp.* passwd logout whoami login", ""},
    {"backup", "backup"},
    {"meeting.*  notice.list",
     "meeting.agenda meeting.call meeting.invite meeting.add meeting.decide "
     "meeting.close meeting.list meeting.show notice.list"},
    {"import.*", "import.event import.settle import.close"},
    {"read attachment.*",
     READS " attachment.begin attachment.put attachment.keep"},
};

static bool has_word(const char *words, const char *word)
{
    size_t len = strlen(word);
    for (const char *at = strstr(words, word); at != NULL;
         at = strstr(at + 1, word)) {
        if ((at == words || at[-1] == ' ') &&
            (at[len] == ' ' || at[len] == '\0')) {
            return true;
        }
    }
    return false;
}

/* As a request is let in, before anything of it is done. */
static enum err let_through(struct world *w, const char *token,
                            const struct command *command)
{
    struct credentials who = {.token = token, .source = "10.1.2.3"};
    struct call c = {.command = command,
                     .store = w->reader,
                     .policy = &w->policy,
                     .at = w->now,
                     .recorded = w->now};
    return identity_find(&c, &who);
}

static int check_scope(struct world *w, const char *token,
                       const struct allowed *row)
{
    int n = 0;
    for (int i = 0; i < CMD_COUNT; i++) {
        const struct command *command = command_at(i);
        bool open =
            (command->roles & COMMAND_OPEN) != 0; /* asks for no token */
        bool may = has_word(row->commands, command->name);
        enum err err = let_through(w, token, command);
        if (command->effect != EFFECT_LOCAL &&
            err != (open || may ? OK : ERR_FORBIDDEN)) {
            fail_msg("%s with '%s': %s", command->name, row->scope,
                     err_name(err));
        }
        n += command->effect != EFFECT_LOCAL && may;
    }
    return n;
}

static void test_every_command(void **state)
{
    struct world w;
    char login[TOKEN_SIZE];
    char token[TOKEN_SIZE];
    (void)state;
    open_logged_in(&w, "a1", login);
    for (size_t i = 0; i < sizeof table / sizeof *table; i++) {
        const char *commands = table[i].commands;
        char scope[128];
        int words = commands[0] != '\0';
        for (const char *at = commands; *at != '\0'; at++) {
            words += *at == ' ';
        }
        snprintf(scope, sizeof scope, ",'scope':'%s'", table[i].scope);
        make_program(&w, login, scope, token);
        /* each word of the row is a command: none is misspelt */
        assert_int_equal(check_scope(&w, token, &table[i]), words);
    }
    world_close(&w);
}

/* -- what goes wrong easily ---------------------------------------------------
 */

/* A copy of everything and uploads are reads to the database, but not for who
 * may only read. */
static void test_read_leaves_nothing(void **state)
{
    static const char begin[] = "{'size':1,'sha256':'"
                                "000000000000000000000000000000000000000000000"
                                "0000000000000000000'}";
    static const char put[] = "{'upload':'x','offset':0,'bytes':'AAAA'}";
    struct world w;
    char login[TOKEN_SIZE];
    char reads[TOKEN_SIZE];
    char files[TOKEN_SIZE];
    (void)state;
    open_logged_in(&w, "qy1", login);
    make_program(&w, login, ",'scope':'read'", reads);
    make_program(&w, login, ",'scope':'read attachment.*'", files);
    assert_int_equal(world_try_token(&w, reads, "attachment.begin", begin),
                     ERR_FORBIDDEN);
    assert_string_equal(w.problem.param, "token");
    assert_int_equal(world_try_token(&w, reads, "attachment.put", put),
                     ERR_FORBIDDEN);
    /* this world has no folder to send to: let through so far */
    assert_int_equal(world_try_token(&w, files, "attachment.begin", begin),
                     ERR_UNSUPPORTED);
    world_do(&w, "system", "person.add", "{'code':'sys','name':'甲'}");
    world_do(&w, "security", "person.role", "{'code':'sys','role':'system'}");
    let_in(&w, "sys");
    log_in(&w, "sys", login);
    make_program(&w, login, ",'scope':'read'", reads);
    make_program(&w, login, ",'scope':'backup'", files);
    assert_int_equal(world_try_token(&w, reads, "backup", "{'file':'x'}"),
                     ERR_FORBIDDEN);
    assert_int_equal(world_try_token(&w, files, "backup", "{'file':'x'}"),
                     ERR_BAD_PARAM); /* not absolute */
    assert_int_equal(world_try_token(&w, reads, "hook.list", "{}"), OK);
    world_close(&w);
}

/* Nobody opens accounts or reads the audit record by a program, not by one of
 * an earlier post either. */
static void test_of_an_earlier_post(void **state)
{
    static const char *const posts[] = {"security", "audit"};
    struct world w;
    char login[TOKEN_SIZE];
    char token[TOKEN_SIZE];
    (void)state;
    open_world(&w);
    world_do(&w, "system", "person.add", "{'code':'new','name':'甲'}");
    world_do(&w, "system", "person.role",
             "{'code':'new','unit':'dcs','role':'handler'}");
    let_in(&w, "new");
    log_in(&w, "new", login);
    make_program(&w, login, ",'scope':'read account.* audit.*'", token);
    assert_int_equal(world_try_token(&w, token, "ticket.list", "{}"), OK);
    world_do(&w, "system", "person.role",
             "{'code':'new','unit':'dcs','role':'handler','end':true}");
    for (size_t i = 0; i < sizeof posts / sizeof *posts; i++) {
        world_dof(&w, "security", "person.role", "{'code':'new','role':'%s'}",
                  posts[i]);
        assert_int_equal(
            world_try_token(&w, token, "account.add", "{'account':'a1'}"),
            ERR_FORBIDDEN);
        assert_int_equal(world_try_token(&w, token, "audit.list", "{}"),
                         ERR_FORBIDDEN);
        assert_string_equal(w.problem.param, "token");
        alive(&w, login); /* the person may */
        world_dof(&w, "security", "person.role",
                  "{'code':'new','role':'%s','end':true}", posts[i]);
    }
    world_close(&w);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_every_command),
        cmocka_unit_test(test_read_leaves_nothing),
        cmocka_unit_test(test_of_an_earlier_post),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
