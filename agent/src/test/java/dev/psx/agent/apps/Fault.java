package dev.psx.agent.apps;

/** What a broken engine would leave behind, made on purpose on the calling task, to see that {@link LongApp} notices it. */
enum Fault {
    NONE {
        @Override
        void spoil(int eventfd) {}
    },

    /** One task more runs the call than took part. */
    RAN_TWICE {
        @Override
        void spoil(int eventfd) {
            call(WRITE, eventfd, Fixture.one(), Long.BYTES);
        }
    },

    /** One task has other ids than all the others. */
    MISSED {
        @Override
        void spoil(int eventfd) {
            call(SETRESGID, -1, -1, OTHER);
        }
    },

    /** A task runs for a moment with the uid of before. */
    LATE {
        @Override
        void spoil(int eventfd) {
            call(SETRESUID, -1, OTHER, -1);
            Storm.probe();
            call(SETRESUID, -1, 0, -1);
        }
    };

    private static final boolean AARCH64 = System.getProperty("os.arch").equals("aarch64");
    private static final long WRITE = AARCH64 ? 64 : 1;
    private static final long SETRESUID = AARCH64 ? 147 : 117;
    private static final long SETRESGID = AARCH64 ? 149 : 119;
    private static final int OTHER = 65534;

    /** Before the first broadcast, whose tasks write to {@code eventfd}. */
    abstract void spoil(int eventfd);

    private static void call(long number, long a1, long a2, long a3) {
        if (Fixture.syscall(number, a1, a2, a3) < 0) {
            throw new IllegalStateException("system call " + number + " failed");
        }
    }
}
