/* io_uring: a ring may hold credentials of earlier days under a number, a personality, for whoever submits a request. */
#include "engine.h"

#ifndef __NR_io_uring_register
#define __NR_io_uring_register 427
#endif
#define IORING_UNREGISTER_PERSONALITY 10u
#define LAST_PERSONALITY 65535u

static int64_t forget(int32_t fd, uint32_t personality)
{
    return SYS4(__NR_io_uring_register, fd, IORING_UNREGISTER_PERSONALITY, 0, personality);
}

EXPORT int64_t psx_ring_forgettable(int32_t fd)
{
    int64_t error = forget(fd, 0); /* nobody has that number */
    return error == -EINVAL ? 0 : error;
}

EXPORT int64_t psx_ring_forget(int32_t fd)
{
    int64_t error = psx_ring_forgettable(fd);
    int64_t forgotten = 0;
    for (uint32_t i = 1; error == 0 && i <= LAST_PERSONALITY; i++) {
        forgotten += forget(fd, i) >= 0;
    }
    return error < 0 ? error : forgotten;
}
