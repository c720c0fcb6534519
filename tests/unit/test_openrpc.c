/* The OpenRPC document, as a stranger reads it: what the specification asks for
 * (https://spec.open-rpc.org, version 1.3.2), and facts of a few methods. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>
#include <jansson.h>

#include "proto/message.h"
#include "proto/openrpc.h"

static json_t *document;

static int set_up(void **state)
{
    (void)state;
    message_setup();
    document = openrpc_document();
    return document == NULL ? -1 : 0;
}

static int tear_down(void **state)
{
    (void)state;
    json_decref(document);
    return 0;
}

static const char *text(const json_t *object, const char *name)
{
    const char *found = json_string_value(json_object_get(object, name));
    assert_non_null(found);
    assert_int_not_equal(found[0], '\0');
    return found;
}

/* The one in a list with this name, or NULL. */
static json_t *named(const json_t *list, const char *name)
{
    json_t *found = NULL;
    for (size_t i = 0; i < json_array_size(list); i++) {
        json_t *item = json_array_get(list, i);
        if (strcmp(text(item, "name"), name) == 0) {
            assert_null(found); /* names are unique */
            found = item;
        }
    }
    return found;
}

static json_t *method(const char *name)
{
    return named(json_object_get(document, "methods"), name);
}

static json_t *param(const char *of, const char *name)
{
    return named(json_object_get(method(of), "params"), name);
}

static void test_frame(void **state)
{
    (void)state;
    const json_t *info = json_object_get(document, "info");
    assert_string_equal(text(document, "openrpc"), "1.3.2");
    assert_string_equal(text(info, "title"), "Bihuan");
    text(info, "version");
    assert_true(json_is_array(json_object_get(document, "methods")));
    assert_int_equal(json_object_size(document), 4);
}

/* Method Object: name and params; each Content Descriptor: name and schema. */
static void test_each_method(void **state)
{
    (void)state;
    const json_t *methods = json_object_get(document, "methods");
    assert_true(json_array_size(methods) > 40);
    for (size_t i = 0; i < json_array_size(methods); i++) {
        const json_t *m = json_array_get(methods, i);
        const json_t *params = json_object_get(m, "params");
        assert_ptr_equal(method(text(m, "name")), m);
        assert_string_equal(text(m, "paramStructure"), "by-name");
        text(m, "summary");
        text(json_object_get(m, "result"), "name");
        assert_true(json_array_size(json_object_get(m, "x-roles")) > 0);
        assert_true(json_is_array(params));
        for (size_t k = 0; k < json_array_size(params); k++) {
            const json_t *p = json_array_get(params, k);
            assert_ptr_equal(named(params, text(p, "name")), p);
            text(p, "summary");
            text(json_object_get(p, "schema"), "type");
            assert_true(json_is_boolean(json_object_get(p, "required")));
        }
    }
}

static void test_what_the_client_does_alone(void **state)
{
    static const char *const local[] = {"verify", "deadline.due", "import",
                                        "deadline.explain", "lifecycle"};
    (void)state;
    for (size_t i = 0; i < sizeof local / sizeof local[0]; i++) {
        assert_null(method(local[i]));
    }
    assert_non_null(method("rpc.discover"));
    assert_non_null(method("import.event"));
}

static void test_facts(void **state)
{
    (void)state;
    assert_string_equal(text(method("ticket.file"), "x-effect"), "write");
    assert_string_equal(text(method("ticket.show"), "x-effect"), "read");
    const json_t *title = param("ticket.file", "title");
    assert_true(json_is_true(json_object_get(title, "required")));
    const json_t *ref = param("ticket.file", "ref");
    assert_true(json_is_false(json_object_get(ref, "required")));

    const json_t *score =
        json_object_get(param("ticket.evaluate", "score"), "schema");
    assert_string_equal(text(score, "type"), "integer");
    assert_int_equal(json_integer_value(json_object_get(score, "minimum")), 1);
    assert_int_equal(json_integer_value(json_object_get(score, "maximum")), 5);
    const json_t *solved =
        json_object_get(param("ticket.evaluate", "solved"), "schema");
    assert_string_equal(text(solved, "type"), "boolean");

    const json_t *kind =
        json_object_get(param("ticket.dispatch", "kind"), "schema");
    json_t *words = json_pack("[s, s]", "lead", "co");
    assert_true(json_equal(json_object_get(kind, "enum"), words));
    json_decref(words);
    const json_t *at = json_object_get(param("report.overdue", "at"), "schema");
    assert_string_equal(text(at, "format"), "date-time");
    const json_t *body =
        json_object_get(param("calendar.import", "body"), "schema");
    assert_string_equal(text(body, "type"), "object");
}

static void test_errors(void **state)
{
    (void)state;
    const json_t *errors =
        json_object_get(json_object_get(document, "components"), "errors");
    const json_t *bad = json_object_get(errors, "bad_state");
    assert_int_equal(json_integer_value(json_object_get(bad, "code")), -32032);
    text(bad, "message");
    assert_null(json_object_get(errors, "ok"));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_frame),
        cmocka_unit_test(test_each_method),
        cmocka_unit_test(test_what_the_client_does_alone),
        cmocka_unit_test(test_facts),
        cmocka_unit_test(test_errors),
    };
    return cmocka_run_group_tests(tests, set_up, tear_down);
}
