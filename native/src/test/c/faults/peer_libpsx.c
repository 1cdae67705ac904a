/* libpsx of libcap, as Debian has it: linked with -Wl,-wrap,pthread_create, by which it learns of threads. */
#include "fault.h"

#include <sys/psx_syscall.h>

const char peer_name[] = "libpsx";

int peer_start(void)
{
    return 0;
}

int peer_change(void)
{
    long result = stage->change == NO_NEW_PRIVS ? psx_syscall6(SYS_prctl, PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0, 0)
                                                : psx_syscall3(SYS_setresuid, NOBODY, NOBODY, NOBODY);
    return result == 0 ? 0 : -errno;
}
