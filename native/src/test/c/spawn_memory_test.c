/*
 * Somebody who may do less than the parent wants to read its memory, through a child that shares it and is by now no more than he is: of his
 * user, with none of the parent's capabilities, or in a user namespace, whose capabilities belong to all of its maker's user outside.
 */
#include "spawning.h"

#include <linux/capability.h>
#include <sys/uio.h>

#define NOBODY 65534
#define THREADS 4

static struct child children[THREADS];
static struct __user_cap_header_struct caps_of_self = {_LINUX_CAPABILITY_VERSION_3, 0};
static struct __user_cap_data_struct no_caps[2];

static void become_nobody(struct child *child)
{
    step(child, 0, SYS_setgroups, 0, 0, 0);
    step(child, 0, SYS_setresgid, NOBODY, NOBODY, NOBODY);
    step(child, 0, SYS_setresuid, NOBODY, NOBODY, NOBODY);
}

static void lose_capabilities(struct child *child)
{
    step(child, 0, SYS_capset, (uint64_t)&caps_of_self, (uint64_t)no_caps, 0);
}

static void be_born_in_a_namespace(struct child *child)
{
    child->spawn.clone_flags = CLONE_NEWUSER;
    child->spawn.uid_map = child->spawn.gid_map = "0 0 1";
    step(child, PSX_CHILD_MAPPED, 0, 0, 0, 0);
}

static void unshare_a_namespace(struct child *child)
{
    child->spawn.uid_map = child->spawn.gid_map = "0 0 1";
    step(child, 0, SYS_unshare, CLONE_NEWUSER, 0, 0);
    step(child, PSX_CHILD_MAPPED, 0, 0, 0, 0);
}

/* What the children become, and who attacks. */
static const struct kind {
    void (*become)(struct child *child);
    uid_t attacker;
} kinds[] = {{become_nobody, NOBODY}, {lose_capabilities, 0}, {be_born_in_a_namespace, 0}, {unshare_a_namespace, 0}};
static const struct kind *kind;

#define SECRET_AT 0x123456780000ull
static uint64_t secret; /* another one in each run: several may run at the same time */

struct attack {
    int found, tries, over;
};
static struct attack *attack;

/* Tries every process that has just been made. */
static void attacks(void)
{
    EQUAL(0, setresgid(kind->attacker, kind->attacker, kind->attacker));
    EQUAL(0, setresuid(kind->attacker, kind->attacker, kind->attacker));
    EQUAL(0, syscall(SYS_capset, &caps_of_self, no_caps));
    while (!__atomic_load_n(&attack->over, __ATOMIC_SEQ_CST)) {
        const char *last = strrchr(proc_text(getpid(), "../loadavg"), ' ');
        for (int pid = last == NULL ? 0 : atoi(last), i = 0; i < 8; i++) {
            uint64_t word = 0;
            struct iovec local = {&word, 8}, remote = {(void *)SECRET_AT, 8};
            attack->found += process_vm_readv(pid - i, &local, 1, &remote, 1, 0) == 8 && word == secret;
            attack->tries++;
        }
    }
    _exit(0);
}

static int careless; /* the children allow it: so it must be found */

static void *spawns(void *index)
{
    static struct timespec a_moment = {0, 500000};
    struct child *child = &children[(intptr_t)index];
    for (int i = 0; i < 100 && attack->found == 0; i++) {
        begin(child);
        kind->become(child);
        if (careless) {
            step(child, 0, SYS_prctl, PR_SET_DUMPABLE, 1, 0);
        }
        if (careless || i % 2 == 0) {
            step(child, 0, SYS_nanosleep, (uint64_t)&a_moment, 0, 0);
        }
        program(child, SELF, ends);
        spawn_well(child);
        EQUAL(0, end_of(child));
    }
    return index;
}

static void in_threads(void)
{
    pthread_t id[THREADS];
    for (intptr_t i = 0; i < THREADS; i++) {
        id[i] = thread(spawns, (void *)i);
    }
    for (int i = 0; i < THREADS; i++) {
        EQUAL(0, pthread_join(id[i], NULL));
    }
}

static void the_memory_stays_the_parent_s(void)
{
    start_engine();
    secret = 0x7465726365000000ull + (uint64_t)getpid();
    attack = mmap(NULL, 4096, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
    pid_t attacker = fork();
    if (attacker == 0) {
        attacks();
    }
    uint64_t *at = mmap((void *)SECRET_AT, 4096, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_FIXED, -1, 0);
    EQUAL(SECRET_AT, (uint64_t)at);
    *at = secret;
    in_threads();
    while (attack->tries < 1000) { /* the test's deadline ends this */
        in_threads();
    }
    EQUAL(0, attack->found);
    EQUAL(1, prctl(PR_GET_DUMPABLE));
    for (careless = 1; attack->found == 0;) {
        in_threads();
    }
    attack->over = 1;
    int status;
    EQUAL(attacker, waitpid(attacker, &status, 0));
    EQUAL(0, status);
}

static void of_its_new_user(void)
{
    kind = &kinds[0];
    the_memory_stays_the_parent_s();
}

static void without_its_capabilities(void)
{
    kind = &kinds[1];
    the_memory_stays_the_parent_s();
}

static void in_its_namespace(void)
{
    kind = &kinds[2];
    the_memory_stays_the_parent_s();
}

static void in_a_namespace_that_it_made(void)
{
    kind = &kinds[3];
    the_memory_stays_the_parent_s();
}

int main(int argc, char **argv)
{
    be_the_program(argv);
    CHECK(argc == 1);
    TEST(of_its_new_user);
    TEST(without_its_capabilities);
    TEST(in_its_namespace);
    TEST(in_a_namespace_that_it_made);
    return 0;
}
