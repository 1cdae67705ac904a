/* glibc's own broadcast, behind every set*id of C. It has none for prctl. */
#include "fault.h"

const char peer_name[] = "glibc";
const int peer_signal = 33;

int peer_start(void)
{
    return 0;
}

int peer_change(int change)
{
    uid_t all = change == NO_CHANGE ? (uid_t)-1 : NOBODY;
    if (change == NO_NEW_PRIVS || stage->ruleset != 0) {
        return -ENOSYS;
    }
    return setresuid(all, all, all) == 0 ? 0 : -errno;
}

int peer_count(int counter, int gid, uint64_t *tasks)
{
    (void)counter;
    (void)tasks;
    gid_t id = (gid_t)gid; /* -1: stays what it is */
    return setresgid(id, id, id) == 0 ? 1 : -errno;
}
