/*
 * Runs a fuzz target where there is no libFuzzer: DRIVER MILLISECONDS FILE DIRECTORY. First every file of the directory as it is, then
 * changed and crossed ones until the time is over; always in the same order. The input at fault is left in FILE.
 */
#define _GNU_SOURCE
#include <dirent.h>
#include <fcntl.h>
#include <signal.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#define SEEDS 64
#define LARGEST 8192
#define LONGEST 10 /* seconds for one input */

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);
const char *__asan_default_options(void);
const char *__ubsan_default_options(void);

static struct input {
    uint8_t data[LARGEST];
    size_t size;
} seeds[SEEDS], input;
static uint32_t count;
static const char *kept;

/* So that what a sanitizer finds comes to at_fault as well. */
const char *__asan_default_options(void)
{
    return "abort_on_error=1:handle_segv=0:handle_sigfpe=0";
}

const char *__ubsan_default_options(void)
{
    return "abort_on_error=1:print_stacktrace=1";
}

static void at_fault(int signo)
{
    int file = open(kept, O_WRONLY | O_CREAT | O_TRUNC, 0644);
    int written = file >= 0 && write(file, input.data, input.size) == (ssize_t)input.size;
    fprintf(stderr, "fuzz: signal %d, %s %s\n", signo, written ? "the input is in" : "cannot write", kept);
    _exit(1);
}

/* In memory of its exact size, so that the sanitizer sees a step behind its end. */
static void run_one(void)
{
    uint8_t *copy = malloc(input.size);
    if (copy == NULL && input.size != 0) {
        abort();
    }
    if (input.size != 0) {
        memcpy(copy, input.data, input.size);
    }
    alarm(LONGEST);
    LLVMFuzzerTestOneInput(copy, input.size);
    free(copy);
}

static uint32_t random_below(uint32_t limit)
{
    static uint64_t state = 88172645463325252ull;
    state ^= state << 13;
    state ^= state >> 7;
    state ^= state << 17;
    return (uint32_t)(state >> 32) % limit;
}

/* Puts a piece of another seed over, or into, a place of the input. */
static void cross(void)
{
    const struct input *other = &seeds[random_below(count)];
    if (other->size == 0) {
        return;
    }
    uint32_t from = random_below((uint32_t)other->size), length = 1 + random_below((uint32_t)other->size - from);
    uint32_t to = random_below((uint32_t)input.size + 1);
    if (random_below(2) != 0 && input.size + length <= LARGEST) {
        memmove(input.data + to + length, input.data + to, input.size - to);
        input.size += length;
    }
    for (uint32_t i = 0; i < length && to + i < input.size; i++) {
        input.data[to + i] = other->data[from + i];
    }
}

static void cut(void)
{
    uint32_t from = random_below((uint32_t)input.size), length = 1 + random_below((uint32_t)input.size - from);
    memmove(input.data + from, input.data + from + length, input.size - from - length);
    input.size -= length;
}

static void change(void)
{
    static const uint8_t odd[] = {0, 1, 7, 9, ' ', '\n', '(', ')', '-', '0', '9', ':', 'D', 'Z', 0x7f, 0x80, 0xff};
    uint32_t kind = random_below(8);
    if (kind == 0 || input.size == 0) {
        cross();
    } else if (kind == 1) {
        cut();
    } else if (kind == 2) { /* a longer number, or a longer row of anything */
        uint32_t at = random_below((uint32_t)input.size), end = at + random_below(40);
        for (uint32_t i = at + 1; i < end && i < input.size; i++) {
            input.data[i] = input.data[at];
        }
    } else if (kind < 5) {
        input.data[random_below((uint32_t)input.size)] = odd[random_below(sizeof odd)];
    } else if (kind == 5) {
        input.data[random_below((uint32_t)input.size)] ^= (uint8_t)(1u << random_below(8));
    } else {
        input.data[random_below((uint32_t)input.size)] = (uint8_t)random_below(256);
    }
}

static void read_seeds(const char *directory)
{
    struct dirent **files;
    int found = scandir(directory, &files, NULL, alphasort);
    for (int i = 0; i < found && count < SEEDS; i++) {
        char path[1024];
        snprintf(path, sizeof path, "%s/%s", directory, files[i]->d_name);
        FILE *file = files[i]->d_name[0] == '.' ? NULL : fopen(path, "r");
        if (file != NULL) {
            seeds[count].size = fread(seeds[count].data, 1, LARGEST, file);
            count++;
            fclose(file);
        }
        free(files[i]);
    }
    free(files);
}

static int64_t now_ms(void)
{
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    return t.tv_sec * 1000ll + t.tv_nsec / 1000000;
}

int main(int argc, char **argv)
{
    unsigned long runs = 0;
    if (argc != 4) {
        fprintf(stderr, "usage: %s MILLISECONDS FILE DIRECTORY\n", argv[0]);
        return 2;
    }
    kept = argv[2];
    signal(SIGABRT, at_fault);
    signal(SIGSEGV, at_fault);
    signal(SIGBUS, at_fault);
    signal(SIGALRM, at_fault);
    read_seeds(argv[3]);
    if (count == 0) {
        fprintf(stderr, "fuzz: no seeds in %s\n", argv[3]);
        return 2;
    }
    for (uint32_t i = 0; i < count; i++) {
        input = seeds[i];
        run_one();
    }
    for (int64_t end = now_ms() + atoi(argv[1]); now_ms() < end; runs++) {
        input = seeds[random_below(count)];
        for (uint32_t changes = 1 + random_below(6); changes != 0; changes--) {
            change();
        }
        run_one();
    }
    printf("   %u seeds, %lu inputs made of them\n", count, runs);
    return 0;
}
