/* What whole plans need: results that may differ, tasks with an fs_struct of their own, a directory without a way out, a flag put back. */
#include "check.h"

#include <fcntl.h>
#include <sched.h>
#include <sys/prctl.h>
#include <sys/stat.h>

static struct full_report report;

static volatile int ready;

static void expect_umask(void)
{
    int32_t tids[ENTRIES];
    int64_t count = psx_tasks(tids, ENTRIES);
    for (int64_t i = 0; i < count; i++) {
        EQUAL(0027, status_field(tids[i], "Umask", 8));
    }
}

static void *own_umask(void *unused)
{
    CHECK(unshare(CLONE_FS) == 0);
    umask(0007);
    ready = 1;
    return idle(unused);
}

static void start_task_of_its_own(void)
{
    thread(own_umask, NULL);
    while (!ready) {
        sched_yield();
    }
}

static int64_t set_umask(uint32_t mark)
{
    struct psx_call program[1] = {{SYS_umask, {0027}, mark, 0}};
    report.head.capacity = ENTRIES;
    EQUAL(0, psx_broadcast(program, 1, &OPTIONS, &report.head));
    return report.head.status;
}

/* The old umask of that task is another one: success is enough. */
static void results_may_differ_where_that_is_said(void)
{
    umask(0022);
    start_engine();
    thread(idle, NULL);
    start_task_of_its_own();
    EQUAL(PSX_DIVERGED, set_umask(PSX_PER_FS));
    EQUAL(PSX_DONE, set_umask(PSX_PER_FS | PSX_ANY_RESULT));
    expect_umask();
}

static void errors_differ_all_the_same(void)
{
    start_engine();
    start_task_of_its_own();
    char directory[] = "/tmp/psx-plan-XXXXXX";
    CHECK(mkdtemp(directory) != NULL);
    CHECK(chdir(directory) == 0);
    CHECK(mkdir("only-here", 0700) == 0);
    struct psx_call program[1] = {{SYS_chdir, {(uint64_t)(uintptr_t)"only-here"}, PSX_PER_FS | PSX_ANY_RESULT, 0}};
    report.head.capacity = ENTRIES;
    EQUAL(0, psx_broadcast(program, 1, &OPTIONS, &report.head));
    EQUAL(PSX_DIVERGED, report.head.status);
    EQUAL(-ENOENT, report.entries[0].result);
    CHECK(chdir("..") == 0 && rmdir("only-here") == 0 && rmdir(directory) == 0);
}

/* The first descriptor from which that leads somewhere. */
static int way_out(void)
{
    for (int fd = 0; fd < 64; fd++) {
        int out = openat(fd, "../../../etc/passwd", O_RDONLY);
        if (out >= 0) {
            close(out);
            return fd;
        }
    }
    return -1;
}

static void the_directory_can_be_made_a_dead_end(void)
{
    start_engine();
    thread(idle, NULL);
    CHECK(way_out() >= 0);
    int64_t error = psx_confine();
    if (geteuid() != 0) {
        EQUAL(-EPERM, error);
        return;
    }
    EQUAL(0, error);
    EQUAL(-1, way_out());
    EQUAL(0, run(&report, &OPTIONS, SYS_gettid, 0, 0, 0)); /* each task another result, so each has run it */
    EQUAL(2, report.head.tasks);
    uint64_t root[2];
    struct stat status;
    EQUAL(0, psx_task_file(getpid(), "root", root));
    CHECK(stat("/", &status) == 0);
    EQUAL(status.st_dev, root[0]);
    EQUAL(status.st_ino, root[1]);
    EQUAL(-ENOENT, psx_task_file(getpid(), "nothing", root));
}

static void the_directory_can_be_left_behind(void)
{
    start_engine();
    EQUAL(0, psx_reopen());
    EQUAL(0, run(&report, &OPTIONS, SYS_getpid, 0, 0, 0));
    if (geteuid() != 0) {
        return;
    }
    char directory[] = "/tmp/psx-plan-XXXXXX";
    CHECK(mkdtemp(directory) != NULL);
    CHECK(chroot(directory) == 0);
    CHECK(psx_reopen() < 0);
    EQUAL(-1, way_out());
    CHECK(run(&report, &OPTIONS, SYS_getpid, 0, 0, 0) < 0);
}

static void a_file_that_has_taken_the_number_is_not_closed(void)
{
    start_engine();
    int directory = way_out();
    int file = open("/dev/null", O_RDONLY);
    CHECK(directory >= 0 && dup2(file, directory) == directory);
    EQUAL(0, psx_reopen());
    struct stat status;
    CHECK(fstat(directory, &status) == 0 && S_ISCHR(status.st_mode));
    EQUAL(0, run(&report, &OPTIONS, SYS_getpid, 0, 0, 0));
}

/* The memory is shared: what the trial made of the flag would stay. */
static void a_trial_puts_the_dumpable_flag_back(void)
{
    start_engine();
    for (int flag = 0; flag <= 1; flag++) {
        CHECK(prctl(PR_SET_DUMPABLE, flag) == 0);
        struct psx_call program[1] = {{SYS_prctl, {PR_SET_DUMPABLE, (uint64_t)!flag}, PSX_AFTER, 0}};
        EQUAL(0, psx_trial(program, 1, &report.head));
        EQUAL(PSX_DONE, report.head.status);
        EQUAL(flag, prctl(PR_GET_DUMPABLE));
    }
}

int main(void)
{
    TEST(results_may_differ_where_that_is_said);
    TEST(errors_differ_all_the_same);
    TEST(the_directory_can_be_made_a_dead_end);
    TEST(the_directory_can_be_left_behind);
    TEST(a_file_that_has_taken_the_number_is_not_closed);
    TEST(a_trial_puts_the_dumpable_flag_back);
    return 0;
}
