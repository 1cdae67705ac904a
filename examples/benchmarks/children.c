/*
 * children MEGABYTES: one of those that `run.sh spawn` compares: posix_spawn, in a process with so much memory in use. For each line
 * "times posix_spawn STREAMS THREADS MILLISECONDS" it starts /bin/true and waits for its end, by so many threads for so long, and answers with
 * the nanoseconds of each in a line. STREAMS: "inherit", or "pipes": three, as ProcessBuilder and Go make them.
 */
#define _GNU_SOURCE
#include <fcntl.h>
#include <pthread.h>
#include <spawn.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#define MOST_THREADS 64
#define MOST 20000 /* children of one thread */

extern char **environ;
static char *arguments[] = {"/bin/true", NULL};
static int with_pipes;
static uint64_t end;

static struct worker {
    pthread_t thread;
    uint64_t took[MOST];
    int count;
} *workers;

static uint64_t now_ns(void)
{
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    return (uint64_t)t.tv_sec * 1000000000ull + (uint64_t)t.tv_nsec;
}

static void require(int holds, const char *what)
{
    if (!holds) {
        fprintf(stderr, "children: %s\n", what);
        exit(1);
    }
}

static void start_and_wait(posix_spawn_file_actions_t *actions)
{
    pid_t pid;
    int status;
    require(posix_spawn(&pid, arguments[0], actions, NULL, arguments, environ) == 0, "posix_spawn failed");
    require(waitpid(pid, &status, 0) == pid && status == 0, "/bin/true did not end well");
}

static void once_with_pipes(void)
{
    int pipes[3][2];
    posix_spawn_file_actions_t actions;
    posix_spawn_file_actions_init(&actions);
    for (int i = 0; i < 3; i++) {
        require(pipe2(pipes[i], O_CLOEXEC) == 0, "no pipe");
        posix_spawn_file_actions_adddup2(&actions, pipes[i][i == 0 ? 0 : 1], i);
    }
    start_and_wait(&actions);
    for (int i = 0; i < 3; i++) {
        close(pipes[i][0]);
        close(pipes[i][1]);
    }
    posix_spawn_file_actions_destroy(&actions);
}

static void *work(void *context)
{
    struct worker *worker = context;
    uint64_t start = now_ns(), now;
    worker->count = 0;
    do {
        if (with_pipes) {
            once_with_pipes();
        } else {
            start_and_wait(NULL);
        }
        now = now_ns();
        worker->took[worker->count++] = now - start;
        start = now;
    } while (now < end && worker->count < MOST);
    return context;
}

static void measure(int threads, int milliseconds)
{
    end = now_ns() + (uint64_t)milliseconds * 1000000;
    for (int i = 0; i < threads; i++) {
        require(pthread_create(&workers[i].thread, NULL, work, &workers[i]) == 0, "no thread");
    }
    for (int i = 0; i < threads; i++) {
        pthread_join(workers[i].thread, NULL);
        for (int k = 0; k < workers[i].count; k++) {
            printf("%llu ", (unsigned long long)workers[i].took[k]);
        }
    }
    printf("\n");
    fflush(stdout);
}

static void *memory(uint64_t size)
{
    void *memory = mmap(NULL, size, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    require(memory != MAP_FAILED, "no memory");
    return memory;
}

int main(int count, char **argument)
{
    char line[256], streams[16];
    int threads, milliseconds;
    require(count == 2 && atoi(argument[1]) > 0, "usage: children MEGABYTES");
    memset(memory((uint64_t)atoi(argument[1]) << 20), 1, (uint64_t)atoi(argument[1]) << 20);
    workers = memory(MOST_THREADS * sizeof *workers);
    printf("ready\n");
    fflush(stdout);
    while (fgets(line, sizeof line, stdin) != NULL) {
        int words = sscanf(line, "times posix_spawn %15s %d %d", streams, &threads, &milliseconds);
        require(words == 3 && threads > 0 && threads <= MOST_THREADS, "that is no command");
        with_pipes = strcmp(streams, "pipes") == 0;
        measure(threads, milliseconds);
    }
    return 0;
}
