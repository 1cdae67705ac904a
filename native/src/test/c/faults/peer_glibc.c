/* glibc's own broadcast, behind every set*id of C. It has none for prctl. */
#include "fault.h"

const char peer_name[] = "glibc";

int peer_start(void)
{
    return 0;
}

int peer_change(void)
{
    return stage->change != BECOMES_NOBODY ? -ENOSYS : setresuid(NOBODY, NOBODY, NOBODY) == 0 ? 0 : -errno;
}
