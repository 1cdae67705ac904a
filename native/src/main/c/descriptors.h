/* The close-on-exec flags of all descriptors. */
#ifndef PSX_DESCRIPTORS_H
#define PSX_DESCRIPTORS_H

#include "engine.h"

struct descriptors {
    int32_t status;   /* the caller's /proc status, which says how long the table of descriptors is */
    uint32_t size;    /* descriptors for which there is room below */
    uint8_t *kept;    /* a bit for each that the program shall have */
    uint8_t *changed; /* a bit for each whose flag is not as it was */
    uint32_t keep;    /* bits in `kept` */
};

#pragma GCC visibility push(hidden)

/* descriptors.c */
int64_t descriptors_reserve(struct descriptors *all, const int32_t *kept, uint32_t count);
int64_t descriptors_mark(struct descriptors *all);
void descriptors_put_back(struct descriptors *all);
void descriptors_free(struct descriptors *all);

#pragma GCC visibility pop
#endif
