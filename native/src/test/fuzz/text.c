/* Numbers written, and fields of a status file read. Input: eight bytes for the number, a name, a line "--", the file. */
#include "fuzz.h"

static void check_number(uint64_t number)
{
    char ours[24], expected[24];
    snprintf(expected, sizeof expected, "%llu", (unsigned long long)number);
    EXPECT(text_number(ours, number) == strlen(expected));
    EXPECT(strcmp(ours, expected) == 0);
}

/* The first line "NAME:" with a number behind it, read in another way; what does not fit into 64 bits is not compared. */
static int field_is(int64_t value, char *text, const char *name, int base)
{
    size_t length = strlen(name);
    for (char *line = text, *next; line != NULL; line = next) {
        next = strchr(line, '\n');
        if (next != NULL) {
            *next++ = 0;
        }
        if (strncmp(line, name, length) != 0 || line[length] != ':') {
            continue;
        }
        const char *digits = line + length + 1 + strspn(line + length + 1, " \t");
        size_t count = strspn(digits, base == 16 ? "0123456789abcdef" : "0123456789");
        char number[32] = "";
        if (count > (base == 16 ? 16 : 18)) {
            return 1;
        }
        memcpy(number, digits, count);
        return value == (count == 0 ? -1 : (int64_t)strtoull(number, NULL, base));
    }
    return value == -1;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    uint64_t number;
    if (size < sizeof number) {
        return 0;
    }
    memcpy(&number, data, sizeof number);
    check_number(number);
    struct part rest = {data + sizeof number, size - sizeof number};
    struct part name_part = next_part(&rest);
    char *name = text_of(&name_part, 64);
    name[strcspn(name, ":\n")] = 0;
    for (int base = 10; base <= 16; base += 6) {
        char *text = text_of(&rest, 16384);
        int64_t value = text_field(text, name, base);
        EXPECT(text_length(text) == strlen(text));
        EXPECT(name[0] == 0 || field_is(value, text, name, base));
        free(text);
    }
    free(name);
    return 0;
}
