package dev.psx.drop;

/** Internal: how far a child has come. */
enum Sight {
    /** It has ended, or belongs to another parent. */
    GONE,
    /** It is in the kernel's exec, in the dynamic linker, or on its first steps in its own code. */
    BEFORE,
    /** It has come to its own code. */
    RUNS,
    /** What would tell it is not to be had. */
    UNTOLD
}
