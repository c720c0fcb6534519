/* Jobs one after another; each is in one list at most. */
#ifndef BIHUAN_DAEMON_ENGINE_JOB_LIST_H
#define BIHUAN_DAEMON_ENGINE_JOB_LIST_H

#include "daemon/engine/engine.h"

void job_list_add(struct job_list *l, struct job *job);
struct job *job_list_take(struct job_list *l); /* NULL: empty */

#endif
