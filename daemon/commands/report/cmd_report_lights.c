/* report.lights: the open dispatches of each department by their light. A
 * department that was merged into another counts under the other's name. */
#include "core/clock.h"
#include "daemon/commands/report/report_beside.h"
#include "daemon/commands/report/report_groups.h"
#include "daemon/commands/result.h"

struct lights_of {
    struct call *c;
    struct view view;
    struct groups groups;
    struct homes homes;
};

static enum err light_row(void *user, const struct seen *s, bool *stop)
{
    struct lights_of *lights = user;
    struct group *group = NULL;
    (void)stop;
    if (s->stop != INSTANT_NONE) {
        return OK;
    }
    struct clock clock = {.run = s->paused == INSTANT_NONE ? CLOCK_RUNNING
                                                           : CLOCK_PAUSED,
                          .due = s->due,
                          .yellow = s->yellow};
    register_id unit = 0;
    enum err err =
        homes_unit(&lights->homes, lights->c, s->unit, &lights->view, &unit);
    if (err == OK) {
        err = groups_at(&lights->groups, unit, &group);
    }
    if (err == OK) {
        group->counts[clock_light(&clock, lights->view.at)]++;
    }
    return err;
}

static void write_lights(struct call *c, const struct lights_of *lights)
{
    json_t *table = table_new("department green yellow red grey open");
    json_object_set_new(report_header(c, &lights->view), "lights", table);
    for (size_t i = 0; i < lights->groups.n; i++) {
        const struct group *group = &lights->groups.list[i];
        int64_t open = 0;
        json_t *row = table_row(table);
        row_text(row, group->name);
        for (int light = LIGHT_GREEN; light <= LIGHT_GREY; light++) {
            row_int(row, group->counts[light]);
            open += group->counts[light];
        }
        row_int(row, open);
    }
}

enum err cmd_report_lights(struct call *c)
{
    struct lights_of lights = {.c = c, .groups = {.n = 0}};
    enum err err = view_begin(c, &lights.view);
    if (err != OK) {
        return err;
    }
    struct scan scan = {.view = lights.view,
                        .finish_only = true,
                        .user = &lights,
                        .fn = light_row};
    err = report_scan(c, &scan);
    if (err == OK) {
        err = groups_name(c, &lights.groups, &lights.view);
    }
    if (err == OK) {
        write_lights(c, &lights);
    }
    groups_done(&lights.groups);
    homes_done(&lights.homes);
    return err;
}
