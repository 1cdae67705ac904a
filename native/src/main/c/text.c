/* What libc would have given us, and readers of /proc's text. */
#include "engine.h"

/* The compiler may turn loops and copies into calls of these two. */
void *memset(void *to, int byte, size_t size)
{
    char *p = to;
    while (size-- != 0) {
        *p++ = (char)byte;
        __asm__ volatile("" : "+r"(p)); /* or this loop becomes a call of itself */
    }
    return to;
}

void *memcpy(void *to, const void *from, size_t size)
{
    char *p = to;
    const char *q = from;
    while (size-- != 0) {
        *p++ = *q++;
        __asm__ volatile("" : "+r"(p));
    }
    return to;
}

uint32_t text_length(const char *text)
{
    uint32_t length = 0;
    while (text[length] != 0) {
        length++;
    }
    return length;
}

/* Writes the decimal number and a terminating zero; returns the number of digits. */
uint32_t text_number(char *to, uint64_t number)
{
    char digits[24];
    uint32_t count = 0;
    do {
        digits[count++] = (char)('0' + number % 10);
        number /= 10;
    } while (number != 0);
    for (uint32_t i = 0; i < count; i++) {
        to[i] = digits[count - 1 - i];
    }
    to[count] = 0;
    return count;
}

static int digit(char c, int base)
{
    int value = c >= '0' && c <= '9' ? c - '0' : c >= 'a' && c <= 'f' ? c - 'a' + 10 : 99;
    return value < base ? value : -1;
}

/* The number behind "\nNAME:" in a status file; -1 if there is none. A task's own name cannot forge it: \n is escaped there. */
int64_t text_field(const char *text, const char *name, int base)
{
    for (const char *line = text; *line != 0; line++) {
        if (line != text && line[-1] != '\n') {
            continue;
        }
        uint32_t i = 0;
        while (name[i] != 0 && line[i] == name[i]) {
            i++;
        }
        if (name[i] != 0 || line[i] != ':') {
            continue;
        }
        const char *p = line + i + 1;
        while (*p == ' ' || *p == '\t') {
            p++;
        }
        if (digit(*p, base) < 0) {
            return -1;
        }
        uint64_t number = 0;
        for (; digit(*p, base) >= 0; p++) {
            number = number * (uint64_t)base + (uint64_t)digit(*p, base);
        }
        return (int64_t)number;
    }
    return -1;
}

/* State and flags of a stat file stand behind the last ')': the name in front of it may hold anything. 0: they do not. */
int text_stat(const char *text, char *state, uint32_t *flags)
{
    const char *p = text, *close = 0;
    for (; *p != 0; p++) {
        if (*p == ')') {
            close = p;
        }
    }
    if (close == 0 || close[1] != ' ' || close[2] == 0) {
        return 0;
    }
    *state = close[2];
    p = close + 3;
    for (int field = 3; field < 9 && *p != 0; p++) {
        field += *p == ' ';
    }
    if (*p < '0' || *p > '9') {
        return 0;
    }
    *flags = 0;
    for (; *p >= '0' && *p <= '9'; p++) {
        *flags = *flags * 10 + (uint32_t)(*p - '0');
    }
    return 1;
}

/* Whether 8 bytes there can be read: the kernel copies them in before it looks at the (bad) first argument. */
int readable(const void *address)
{
    return SYS4(__NR_rt_sigprocmask, -1, address, 0, 8) == -EINVAL;
}
