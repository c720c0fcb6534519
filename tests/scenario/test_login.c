/* What the writer makes of a proof: the hash was made a moment before, and the
 * account may have changed since. The proofs here are written by hand. */
#include "scenario/letting_in.h"

#include "daemon/commands/account/hasher.h"
#include "daemon/commands/call_run.h"
#include "proto/message.h"

static struct account account(struct world *w, const char *code)
{
    struct account a;
    assert_int_equal(account_find(w->writer, code, &a), OK);
    return a;
}

static void put(struct world *w, const struct account *a)
{
    bool fatal = false;
    assert_int_equal(store_begin(w->writer), OK);
    assert_int_equal(account_put(w->writer, a), OK);
    assert_int_equal(store_commit(w->writer, &fatal), OK);
}

static struct proof right(struct world *w, const char *code)
{
    struct proof proof = {.err = OK, .known = true, .matches = true};
    struct account a = account(w, code);
    snprintf(proof.seen, sizeof proof.seen, "%s", a.hash);
    return proof;
}

/* login with that proof, as the writer runs it. */
static enum err decide(struct world *w, const char *params, struct proof *proof)
{
    struct value values[ARGS_MAX];
    struct credentials who = {.source = "10.1.2.3"};
    struct call c = {.command = command_find("login"),
                     .values = values,
                     .store = w->writer,
                     .at = w->now,
                     .recorded = w->now,
                     .policy = &w->policy,
                     .proof = proof};
    bool fatal = false;
    json_t *json = json_loads(params, 0, NULL);
    assert_int_equal(command_check(c.command, json, values, &w->problem), OK);
    assert_int_equal(store_begin(w->writer), OK);
    enum err err = call_run_for(&c, &who);
    assert_int_equal(store_commit(w->writer, &fatal), OK);
    assert_int_equal(c.result != NULL, err == OK);
    json_decref(c.result);
    json_decref(json);
    w->problem = c.problem;
    return err;
}

#define PLAIN "{\"account\":\"a1\",\"password\":\"x\"}"
#define WITH_NEW \
    "{\"account\":\"a1\",\"password\":\"x\",\"new\":\"Neu-Haus-71\"}"

static int64_t failures(struct world *w)
{
    return world_count(w, "SELECT coalesce(sum(failures), 0) FROM lockout");
}

static int64_t tokens(struct world *w)
{
    return world_count(w, "SELECT count(*) FROM token");
}

static void open_with_a1(struct world *w)
{
    open_world(w);
    let_in(w, "a1");
}

static void test_right(void **state)
{
    struct world w;
    (void)state;
    open_with_a1(&w);
    struct proof proof = right(&w, "a1");
    assert_int_equal(decide(&w, PLAIN, &proof), OK);
    assert_int_equal(tokens(&w), 1);
    assert_int_equal(account(&w, "a1").login, w.now);
    world_close(&w);
}

/* The password was changed after it was looked at. */
static void test_changed(void **state)
{
    struct world w;
    (void)state;
    open_with_a1(&w);
    for (int matches = 0; matches < 2; matches++) {
        struct proof proof = right(&w, "a1");
        struct account a = account(&w, "a1");
        proof.matches = matches;
        snprintf(a.hash, sizeof a.hash, "$y$another%d", matches);
        put(&w, &a);
        assert_int_equal(decide(&w, PLAIN, &proof), ERR_BUSY);
    }
    assert_int_equal(failures(&w) + tokens(&w), 0);
    world_close(&w);
}

/* It was opened after it was looked for; another never was. */
static void test_opened(void **state)
{
    struct world w;
    struct proof nobody = {.err = OK};
    (void)state;
    open_world(&w);
    assert_int_equal(decide(&w, PLAIN, &nobody), ERR_LOGIN_FAILED);
    assert_int_equal(failures(&w), 1);
    let_in(&w, "a1");
    assert_int_equal(decide(&w, PLAIN, &nobody), ERR_BUSY);
    assert_int_equal(failures(&w), 1);
    world_close(&w);
}

static void test_disabled_since(void **state)
{
    struct world w;
    (void)state;
    open_with_a1(&w);
    struct proof proof = right(&w, "a1");
    world_do(&w, "security", "account.disable",
             "{'account':'a1','reason':'left'}");
    assert_int_equal(decide(&w, PLAIN, &proof), ERR_LOGIN_FAILED);
    assert_int_equal(failures(&w), 1);
    assert_int_equal(tokens(&w), 0);
    world_close(&w);
}

/* Four wrong ones were on their way when the fifth locked. */
static void test_locked_since(void **state)
{
    struct world w;
    (void)state;
    open_with_a1(&w);
    struct proof good = right(&w, "a1");
    struct proof bad = good;
    bad.matches = false;
    for (int i = 0; i < 9; i++) {
        assert_int_equal(decide(&w, PLAIN, &bad), ERR_LOGIN_FAILED);
        assert_int_equal(failures(&w), i < 5 ? i + 1 : 5);
    }
    assert_int_equal(decide(&w, PLAIN, &good), ERR_LOGIN_FAILED);
    w.now += w.policy.lock_s;
    assert_int_equal(decide(&w, PLAIN, &good), OK);
    assert_int_equal(failures(&w), 0);
    world_close(&w);
}

/* What the waiting room refused is refused, and counts for nobody. */
static void test_refused_before(void **state)
{
    static const enum err errs[] = {ERR_BUSY, ERR_NO_MEMORY, ERR_INTERNAL};
    struct world w;
    (void)state;
    open_with_a1(&w);
    for (size_t i = 0; i < sizeof errs / sizeof *errs; i++) {
        struct proof proof = {.err = errs[i]};
        problem_set(&proof.problem, errs[i], "", "", "why");
        assert_int_equal(decide(&w, PLAIN, &proof), errs[i]);
        assert_string_equal(w.problem.detail, "why");
    }
    assert_int_equal(failures(&w) + tokens(&w), 0);
    world_close(&w);
}

/* A refusal that is no failure leaves nothing behind. */
static void test_due(void **state)
{
    struct world w;
    (void)state;
    open_with_a1(&w);
    struct account a = account(&w, "a1");
    a.due = true;
    put(&w, &a);
    struct proof proof = right(&w, "a1");
    assert_int_equal(decide(&w, PLAIN, &proof), ERR_PASSWORD_DUE);
    assert_int_equal(decide(&w, WITH_NEW, &proof), ERR_BUSY); /* not hashed */
    proof.reused = true;
    assert_int_equal(decide(&w, WITH_NEW, &proof), ERR_EXISTS);
    assert_int_equal(failures(&w) + tokens(&w), 0);
    assert_string_equal(account(&w, "a1").hash, a.hash);
    proof.reused = false;
    snprintf(proof.fresh, sizeof proof.fresh, "$y$fresh");
    assert_int_equal(decide(&w, WITH_NEW, &proof), OK);
    assert_string_equal(account(&w, "a1").hash, "$y$fresh");
    assert_false(account(&w, "a1").due);
    assert_int_equal(world_count(&w, "SELECT count(*) FROM password_old"), 1);
    world_close(&w);
}

/* Only hashed again: the password is the same, nothing else ends. */
static void test_rehashed(void **state)
{
    struct world w;
    char token[TOKEN_SIZE];
    (void)state;
    open_with_a1(&w);
    log_in(&w, "a1", token);
    struct proof proof = right(&w, "a1");
    instant set = account(&w, "a1").set;
    w.now += 60;
    snprintf(proof.fresh, sizeof proof.fresh, "$y$dearer");
    assert_int_equal(decide(&w, PLAIN, &proof), OK);
    assert_string_equal(account(&w, "a1").hash, "$y$dearer");
    assert_int_equal(account(&w, "a1").set, set);
    assert_int_equal(world_count(&w, "SELECT count(*) FROM password_old"), 0);
    alive(&w, token);
    world_close(&w);
}

/* None of it is in the journal. */
static void test_journal(void **state)
{
    struct world w;
    (void)state;
    open_with_a1(&w);
    int64_t head = store_head(w.writer);
    struct proof proof = right(&w, "a1");
    assert_int_equal(decide(&w, PLAIN, &proof), OK);
    proof.matches = false;
    assert_int_equal(decide(&w, PLAIN, &proof), ERR_LOGIN_FAILED);
    assert_int_equal(store_head(w.writer), head);
    world_verify(&w);
    world_close(&w);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_right),
        cmocka_unit_test(test_changed),
        cmocka_unit_test(test_opened),
        cmocka_unit_test(test_disabled_since),
        cmocka_unit_test(test_locked_since),
        cmocka_unit_test(test_refused_before),
        cmocka_unit_test(test_due),
        cmocka_unit_test(test_rehashed),
        cmocka_unit_test(test_journal),
    };
    message_setup();
    return cmocka_run_group_tests(tests, NULL, NULL);
}
