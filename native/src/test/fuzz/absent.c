/*
 * Why a task does not come: stat, status and syscall. Input: one byte for the chunk, one for what else is known of the task, then the three
 * files, with lines "--" between them.
 */
#include "fuzz.h"

#define SIGNO 32
#define WORKER_FLAGS (0x4u | 0x10u | 0x4000u | 0x200000u)

/* Third and ninth field, the second being anything up to the last ')'. Flags of more digits than fit are not compared. */
static void parse_stat(const char *stat, char *state, unsigned long *flags)
{
    const char *field = strrchr(stat, ')');
    *state = field == NULL || field[1] == 0 ? 0 : field[2];
    for (int i = 0; i < 7 && field != NULL; i++) {
        field = strchr(field + 1, ' ');
    }
    size_t digits = field == NULL ? 0 : strspn(field + 1, "0123456789");
    *flags = digits == 0 ? WORKER_FLAGS : digits > 18 ? 0 : strtoul(field + 1, NULL, 10);
}

/* Of the first line that begins so; of too many digits the last ones. */
static uint64_t hex_field(const char *status, const char *name)
{
    const char *line = status;
    while (line != NULL && strncmp(line, name, strlen(name)) != 0) {
        line = strchr(line, '\n');
        line = line == NULL ? NULL : line + 1;
    }
    if (line == NULL) {
        return 0;
    }
    line += strlen(name);
    line += strspn(line, " \t");
    size_t digits = strspn(line, "0123456789abcdef");
    char last[17] = "";
    memcpy(last, line + (digits > 16 ? digits - 16 : 0), digits > 16 ? 16 : digits);
    return strtoull(last, NULL, 16);
}

/* Asleep is the one answer that lets a task count as gathered: it must never be given without its reasons. */
static void check_asleep(const struct slot *slot)
{
    char *stat = text_of(&fake.stat, 1024), *status = text_of(&fake.status, 16384), *call = text_of(&fake.syscall, 256), state;
    unsigned long flags;
    parse_stat(stat, &state, &flags);
    if (slot->kind == KIND_ASLEEP) {
        EXPECT(state == 'D' && (flags & WORKER_FLAGS) == 0);
        EXPECT(hex_field(status, "SigPnd:") >> (SIGNO - 1) & 1);
        EXPECT((hex_field(status, "SigBlk:") >> (SIGNO - 1) & 1) == 0);
        EXPECT((call[0] >= '0' && call[0] <= '9') || strncmp(call, "-1 ", 3) == 0); /* -1: asleep in no call */
        EXPECT(strtoll(call, NULL, 10) != __NR_clone && strtoll(call, NULL, 10) != __NR_exit);
    }
    free(stat);
    free(status);
    free(call);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct slot slot = {.tid = TID, .kind = KIND_MISSING, .reason = PSX_WHY_BUSY};
    if (size < 2) {
        return 0;
    }
    struct part rest = {data + 2, size - 2};
    fake = (struct fake){.chunk = data[0] + 1u, .listed = data[1] & 1};
    fake.stat = next_part(&rest);
    fake.status = next_part(&rest);
    fake.syscall = rest;
    slot.consumed = data[1] >> 1 & 1;
    E.directory = DIRECTORY;
    E.signo = SIGNO;
    absent_classify(&slot);
    EXPECT(slot.kind >= KIND_ASLEEP && slot.kind <= KIND_MISSING);
    EXPECT(slot.kind == KIND_MISSING || slot.kind != KIND_GONE || !fake.listed);
    EXPECT(slot.reason <= PSX_WHY_TAKEN);
    check_asleep(&slot);
    return 0;
}
