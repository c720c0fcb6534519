/* Jobs one after another. */
#include "daemon/engine/job_list.h"

void job_list_add(struct job_list *l, struct job *job)
{
    job->next = NULL;
    if (l->last == NULL) {
        l->first = job;
    } else {
        l->last->next = job;
    }
    l->last = job;
    l->n++;
}

struct job *job_list_take(struct job_list *l)
{
    struct job *job = l->first;
    if (job != NULL) {
        l->first = job->next;
        if (l->first == NULL) {
            l->last = NULL;
        }
        l->n--;
        job->next = NULL;
    }
    return job;
}
