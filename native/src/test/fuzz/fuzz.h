/* What the fuzz targets share: a kernel whose answers the input decides. Each target checks its parser against a plain one of its own. */
#ifndef FUZZ_H
#define FUZZ_H

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "hosted.h"

#include "engine.h"

#undef memcpy
#undef memset

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* A mismatch ends the process, as a fault does: the driver has kept the input. */
#define EXPECT(condition)                                                             \
    do {                                                                              \
        if (!(condition)) {                                                           \
            fprintf(stderr, "%s:%d: not true: %s\n", __FILE__, __LINE__, #condition); \
            abort();                                                                  \
        }                                                                             \
    } while (0)

#define TID 4711
#define DIRECTORY 3

struct part {
    const uint8_t *data;
    size_t size;
};

/* What /proc/self/task, the files of its task TID, and /proc/self/maps hold. */
struct fake {
    struct part directory, stat, status, syscall, maps;
    size_t chunk;  /* most that one read gives */
    int listed;    /* faccessat finds the task */
    int no_memory; /* memfd_create fails */
    char *table;   /* what was mapped */
};
extern struct fake fake;

/* Cuts the next part off the input, which a line "--" ends. */
struct part next_part(struct part *rest);

/* The part as the engine gets it: as much as fits into size with its zero. */
char *text_of(const struct part *part, size_t size);

#endif
