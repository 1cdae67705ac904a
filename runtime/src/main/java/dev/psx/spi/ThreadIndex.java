package dev.psx.spi;

import java.security.AccessController;
import java.security.PrivilegedAction;
import java.util.HashMap;
import java.util.Map;

/** Internal: finds Java threads by their id. Looks only when first asked, and once. */
final class ThreadIndex {

    private static final int SPARE = 64;

    private Map<Long, Thread> threads;

    /** Returns the live platform thread of that id, or null. */
    synchronized Thread find(long id) {
        if (threads == null) {
            // Who has been given a task may know its thread, also where a SecurityManager keeps it from looking around
            // itself.
            threads = AccessController.doPrivileged((PrivilegedAction<Map<Long, Thread>>) ThreadIndex::all);
        }
        return threads.get(id);
    }

    private static Map<Long, Thread> all() {
        ThreadGroup root = Thread.currentThread().getThreadGroup();
        while (root.getParent() != null) {
            root = root.getParent();
        }
        Thread[] found = enumerate(root);
        Map<Long, Thread> byId = new HashMap<>();
        for (Thread thread : found) {
            if (thread != null) {
                byId.put(thread.getId(), thread);
            }
        }
        return byId;
    }

    /** A full array may have left threads out: then a larger one is tried. */
    private static Thread[] enumerate(ThreadGroup root) {
        Thread[] found = new Thread[root.activeCount() + SPARE];
        while (root.enumerate(found, true) == found.length) {
            found = new Thread[found.length * 2];
        }
        return found;
    }
}
