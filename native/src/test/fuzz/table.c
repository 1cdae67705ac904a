/* The thread table, beside a plain list. Input: two bytes for each step: the task, and whether it enters or leaves, by which name. */
#include "fuzz.h"

#define TASKS 64

static int is_in[TASKS];

/* Many fall on the same place of the table, and some on its end. */
static int32_t tid_of(int task)
{
    return (task % 8 == 0 ? 65535 : 5) + task / 8 * 65536 + task % 3;
}

static struct psx_table_entry *entry_of(int32_t tid)
{
    const struct psx_table_header *header = (const void *)fake.table;
    struct psx_table_entry *entries = (void *)(fake.table + sizeof *header), *found = NULL;
    for (uint32_t i = 0; i < header->capacity; i++) {
        if (entries[i].tid == tid) {
            EXPECT(found == NULL);
            found = &entries[i];
        }
    }
    return found;
}

static void check(int task)
{
    const struct psx_table_entry *entry = entry_of(tid_of(task));
    EXPECT((entry != NULL) == is_in[task]);
    EXPECT(entry == NULL || (entry->sequence % 2 == 0 && memchr(entry->name, 0, PSX_TABLE_NAME) != NULL));
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    char name[256];
    EXPECT(table_create() == 0 && fake.table != NULL);
    for (size_t i = 0; i + 1 < size && i < 32; i += 2) {
        int task = data[i] % TASKS;
        if (data[i + 1] % 4 == 0) {
            table_leave(tid_of(task));
            is_in[task] = 0;
        } else {
            memset(name, 'x', sizeof name);
            name[data[i + 1]] = 0;
            table_enter(tid_of(task), 1, name);
            is_in[task] = 1;
        }
        check(task);
    }
    for (int task = 0; task < TASKS; task++) {
        table_leave(tid_of(task));
        is_in[task] = 0;
    }
    EXPECT(((struct psx_table_header *)(void *)fake.table)->overflow == 0);
    return 0;
}
