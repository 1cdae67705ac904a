/* All rows, by subject, in the order of the table. */
#include "fault.h"

extern const struct fault leader_faults[];
extern const struct fault masks_faults[];
extern const struct fault handlers_faults[];
extern const struct fault beside_faults[];
extern const struct fault limits_faults[];
extern const struct fault cgroups_faults[];
extern const struct fault procfs_faults[];
extern const struct fault stacks_faults[];
extern const struct fault children_faults[];
extern const struct fault storms_faults[];
extern const struct fault scheduling_faults[];
extern const struct fault creation_faults[];
extern const struct fault stopped_faults[];
extern const struct fault asleep_faults[];
extern const struct fault fuse_faults[];
extern const struct fault ring_faults[];
extern const struct fault proc_faults[];
extern const struct fault priorities_faults[];
extern const struct fault filters_faults[];
extern const struct fault result_faults[];

const struct fault *const subjects[] = {
    leader_faults,
    masks_faults,
    handlers_faults,
    beside_faults,
    limits_faults,
    cgroups_faults,
    procfs_faults,
    stacks_faults,
    children_faults,
    storms_faults,
    scheduling_faults,
    creation_faults,
    stopped_faults,
    asleep_faults,
    fuse_faults,
    ring_faults,
    proc_faults,
    priorities_faults,
    filters_faults,
    result_faults,
    NULL,
};
