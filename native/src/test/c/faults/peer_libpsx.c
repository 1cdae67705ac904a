/* libpsx of libcap, as Debian has it: linked with -Wl,-wrap,pthread_create, by which it learns of threads. */
#include "fault.h"

#include <sys/psx_syscall.h>

const char peer_name[] = "libpsx";
#ifdef LIBPSX_MAJOR /* 2.71 and later */
const int peer_signal = 33;
#else
const int peer_signal = SIGSYS;
#endif

int peer_start(void)
{
    return 0;
}

int peer_change(int change)
{
    long id = change == NO_CHANGE ? -1 : NOBODY;
    if (stage->ruleset != 0 && psx_syscall3(SYS_landlock_restrict_self, stage->ruleset, 0, 0) != 0) {
        return -errno;
    }
    long result = change == NO_NEW_PRIVS ? psx_syscall6(SYS_prctl, PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0, 0)
                                                : psx_syscall3(SYS_setresuid, id, id, id);
    return result == 0 ? 0 : -errno;
}

int peer_count(int counter, int gid, uint64_t *tasks)
{
    static const uint64_t one = 1;
    (void)tasks;
    if (gid >= 0 && psx_syscall3(SYS_setresgid, gid, gid, gid) != 0) {
        return -errno;
    }
    return psx_syscall3(SYS_write, counter, (long)&one, sizeof one) == sizeof one ? 0 : -errno;
}
