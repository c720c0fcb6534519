/* The data folder: see data_folder.h. */
#include "daemon/setup/data_folder.h"

#include <stdio.h>
#include <sys/stat.h>

#include "daemon/say.h"

/* What is wrong with a data folder that is often named wrongly, and what to do;
 * NULL: nothing more is known than the problem says. */
static const char *advice(enum err err)
{
    switch (err) {
    case ERR_BUSY:
        return say("数据目录正在使用, 请先停止服务",
                   "the data folder is in use, stop the service first");
    case ERR_NOT_FOUND:
        return say("这里没有数据库, 新建用 --init",
                   "there is no database here, --init makes one");
    case ERR_UNSUPPORTED:
        return say("数据库属于其他版本: 较旧的在服务启动时升级, "
                   "较新的须用新版程序",
                   "the database is of another version: an older one is "
                   "changed when the service starts, a newer one needs the "
                   "newer program");
    default:
        return NULL;
    }
}

void data_folder_tell(const char *what, const struct problem *p)
{
    const char *known = advice(p->err);
    if (known != NULL) {
        fprintf(stderr, "bihuand: %s: %s\n", what, known);
        return;
    }
    fprintf(stderr, "bihuand: %s: %s%s%s%s%s\n", what, err_text(p->err),
            p->detail[0] == '\0' ? "" : ": ", p->detail,
            p->expected[0] == '\0' ? "" : ": ", p->expected);
}

bool data_folder_database(const char *data, char out[DATA_PATH_SIZE])
{
    int len = snprintf(out, DATA_PATH_SIZE, "%s/bihuan.db", data);
    return len > 0 && len < DATA_PATH_SIZE;
}

enum err data_folder_ours(const char *data, struct problem *p)
{
    struct stat info;
    bool others =
        stat(data, &info) == 0 && (info.st_mode & (S_IWGRP | S_IWOTH)) != 0;
    return others ? problem_set(p, ERR_FORBIDDEN, data,
                                say("他人可写; 请执行 chmod go-w",
                                    "others may write it; chmod go-w"),
                                "")
                  : OK;
}
