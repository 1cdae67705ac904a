package dev.psx.spi;

/** Internal: which tasks make a call of a program. The order is that of {@code enum psx_mark}. */
public enum Mark {
    PER_TASK("on every task"),
    BEFORE("once for the process"),
    PER_FILE_SYSTEM("once for each fs_struct"),
    AFTER("once, after the last task");

    private final String shown;

    Mark(String shown) {
        this.shown = shown;
    }

    @Override
    public String toString() {
        return shown;
    }
}
