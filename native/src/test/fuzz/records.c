/* The task directory: records as getdents64 gives them, in buffers that it fills as it likes. Input: one byte for the chunk, then records. */
#include "fuzz.h"

#define HEAD 19 /* of a record; the name follows */

static size_t visits;

static int visit(int32_t tid, void *context)
{
    (void)context;
    EXPECT(tid > 0);
    visits++;
    return 0;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    if (size == 0) {
        return 0;
    }
    fake.directory = (struct part){data + 1, size - 1};
    fake.chunk = data[0] + 1u;
    E.directory = DIRECTORY;
    E.buffer = malloc(BUFFER_SIZE);
    EXPECT(E.buffer != NULL);
    visits = 0;
    int64_t listed = tasks_each(visit, NULL);
    EXPECT(listed < 0 || (size_t)listed == visits);
    EXPECT(visits <= size / (HEAD + 2)); /* a digit and a zero at least */
    free(E.buffer);
    return 0;
}
