/* The id maps of a child in a user namespace of its own, written by its parent while the child waits. */
#include "child.h"

#define O_WRONLY 1

static int64_t write_file(int32_t pid, const char *name, const char *text)
{
    char path[64] = "/proc/";
    uint32_t at = 6;
    at += text_number(path + at, (uint64_t)pid);
    path[at++] = '/';
    memcpy(path + at, name, text_length(name) + 1);
    int64_t fd = SYS4(__NR_openat, AT_FDCWD, path, O_WRONLY | O_CLOEXEC, 0);
    if (fd < 0) {
        return fd;
    }
    uint32_t length = text_length(text);
    int64_t written = SYS3(__NR_write, fd, text, length); /* a map is taken in one piece, or not at all */
    SYS1(__NR_close, fd);
    return written < 0 ? written : written == length ? 0 : -EIO;
}

/* `setgroups` first: it cannot be written once there is a gid map. On an error *phase says which file. */
int64_t idmap_write(const struct psx_spawn *spawn, int32_t pid, int32_t *phase)
{
    const char *const names[] = {"setgroups", "uid_map", "gid_map"};
    const char *const texts[] = {spawn->setgroups, spawn->uid_map, spawn->gid_map};
    for (int32_t i = 0; i < 3; i++) {
        int64_t error = texts[i] == 0 ? 0 : write_file(pid, names[i], texts[i]);
        if (error < 0) {
            *phase = PSX_SPAWN_SETGROUPS + i;
            return error;
        }
    }
    return 0;
}
