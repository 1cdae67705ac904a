/* Changes that can be repeated, and counted: each task that runs one adds one to an eventfd. */
#include "fault.h"

static int counter = -1;

int open_counter(void)
{
    if (counter < 0) {
        counter = eventfd(0, EFD_NONBLOCK | EFD_CLOEXEC);
        CHECK(counter >= 0);
    }
    return counter;
}

void once_more(int gid, uint64_t tasks)
{
    uint64_t sum = 0, took_part = tasks;
    int fd = open_counter();
    __atomic_store_n(&stage->step, ASKING, __ATOMIC_SEQ_CST); /* whoever hangs from here on hangs in the peer */
    int result = peer_count(fd, gid, &took_part);
    __atomic_store_n(&stage->step, MAKING, __ATOMIC_SEQ_CST);
    stage->counted++;
    if (result < 0) {
        stage->failed++;
    } else if (result == 0) {
        int came = read(fd, &sum, sizeof sum) == sizeof sum;
        stage->miscounted += !came || (took_part != 0 && sum != took_part) || (tasks != 0 && sum != tasks);
    }
}

void exactly_once(int rounds, uint64_t tasks)
{
    for (int i = 0; i < rounds; i++) {
        once_more(-1, tasks);
    }
}
