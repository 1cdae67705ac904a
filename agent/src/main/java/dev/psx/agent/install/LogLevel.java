package dev.psx.agent.install;

/** How much the agent says; each level includes those before it. */
public enum LogLevel {
    ERROR,
    WARN,
    INFO,
    DEBUG
}
