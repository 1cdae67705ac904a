package dev.psx.policy;

/** Internal: how much the agent says; each level includes those before it. */
public enum LogLevel {
    ERROR,
    WARN,
    INFO,
    DEBUG
}
