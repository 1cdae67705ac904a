/* All rows, by subject. */
#include "fault.h"

extern const struct fault leader_faults[];

const struct fault *const subjects[] = {
    leader_faults,
    NULL,
};
