package dev.psx.engine;

/** Stands in for {@code java.util.logging.Level}, as {@link JnaLogger} does for the logger. In the order of their weight. */
public enum JnaLevel {
    FINER,
    FINE,
    INFO,
    WARNING,
    SEVERE
}
