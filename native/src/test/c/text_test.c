/* Tasks whose own text cannot be read when they are gathered: the handler looks at what they were doing, and must not fault. */
#include "check.h"

static struct full_report report;
static int ends[2];

/* read(descriptor, buffer, size) in a page of its own, so that the page can be taken away. */
#if defined(__x86_64__)
static const unsigned char READ[] = {0x31, 0xc0, 0x0f, 0x05, 0xc3}; /* xor eax, eax; syscall; ret */
#else
static const uint32_t READ[] = {0xd28007e8, 0xd4000001, 0xd65f03c0}; /* mov x8, #63; svc #0; ret */
#endif

static long (*read_in_page)(int, void *, long);
static volatile int reader, has_read;

/* After an attempt that was given up the reader goes on without its text: it tries again. Where all signals are blocked a fault is the end. */
static void try_again(int signo)
{
    (void)signo;
    sched_yield();
}

static void *reads(void *unused)
{
    char byte;
    reader = gettid();
    EQUAL(1, read_in_page(ends[0], &byte, 1));
    has_read = 1;
    return unused;
}

/* In the call itself: it sleeps in the handler too. */
static void wait_until_it_reads(int tid)
{
    char path[64];
    int call = -1;
    snprintf(path, sizeof path, "/proc/self/task/%d/syscall", tid);
    while (call != SYS_read) {
        FILE *file = fopen(path, "r");
        CHECK(file != NULL);
        if (fscanf(file, "%d", &call) != 1) {
            call = -1;
        }
        fclose(file);
    }
}

/* The program gives the page back: when the reader runs it, it has been held without its text. */
static void unreadable_text_is_no_fault(void)
{
    size_t size = (size_t)sysconf(_SC_PAGESIZE);
    void *page = mmap(NULL, size, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    CHECK(page != MAP_FAILED && pipe(ends) == 0);
    memcpy(page, READ, sizeof READ);
    CHECK(mprotect(page, size, PROT_READ | PROT_EXEC) == 0);
    __builtin___clear_cache(page, (char *)page + sizeof READ);
    memcpy(&read_in_page, &page, sizeof page);
    start_engine();
    signal(SIGSEGV, try_again);
    thread(reads, NULL);
    while (reader == 0) {
        sched_yield();
    }
    for (int i = 0; i < 10; i++) {
        wait_until_it_reads(reader);
        CHECK(mprotect(page, size, PROT_NONE) == 0);
        EQUAL(0, run(&report, &OPTIONS, SYS_mprotect, (uint64_t)page, size, PROT_READ | PROT_EXEC));
        EQUAL(PSX_DONE, report.head.status);
        EQUAL(PSX_RAN, report.entries[0].outcome);
    }
    EQUAL(1, write(ends[1], "x", 1));
    while (!has_read) {
        sched_yield();
    }
}

int main(void)
{
    TEST(unreadable_text_is_no_fault);
    return 0;
}
