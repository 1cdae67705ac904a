/* The judge's eyes and words: what /proc says from outside, and what that means. */
#include "fault.h"

#include <dirent.h>

#ifndef __GLIBC__
#define strerrorname_np strerror
#endif

#define SLACK_NS 700000000ll /* for a busy machine: reading the files of the missing, once, takes processor time */
#define PF_EXITING 0x4u
#define PF_IO_WORKER 0x10u
#define PF_USER_WORKER 0x4000u

static int read_file(char *text, size_t size, const char *format, int pid, const char *tid, const char *name)
{
    char path[128];
    snprintf(path, sizeof path, format, pid, tid, name);
    FILE *file = fopen(path, "r");
    if (file == NULL) {
        return 0;
    }
    size_t length = fread(text, 1, size - 1, file);
    fclose(file);
    text[length] = 0;
    return length > 0;
}

/* Whether the task runs user code: alive, and not a worker of the kernel (by flag; a name says nothing). */
static int is_user_task(const char *stat)
{
    const char *end = strrchr(stat, ')');
    unsigned flags = 0;
    char state = 0;
    if (end == NULL || sscanf(end + 1, " %c %*d %*d %*d %*d %*d %u", &state, &flags) != 2) {
        return 0;
    }
    return state != 'Z' && state != 'X' && (flags & (PF_EXITING | PF_IO_WORKER | PF_USER_WORKER)) == 0;
}

static int has_changed(const char *status)
{
    int ids[4] = {-1, -1, -1, -1};
    const char *uid = strstr(status, "\nUid:"), *privs = strstr(status, "\nNoNewPrivs:");
    if (stage->change == NO_NEW_PRIVS) {
        return privs != NULL && atoi(privs + 12) == 1;
    }
    return uid != NULL && sscanf(uid + 5, "%d %d %d %d", &ids[0], &ids[1], &ids[2], &ids[3]) == 4 && ids[0] == NOBODY &&
           ids[1] == NOBODY && ids[2] == NOBODY && ids[3] == NOBODY;
}

/* The task's number in its own pid namespace, which is how the peer names it. */
static int own_number(const char *status)
{
    const char *line = strstr(status, "\nNSpid:"), *end = line == NULL ? NULL : strchr(line + 1, '\n');
    int number = 0;
    for (const char *p = line == NULL ? "" : line + 7; p < end; p++) {
        if (*p == '\t') {
            number = atoi(p + 1);
        }
    }
    return number;
}

static const struct psx_entry *named(int tid, int outcome, int reason)
{
    for (uint32_t i = 0; i < stage->named; i++) {
        const struct psx_entry *entry = &stage->entry[i];
        if ((tid == 0 || entry->tid == tid) && entry->outcome == outcome && (reason < 0 || entry->reason == reason)) {
            return entry;
        }
    }
    return NULL;
}

struct look look_at(int pid)
{
    static char stat[1024], status[65536];
    struct look look = {0, 0, 0, 0};
    char path[64];
    snprintf(path, sizeof path, "/proc/%d/task", pid);
    DIR *tasks = opendir(path);
    for (struct dirent *entry; tasks != NULL && (entry = readdir(tasks)) != NULL;) {
        if (entry->d_name[0] == '.' || !read_file(status, sizeof status, "/proc/%d/task/%s/%s", pid, entry->d_name, "status") ||
            !read_file(stat, sizeof stat, "/proc/%d/task/%s/%s", pid, entry->d_name, "stat")) {
            continue;
        }
        if (!is_user_task(stat)) {
            look.others++;
        } else if (has_changed(status)) {
            look.changed++;
        } else if (stage->round <= 1 && named(own_number(status), PSX_PENDING, -1) != NULL) {
            look.asleep++;
        } else {
            look.old++;
        }
    }
    if (tasks != NULL) {
        closedir(tasks);
    }
    return look;
}

static const char *in_words(const struct psx_entry *entry)
{
    static const char *const words[] = {"unknown", "blocks the signal", "stopped", "stopped by a tracer", "inside clone, vfork or exec",
                                        "gets no processor", "signal refused", "owes an earlier change", "handler replaced", "born too fast", "takes the signal itself"};
    return entry->reason >= 0 && entry->reason < (int)(sizeof words / sizeof *words) ? words[entry->reason] : "?";
}

static void time_in_words(char *text, size_t size)
{
    double ms = (double)stage->took_ns / 1e6;
    int length = snprintf(text, size, ms < 10 ? "%.1f ms" : ms < 1000 ? "%.0f ms" : "%.1f s", ms < 1000 ? ms : ms / 1000);
    if (stage->calls > 1) {
        snprintf(text + length, size - (size_t)length, " at most (%u calls)", stage->calls);
    }
}

static enum verdict refused(const struct fault *fault, const struct look *look, char *cell, size_t size, char *wrong, size_t wrong_size)
{
    char took[64];
    time_in_words(took, sizeof took);
    const struct psx_entry *entry = named(stage->culprit, PSX_MISSING, -1);
    if (stage->result != 0) {
        snprintf(cell, size, "refused (%s), nothing changed, %s", strerrorname_np(-stage->result), took);
    } else {
        snprintf(cell, size, "refused, nothing changed: %s, %s", entry == NULL ? "?" : in_words(entry), took);
    }
    if (look->changed != 0) {
        snprintf(cell, size, "refused, but changed %d of %d", look->changed, look->changed + look->old);
        return MISSED;
    }
    if (fault->engine == REFUSED && named(stage->culprit, PSX_MISSING, fault->reason) == NULL) {
        snprintf(wrong, wrong_size, "task %d is not named with reason %d", stage->culprit, fault->reason);
    }
    if (stage->took_ns > (stage->give_up_us + stage->max_pause_us) * 1000ll + SLACK_NS) {
        snprintf(wrong, wrong_size, "gave up after %s, not %u ms", took, stage->give_up_us / 1000);
    }
    return REFUSED;
}

/* After the peer has returned: what it did. The cell is for the table, `wrong` says what an engine must not do. */
enum verdict judge(const struct fault *fault, char *cell, size_t size, char *wrong, size_t wrong_size)
{
    char took[64];
    time_in_words(took, sizeof took);
    struct look look = look_at(stage->pid);
    if (stage->skipped[0] != 0) {
        snprintf(cell, size, "skipped: %s", stage->skipped);
        return SKIPPED;
    }
    if (stage->started != 0) {
        snprintf(cell, size, "does not start (%s)", strerrorname_np(-stage->started));
        if (fault->engine == NOT_STARTED && -stage->started != fault->reason) {
            snprintf(wrong, wrong_size, "not for errno %d", fault->reason);
        }
        return look.changed == 0 ? NOT_STARTED : MISSED;
    }
    if (stage->miscounted != 0) {
        snprintf(cell, size, "%u of %u changes not run exactly once by every task", stage->miscounted, stage->counted);
        return MISSED;
    }
    if (stage->ending != 0) {
        snprintf(cell, size, "%u of %u changes left out tasks that were about to end", stage->ending, stage->counted);
        return MISSED;
    }
    if (stage->failed != 0) {
        snprintf(cell, size, "%u of %u changes failed", stage->failed, stage->counted);
        return BROKEN;
    }
    if (stage->result != 0 || stage->status == PSX_UNREACHABLE) {
        return refused(fault, &look, cell, size, wrong, wrong_size);
    }
    if (stage->status == PSX_DIVERGED) {
        const struct psx_entry *entry = named(stage->culprit, PSX_DIFFERED, -1);
        snprintf(cell, size, "reported: one task got %s, %s", entry == NULL ? "?" : strerrorname_np(-(int)entry->result), took);
        return entry == NULL ? BROKEN : DIVERGED;
    }
    if (look.old != 0) {
        usleep(100000);
        if (look_at(stage->pid).old == 0) {
            snprintf(cell, size, "changed %d, but not %d on their way out, %s", look.changed, look.old, took);
            return ENDING_MISSED;
        }
        snprintf(cell, size, "MISSED %d of %d, %s", look.old, look.old + look.changed, took);
        return MISSED;
    }
    if (look.changed + look.asleep == 0) {
        snprintf(cell, size, "no task found");
        return BROKEN;
    }
    if (look.asleep != 0) {
        snprintf(cell, size, "all %d changed, %d of them when it wakes, %s", look.changed + look.asleep, look.asleep, took);
        return CHANGES_ASLEEP;
    }
    snprintf(cell, size, "all %d changed, %s", look.changed, took);
    return ALL_CHANGED;
}
