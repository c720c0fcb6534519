#include "daemon/reload.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>
#include <time.h>

#include "daemon/log.h"
#include "daemon/settings/config.h"
#include "daemon/systemd.h"

/* Whether the file now says something else than what is in force. */
static bool differs(const struct settings *now, const struct settings *file,
                    enum setting_id id)
{
    char in_force[SETTING_LISTED_SIZE];
    char wanted[SETTING_LISTED_SIZE];
    return now->value[id].from != FROM_COMMAND_LINE &&
           strcmp(settings_show(now, id, in_force),
                  settings_show(file, id, wanted)) != 0;
}

static bool at_once(enum setting_id id)
{
    return id == SET_log_level || id == SET_tls_certificate ||
           id == SET_tls_key || id == SET_password_list;
}

static void compare(const struct settings *now, const struct settings *file)
{
    for (int i = 0; i < SETTING_COUNT; i++) {
        enum setting_id id = (enum setting_id)i;
        char name[SETTING_NAME_SIZE];
        if (!at_once(id) && differs(now, file, id)) {
            const struct log_field fields[] = {
                {NULL, "changed in the file; in force after a restart"},
                {"setting", setting_name(id, name)}};
            log_fields(LOG_PRIORITY_WARNING, "reload", fields, 2);
        }
    }
}

/* systemd wants to know when a reload began, by the clock that never jumps. */
static void tell_begin(void)
{
    struct timespec now;
    char text[80];
    clock_gettime(CLOCK_MONOTONIC, &now);
    snprintf(text, sizeof text, "RELOADING=1\nMONOTONIC_USEC=%" PRId64,
             (int64_t)now.tv_sec * 1000000 + now.tv_nsec / 1000);
    systemd_tell(text);
}

enum err reload_weak(const struct settings *settings, struct weak *weak,
                     struct problem *p)
{
    const char *path = settings->value[SET_password_list].text;
    struct weak_list *list = NULL;
    char count[32];
    if (path[0] != '\0') {
        enum err err = weak_list_read(path, &list, p);
        if (err != OK) {
            return err;
        }
        snprintf(count, sizeof count, "%zu", weak_list_count(list));
        const struct log_field fields[] = {{NULL, "read"},
                                           {"passwords", count}};
        log_fields(LOG_PRIORITY_INFO, "list of weak passwords", fields, 2);
    }
    weak_set(weak, list);
    return OK;
}

static void apply(const struct options *options, const struct settings *file,
                  struct net *net, struct weak *weak)
{
    struct problem p = {.err = OK};
    log_set_level(settings_log_level(file));
    compare(&options->settings, file);
    if (net_reload(net, file, &p) != OK) {
        log_problem(LOG_PRIORITY_ERROR, "reload", &p);
        log_text(LOG_PRIORITY_ERROR, "reload",
                 "the certificate in force stays");
    }
    if (reload_weak(file, weak, &p) != OK) {
        log_problem(LOG_PRIORITY_ERROR, "reload", &p);
        log_text(LOG_PRIORITY_ERROR, "reload",
                 "the list of weak passwords in force stays");
    }
    log_text(LOG_PRIORITY_INFO, "reload", "done");
}

void reload(const struct options *options, struct net *net, struct weak *weak)
{
    struct settings file;
    char why[CONFIG_WHY_SIZE];
    tell_begin();
    settings_init(&file);
    if (options->config == NULL) {
        log_text(LOG_PRIORITY_WARNING, "reload",
                 "there is no configuration file");
    } else if (config_read(options->config, &file, why) != OK) {
        log_text(LOG_PRIORITY_ERROR, "reload", why);
    } else {
        apply(options, &file, net, weak);
    }
    systemd_tell("READY=1");
}
