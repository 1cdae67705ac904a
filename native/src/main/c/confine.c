/*
 * What the process must not carry into a chroot: the directory of our tasks. From a descriptor of it, "../../.." is the old root, for whoever
 * has native code inside.
 */
#include "engine.h"

#ifndef __NR_open_tree
#define __NR_open_tree 428
#endif
#define OPEN_TREE_CLONE 1u

/* The same directory as the root of a mount that hangs nowhere: ".." stays in it. */
static int64_t open_detached(void)
{
    int64_t tree = SYS3(__NR_open_tree, E.directory, "", OPEN_TREE_CLONE | O_CLOEXEC | AT_EMPTY_PATH);
    if (tree < 0) {
        return tree;
    }
    int64_t fd = SYS4(__NR_openat, tree, ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC, 0);
    SYS1(__NR_close, tree);
    return fd;
}

/* Others may be reading through the descriptor: it keeps its number, and changes in one step. */
EXPORT int64_t psx_confine(void)
{
    int64_t error = request_own_process();
    if (error == 0) {
        error = tasks_directory_ok();
    }
    if (error < 0) {
        return error;
    }
    int64_t fd = open_detached();
    if (fd < 0) {
        return fd;
    }
    error = SYS3(__NR_dup3, fd, E.directory, O_CLOEXEC);
    SYS1(__NR_close, fd);
    return error < 0 ? error : 0;
}

/* Where psx_confine may not: the /proc inside must do, if there is one. Our number may be another file of somebody else's by now. */
EXPORT int64_t psx_reopen(void)
{
    int64_t error = request_own_process();
    if (error < 0) {
        return error;
    }
    int32_t old = E.directory;
    int64_t ours = tasks_count();
    E.directory = -1;
    if (ours >= 0) {
        SYS1(__NR_close, old);
    }
    return tasks_open();
}
