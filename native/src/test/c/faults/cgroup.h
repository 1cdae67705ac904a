/* Control groups for scenarios; the judge removes them. Each function gives the group's directory, or NULL if there is no such thing here. */
#ifndef CGROUP_H
#define CGROUP_H

#include "fault.h"

const char *cgroup_quota(int percent);
const char *cgroup_freezer(int of_single_tasks);
void cgroup_join(const char *group); /* the whole process */
void cgroup_join_task(const char *group, int tid);
void cgroup_freeze(const char *group, int freeze);

#endif
