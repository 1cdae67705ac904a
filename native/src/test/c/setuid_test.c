/*
 * Set-uid programs by psx_exec, beside tasks that are being created. `setuid_test N`: N of them with all tasks held, and N by an execve of the
 * caller's alone, whose count of lost ids is only told.
 */
#include "spawning.h"

#include <elf.h>
#include <linux/futex.h>
#include <stddef.h>
#include <sys/stat.h>

#define PLAIN_USER 1000

static struct full_report report;

/* A whole program: it exits with its effective uid. No libc: that would not load our library for a set-uid program. */
extern const char uid_program[], uid_program_end[];
#if defined(__x86_64__)
#define MACHINE EM_X86_64
__asm__(".text\n.globl uid_program, uid_program_end\n"
        "uid_program:\n  mov $107, %eax\n  syscall\n  mov %eax, %edi\n  mov $231, %eax\n  syscall\nuid_program_end:\n");
#else
#define MACHINE EM_AARCH64
__asm__(".text\n.globl uid_program, uid_program_end\n"
        "uid_program:\n  mov x8, #175\n  svc #0\n  mov x8, #94\n  svc #0\nuid_program_end:\n");
#endif

static char uid_path[64];

static void make_uid_program(void)
{
    struct {
        Elf64_Ehdr head;
        Elf64_Phdr part;
        char code[64];
    } file = {0};
    size_t length = (size_t)(uid_program_end - uid_program), at = offsetof(__typeof__(file), code);
    memcpy(file.head.e_ident, ELFMAG "\2\1\1", 7);
    file.head.e_type = ET_EXEC;
    file.head.e_machine = MACHINE;
    file.head.e_version = EV_CURRENT;
    file.head.e_entry = 0x400000 + at;
    file.head.e_phoff = sizeof file.head;
    file.head.e_ehsize = sizeof file.head;
    file.head.e_phentsize = sizeof file.part;
    file.head.e_phnum = 1;
    file.part = (Elf64_Phdr){PT_LOAD, PF_R | PF_X, 0, 0x400000, 0x400000, at + length, at + length, 0x1000};
    memcpy(file.code, uid_program, length);
    snprintf(uid_path, sizeof uid_path, "/tmp/psx-uid-%d", getpid());
    int fd = open(uid_path, O_WRONLY | O_CREAT | O_EXCL, 0700);
    CHECK(fd >= 0);
    EQUAL((ssize_t)(at + length), write(fd, &file, at + length));
    EQUAL(0, fchmod(fd, 04755)); /* root's */
    close(fd);
}

static void *ends_at_once(void *unused)
{
    return unused;
}

static void *creates_threads(void *unused)
{
    for (;;) {
        pthread_t id;
        if (pthread_create(&id, NULL, ends_at_once, NULL) == 0) {
            pthread_join(id, NULL);
        }
    }
    return unused;
}

/* Tasks that libc knows nothing of, one after the other: each ends at once, which clears its word. */
long raw_born(unsigned long flags, void *top, int *word);
#if defined(__x86_64__)
__asm__(".text\n.globl raw_born\nraw_born:\n  mov %rdx, %r10\n  xor %edx, %edx\n  xor %r8d, %r8d\n  mov $56, %eax\n  syscall\n"
        "  test %rax, %rax\n  jnz 1f\n  xor %edi, %edi\n  mov $60, %eax\n  syscall\n1: ret\n");
#else
__asm__(".text\n.globl raw_born\nraw_born:\n  mov x4, x2\n  mov x2, #0\n  mov x3, #0\n  mov x8, #220\n  svc #0\n  cbnz x0, 1f\n"
        "  mov x0, #0\n  mov x8, #93\n  svc #0\n1: ret\n");
#endif

#define RAW_STACK 32768 /* the frame of a signal is large where there are large registers */

static void *creates_raw_tasks(void *stack)
{
    int word;
    for (;;) {
        __atomic_store_n(&word, 1, __ATOMIC_SEQ_CST);
        if (raw_born(CLONE_VM | CLONE_FS | CLONE_FILES | CLONE_SIGHAND | CLONE_THREAD | CLONE_SYSVSEM | CLONE_CHILD_CLEARTID,
                     (char *)stack + RAW_STACK, &word) < 0) {
            continue;
        }
        while (__atomic_load_n(&word, __ATOMIC_SEQ_CST) != 0) {
            syscall(SYS_futex, &word, FUTEX_WAIT, 1, NULL, NULL, 0);
        }
    }
    return stack;
}

static void execs_in_a_storm(int held, int round)
{
    static char stacks[2][RAW_STACK] __attribute__((aligned(16)));
    char *argv[] = {"uid", NULL};
    EQUAL(0, setresuid(PLAIN_USER, PLAIN_USER, PLAIN_USER));
    start_engine();
    for (int i = 0; i < 2; i++) {
        thread(creates_threads, NULL);
        thread(creates_raw_tasks, stacks[i]);
    }
    usleep((unsigned)round * 37 % 500);
    if (held) {
        struct psx_exec exec = {uid_path, (const char *const *)argv, (const char *const *)no_environment, NULL, 0, 0};
        report.head.capacity = ENTRIES;
        psx_exec(&exec, &OPTIONS, &report.head);
        fprintf(stderr, "exec: status %d, result %lld\n", report.head.status, (long long)report.head.result);
    } else {
        execve(uid_path, argv, no_environment);
    }
    _exit(99);
}

/* How many set-uid programs were not given their uid. Not all rounds if they take longer than so many seconds, as in an emulated machine. */
static int lost(int rounds, int held, int seconds)
{
    int count = 0, status;
    time_t enough = time(NULL) + seconds;
    make_uid_program();
    for (int round = 0; round < rounds && (round < 20 || time(NULL) < enough); round++) {
        pid_t pid = fork();
        if (pid == 0) {
            execs_in_a_storm(held, round);
        }
        EQUAL(pid, waitpid(pid, &status, 0));
        CHECK(WIFEXITED(status) && (WEXITSTATUS(status) == 0 || WEXITSTATUS(status) == (PLAIN_USER & 0xff)));
        count += WEXITSTATUS(status) != 0;
    }
    unlink(uid_path);
    return count;
}

static void a_set_uid_program_gets_its_uid(void)
{
    EQUAL(0, lost(300, 1, 40));
}

int main(int argc, char **argv)
{
    if (argc == 1) {
        TEST(a_set_uid_program_gets_its_uid);
        return 0;
    }
    int rounds = atoi(argv[1]);
    printf("held: %d of %d lost their uid\n", lost(rounds, 1, INT32_MAX), rounds);
    fflush(stdout);
    printf("not held: %d of %d lost their uid\n", lost(rounds, 0, INT32_MAX), rounds);
    return 0;
}
