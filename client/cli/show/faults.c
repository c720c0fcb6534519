/* See faults.h. */
#include "client/cli/show/faults.h"

#include "client/cli/show/complain.h"
#include "proto/regulation_json.h"

bool faults_tell(FILE *out, const json_t *params)
{
    /* too large for a stack; the program has one thread and one refusal */
    static struct regulation regulation;
    static struct regulation_errors errors;
    json_t *body = json_object_get(params, "body");
    if (body == NULL || regulation_decode(body, &regulation, &errors) == OK) {
        return false;
    }
    for (int i = 0; i < errors.n && i < REGULATION_ERRORS_MAX; i++) {
        complain(out, &errors.list[i]);
    }
    return errors.n > 0;
}
