/* /proc goes away: unmounted, hidden, outside the root directory, forbidden in the middle of the change. */
#include "fault.h"

#include <fcntl.h>
#include <grp.h>
#include <linux/capability.h>
#include <linux/landlock.h>
#include <sys/mount.h>

#define TASKS 10

static void idle_tasks(void)
{
    for (int i = 0; i < TASKS; i++) {
        thread(idle, NULL);
    }
}

static void own_mounts(void)
{
    if (unshare(CLONE_NEWNS) != 0) {
        skip("no mount namespace of its own");
    }
    EQUAL(0, mount("none", "/", NULL, MS_REC | MS_PRIVATE, NULL));
}

static void unmounted(void)
{
    own_mounts();
    idle_tasks();
    exactly_once(1, TASKS + 1);
    while (umount2("/proc", MNT_DETACH) == 0) {
    }
    EQUAL(-1, access("/proc/self", F_OK));
    proven("/proc/self: %s", strerror(errno));
    exactly_once(50, TASKS + 1);
    broadcast_now();
}

/* As a user who may look at nobody else. */
static void hidden(void)
{
    struct __user_cap_header_struct header = {_LINUX_CAPABILITY_VERSION_3, 0};
    struct __user_cap_data_struct sets[2] = {{1u << CAP_SETUID, 1u << CAP_SETUID, 0}, {0, 0, 0}};
    own_mounts();
    if (mount("proc", "/proc", "proc", 0, "hidepid=2") != 0) {
        lacks("hidepid");
    }
    EQUAL(0, prctl(PR_SET_KEEPCAPS, 1, 0, 0, 0));
    EQUAL(0, setgroups(0, NULL)); /* the group 0 may see all */
    EQUAL(0, setresgid(54321, 54321, 54321));
    EQUAL(0, setresuid(54321, 54321, 54321));
    EQUAL(0, syscall(SYS_capset, &header, sets));
    EQUAL(-1, access("/proc/1", F_OK));
    proven("/proc is mounted with hidepid=2, /proc/1: %s", strerror(errno));
    start_peer();
    idle_tasks();
    exactly_once(50, TASKS + 1);
    broadcast_now();
}

static void outside_the_root(void)
{
    char empty[] = "/tmp/psx-fault-XXXXXX";
    CHECK(mkdtemp(empty) != NULL);
    idle_tasks();
    exactly_once(1, TASKS + 1);
    CHECK(chdir(empty) == 0 && rmdir(empty) == 0); /* it stays as long as somebody is in it */
    CHECK(chroot(".") == 0);
    EQUAL(-1, access("/proc", F_OK));
    proven("in the new root directory, /proc: %s", strerror(errno));
    exactly_once(50, TASKS + 1);
    broadcast_now();
}

static volatile int refused_to_open, look;

static void *opens_proc_afterwards(void *unused)
{
    wait_for(&look);
    refused_to_open = open("/proc/self/status", O_RDONLY) < 0 ? errno : -1;
    return idle(unused);
}

/* The first call of the change forbids every file to the task, the second one sets its ids. */
static void forbidden_in_the_middle(void)
{
    struct landlock_ruleset_attr every_right = {.handled_access_fs = (1u << 13) - 1};
    stage->ruleset = (int)syscall(SYS_landlock_create_ruleset, &every_right, sizeof every_right.handled_access_fs, 0);
    if (stage->ruleset < 0) {
        lacks("Landlock");
    }
    idle_tasks();
    thread(opens_proc_afterwards, NULL);
    exactly_once(1, TASKS + 2);
    proven("the change is landlock_restrict_self without a rule, then setresuid");
    broadcast_now();
    look = 1;
    wait_for(&refused_to_open);
    if (stage->result == 0) {
        EQUAL(EACCES, refused_to_open);
        EQUAL(-1, open("/proc/self/status", O_RDONLY));
        EQUAL(EACCES, errno);
    }
    stage->ruleset = 0;
    exactly_once(50, TASKS + 2);
    broadcast_now();
}

const struct fault procfs_faults[] = {
    {"proc-unmounted", "/proc unmounted", unmounted, ALL_CHANGED, 0, NEEDS_ROOT},
    {"proc-hidden", "/proc mounted with hidepid=2", hidden, ALL_CHANGED, 0, NEEDS_ROOT | STARTS_LATE},
    {"chroot", "chroot to a directory without /proc", outside_the_root, ALL_CHANGED, 0, NEEDS_ROOT},
    {"landlock", "Landlock forbids /proc in the middle of the change", forbidden_in_the_middle, ALL_CHANGED, 0, NEEDS_ROOT},
    {NULL, NULL, NULL, 0, 0, 0},
};
