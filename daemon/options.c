#include "daemon/options.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "daemon/net/net.h"
#include "daemon/say.h"
#include "daemon/settings/config.h"

enum option_id {
    OPT_CONFIG,
    OPT_DATA,
    OPT_LISTEN,
    OPT_PEER,
    OPT_HTTP,
    OPT_INIT,
    OPT_ADMINISTRATORS,
    OPT_CHECK,
    OPT_VERSION,
    OPT_HELP
};

struct option {
    const char *name;
    const char *value; /* what it is called in the help; NULL: takes none */
    enum option_id id;
    const char *zh;
    const char *en;
};

/* clang-format off */
static const struct option table[] = {
    {"--config",  "FILE",      OPT_CONFIG,
     "配置文件;命令行上给出的优先于它",
     "a configuration file; what stands on the command line wins"},
    {"--data",    "DIR",       OPT_DATA,
     "数据目录", "the data folder"},
    {"--listen",  "ADDRESS",   OPT_LISTEN,
     "监听地址,可重复: unix:PATH、tcp:HOST:PORT(回环地址之外即 TLS)、tls:HOST:PORT",
     "where to serve; may be repeated: unix:PATH, tcp:HOST:PORT (TLS off loopback), tls:HOST:PORT"},
    {"--peer",    "USER=ACCOUNT", OPT_PEER,
     "本机套接字上该用户即此账号,可重复",
     "whose account that user is on the local socket; may be repeated"},
    {"--http",    "HOST:PORT", OPT_HTTP,
     "网页控制台(尚未提供)", "the web console (comes later)"},
    {"--init",    NULL,        OPT_INIT,
     "建立新的数据目录, 显示三员的一次性口令后退出",
     "make a new data folder, print the administrators' one-time passwords, and exit"},
    {"--administrators", NULL, OPT_ADMINISTRATORS,
     "无人能登录时(守护进程须停止): 为三员换发一次性口令后退出",
     "when nobody can log in (the daemon must not run): new one-time passwords for the administrators, and exit"},
    {"--check",   NULL,        OPT_CHECK,
     "检查配置、生命周期、日历、规程与数据库后退出",
     "check configuration, lifecycle, calendar, regulation and database, and exit"},
    {"--version", NULL,        OPT_VERSION,
     "显示版本", "print the version"},
    {"--help",    NULL,        OPT_HELP,
     "显示本说明", "print this help"},
};
/* clang-format on */
enum {
    OPTIONS = sizeof table / sizeof *table
};

void options_help(void)
{
    printf("%s\n\n", say("用法:bihuand --data DIR --listen unix:PATH\n"
                         "     bihuand --config FILE",
                         "usage: bihuand --data DIR --listen unix:PATH\n"
                         "       bihuand --config FILE"));
    for (int i = 0; i < OPTIONS; i++) {
        const struct option *o = &table[i];
        printf("  %-16s %-12s %s\n", o->name, o->value == NULL ? "" : o->value,
               say(o->zh, o->en));
    }
}

static int wrong(const char *what, const char *text)
{
    fprintf(stderr, "bihuand: %s: %s\n%s\n", what, text,
            say("用 bihuand --help 查看用法", "see bihuand --help"));
    return EXIT_USAGE;
}

static int later(const char *what)
{
    return wrong(what, say("尚未提供,将随后续版本推出",
                           "not offered yet: it comes later"));
}

/* One more of what may be repeated. */
static int add(struct options *o, const char *name, enum setting_id id,
               const char *value)
{
    struct problem p;
    char expected[PROBLEM_TEXT_SIZE + 32];
    enum err err = settings_set(&o->settings, id, value, FROM_COMMAND_LINE, &p);
    if (err == OK) {
        return *value == '\0'
                   ? wrong(name, say("缺少值", "its value is missing"))
                   : 0;
    }
    if (err == ERR_LIMIT) {
        return wrong(name, say("过多", "too many"));
    }
    snprintf(expected, sizeof expected, say("应为 %s", "expected %s"),
             p.expected);
    return wrong(name, expected);
}

/* A folder below the one we stand in may be named here, but not in the file. */
static int set_data(struct options *o, const char *value)
{
    if (*value == '\0') {
        return wrong("--data", say("目录为空", "no folder"));
    }
    o->settings.value[SET_server_data].text = value;
    o->settings.value[SET_server_data].from = FROM_COMMAND_LINE;
    return 0;
}

static int set(struct options *o, const struct option *option,
               const char *value)
{
    switch (option->id) {
    case OPT_CONFIG:
        o->config = value;
        return 0;
    case OPT_DATA:
        return set_data(o, value);
    case OPT_LISTEN:
        return add(o, "--listen", SET_server_listen, value);
    case OPT_PEER:
        return add(o, "--peer", SET_server_peer, value);
    case OPT_HTTP:
        return later("--http");
    case OPT_INIT:
        o->init = true;
        return 0;
    case OPT_ADMINISTRATORS:
        o->administrators = true;
        return 0;
    case OPT_CHECK:
        o->check = true;
        return 0;
    case OPT_VERSION:
        o->version = true;
        return 0;
    case OPT_HELP:
        o->help = true;
        return 0;
    }
    return EXIT_USAGE;
}

/* The option that an argument names: the whole of it, or up to its '='. */
static const struct option *find(const char *text)
{
    size_t len = strcspn(text, "=");
    for (int i = 0; i < OPTIONS; i++) {
        if (strlen(table[i].name) == len &&
            memcmp(table[i].name, text, len) == 0) {
            return &table[i];
        }
    }
    return NULL;
}

/* Takes the option at argv[*i] and moves *i past its value. */
static int take(int argc, char **argv, int *i, struct options *o)
{
    const char *text = argv[*i];
    const char *equals = strchr(text, '=');
    const struct option *option = find(text);
    if (option == NULL) {
        return wrong(text, say("没有这个选项", "there is no such option"));
    }
    if (option->value == NULL) {
        return equals == NULL ? set(o, option, "")
                              : wrong(option->name,
                                      say("此选项不带值", "it takes no value"));
    }
    if (equals != NULL) {
        return set(o, option, equals + 1);
    }
    if (*i + 1 == argc) {
        return wrong(option->name, say("缺少值", "its value is missing"));
    }
    *i += 1;
    return set(o, option, argv[*i]);
}

/* What is done at once, without serving. */
static bool one_off(const struct options *o)
{
    return o->init || o->administrators || o->check;
}

/* What must stand together. */
static int complete(const struct options *o)
{
    if (o->help || o->version) {
        return 0;
    }
    if (o->init + o->administrators + o->check > 1) {
        return wrong("--init, --administrators, --check",
                     say("只能给出其中之一", "only one of them"));
    }
    if (options_data(o) == NULL && !o->check) {
        return wrong("--data", say("必须给出数据目录", "it is required"));
    }
    if (o->settings.n_listen == 0 && !one_off(o)) {
        return wrong("--listen",
                     say("至少给出一个", "at least one is required"));
    }
    struct problem p;
    return net_allowed(&o->settings, &p) == OK ? 0 : wrong(p.param, p.detail);
}

const char *options_data(const struct options *o)
{
    const char *data = o->settings.value[SET_server_data].text;
    return *data == '\0' ? NULL : data;
}

static int read_config(struct options *o)
{
    char why[CONFIG_WHY_SIZE];
    if (o->config == NULL || o->help || o->version ||
        config_read(o->config, &o->settings, why) == OK) {
        return 0;
    }
    fprintf(stderr, "bihuand: %s\n", why);
    return EXIT_USAGE;
}

int options_parse(int argc, char **argv, struct options *ret)
{
    *ret = (struct options){.config = NULL};
    settings_init(&ret->settings);
    for (int i = 1; i < argc; i++) {
        int status = take(argc, argv, &i, ret);
        if (status != 0) {
            return status;
        }
    }
    int status = read_config(ret);
    return status == 0 ? complete(ret) : status;
}
