/* Files come from people: each is checked as the daemon would. */
#include "client/cli/commands/offline/reckoner.h"

#include <stdlib.h>
#include <string.h>

#include "client/cli/commands/local.h"
#include "client/cli/files/file.h"
#include "core/regulation.h"
#include "proto/calendar_json.h"
#include "proto/message.h"
#include "proto/regulation_json.h"

static enum err lay_calendar(struct reckoner *r, const char *path,
                             struct problem *p)
{
    char *text = NULL;
    size_t len = 0;
    enum err err = file_read(path, CALENDAR_BYTES_MAX, &text, &len, p);
    if (err != OK) {
        return err;
    }
    struct notice *notice = must_alloc(sizeof *notice);
    err = calendar_parse(text, len, notice, p);
    if (err == OK) {
        err = calendar_apply(&r->calendar, notice, false, p);
    }
    free(notice);
    free(text);
    return err;
}

/* All that is wrong with a regulation is told at once, the first one last,
 * through *p. */
static void tell_errors(const struct regulation_errors *errors,
                        struct problem *p)
{
    int kept =
        errors->n < REGULATION_ERRORS_MAX ? errors->n : REGULATION_ERRORS_MAX;
    for (int i = kept - 1; i > 0; i--) {
        complain(stderr, &errors->list[i]);
    }
    if (kept > 0) {
        *p = errors->list[0];
    }
}

static enum err read_regulation(const char *path, struct regulation *ret,
                                struct problem *p)
{
    char *text = NULL;
    size_t len = 0;
    json_t *body = NULL;
    enum err err = file_read(path, REGULATION_BYTES_MAX, &text, &len, p);
    if (err != OK) {
        return err;
    }
    err = json_parse(text, len, &body, p);
    free(text);
    if (err != OK) {
        return err;
    }
    struct regulation_errors *errors = must_alloc(sizeof *errors);
    memset(errors, 0, sizeof *errors);
    err = regulation_decode(body, ret, errors);
    if (err != OK) {
        (void)problem_set(p, err, "regulation", "", "");
        tell_errors(errors, p);
    }
    free(errors);
    json_decref(body);
    return err;
}

static enum err lay_regulation(struct reckoner *r, const char *path,
                               struct problem *p)
{
    struct regulation *regulation = must_alloc(sizeof *regulation);
    enum err err = read_regulation(path, regulation, p);
    if (err == OK) {
        r->worktime = regulation->worktime;
    }
    free(regulation);
    return err;
}

/* The words are the choices of the table, checked before. */
static enum start_rule start_rule_of(const char *word)
{
    if (strcmp(word, "same_day") == 0) {
        return START_SAME_DAY;
    }
    return strcmp(word, "deemed_next_workday") == 0 ? START_DEEMED_NEXT_WORKDAY
                                                    : START_NEXT_DAY;
}

enum err reckoner_make(const struct run_context *context, struct reckoner *r,
                       struct problem *p)
{
    const char *calendar = local_text(context, "calendar");
    const char *regulation = local_text(context, "regulation");
    const char *start = local_text(context, "start");
    enum err err = OK;
    calendar_builtin(&r->calendar);
    r->worktime = worktime_default();
    if (calendar != NULL) {
        err = lay_calendar(r, calendar, p);
    }
    if (err == OK && regulation != NULL) {
        err = lay_regulation(r, regulation, p);
    }
    if (start != NULL) {
        r->worktime.start_rule = start_rule_of(start);
    }
    return err;
}
