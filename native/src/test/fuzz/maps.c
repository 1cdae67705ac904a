/* Whether another copy of the engine is at work: its mapping's name, in pieces. Input: one byte for the chunk, then /proc/self/maps. */
#include "fuzz.h"

static int holds(const struct part *part, const char *text)
{
    size_t length = strlen(text);
    for (size_t i = 0; i + length <= part->size; i++) {
        if (memcmp(part->data + i, text, length) == 0) {
            return 1;
        }
    }
    return 0;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    if (size == 0) {
        return 0;
    }
    fake = (struct fake){.chunk = data[0] + 1u, .maps = {data + 1, size - 1}, .no_memory = 1};
    E.buffer = malloc(BUFFER_SIZE);
    EXPECT(E.buffer != NULL);
    int64_t error = table_create();
    EXPECT(error == (holds(&fake.maps, "/memfd:psx-table") ? -EALREADY : -ENOMEM));
    free(E.buffer);
    return 0;
}
