#include "userfault.h"

#include <fcntl.h>
#include <linux/userfaultfd.h>
#include <sys/ioctl.h>

char *stalling_page(int *fd)
{
    char *at = mmap(NULL, 4096, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    struct uffdio_api api = {UFFD_API, 0, 0};
    struct uffdio_register area = {{(uint64_t)(uintptr_t)at, 4096}, UFFDIO_REGISTER_MODE_MISSING, 0};
    CHECK(at != MAP_FAILED);
    *fd = (int)syscall(SYS_userfaultfd, O_CLOEXEC);
    if (*fd < 0 && errno == ENOSYS) {
        lacks("no userfaultfd");
    } else if (*fd < 0) {
        skip("userfaultfd needs privileges here");
    }
    CHECK(ioctl(*fd, UFFDIO_API, &api) == 0 && ioctl(*fd, UFFDIO_REGISTER, &area) == 0);
    return at;
}

void fill(int fd, char *at, const void *content, size_t size)
{
    static char from[4096] __attribute__((aligned(4096)));
    memcpy(from, content, size);
    struct uffdio_copy copy = {(uint64_t)(uintptr_t)at, (uint64_t)(uintptr_t)from, 4096, 0, 0};
    if (ioctl(fd, UFFDIO_COPY, &copy) != 0) { /* a task that a signal has woken asks again, and may ask for what it has got */
        struct uffdio_range page = {copy.dst, copy.len};
        CHECK(errno == EEXIST && ioctl(fd, UFFDIO_WAKE, &page) == 0);
    }
}

int wait_for_page_fault(int fd)
{
    struct uffd_msg message;
    return read(fd, &message, sizeof message) == sizeof message && message.event == UFFD_EVENT_PAGEFAULT;
}

int call_of(int tid)
{
    char path[64], text[64] = "";
    snprintf(path, sizeof path, "/proc/%d/syscall", tid);
    FILE *file = fopen(path, "r");
    int nr = file != NULL && fgets(text, sizeof text, file) != NULL && text[0] >= '0' && text[0] <= '9' ? atoi(text) : -1;
    if (file != NULL) {
        fclose(file);
    }
    return nr;
}
