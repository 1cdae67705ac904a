package dev.psx.agent.install;

/** Options that must be refused, and what the refusal must name. The integration tests give them to real JVMs. */
public enum BadOption {
    NO_VALUE("user", "\"user\" has no value", "key=value"),
    EMPTY("user=nobody,", "empty option", "user, group, groups"),
    EMPTY_FIRST(",user=nobody", "empty option"),
    EMPTY_BETWEEN("user=nobody,,group=keep", "empty option"),
    UNKNOWN_KEY("usr=nobody", "\"usr\" is not an option", "user, group, groups, no-new-privs, when"),
    KEY_IN_CAPITALS("User=nobody", "\"User\" is not an option", "user"),
    KEY_WITH_SPACE(" user=nobody", "\" user\" is not an option"),
    EMPTY_KEY("=nobody", "\"\" is not an option", "user"),
    KEY_OF_LATER_VERSION(
            "user=nobody,caps=net_bind_service", "\"caps\" is not supported by this version", "no-new-privs"),
    LIMIT_OF_LATER_VERSION("limit-nofile=1024", "\"limit-nofile\" is not supported by this version"),
    POLICY_OF_LATER_VERSION("policy=/etc/psx.conf", "\"policy\" is not supported by this version"),
    TWICE("user=nobody,user=daemon", "user is given twice", "\"nobody\"", "\"daemon\""),
    TWICE_THE_SAME("log=info,log=info", "log is given twice"),
    USER_EMPTY("user=", "user=\"\" is empty", "name or a number from 0 to 4294967294"),
    USER_TOO_LARGE("user=4294967295", "user=\"4294967295\"", "0 to 4294967294"),
    USER_MUCH_TOO_LARGE("user=99999999999999999999", "user=", "0 to 4294967294"),
    USER_NEGATIVE("user=-1", "user=\"-1\"", "0 to 4294967294"),
    USER_OCTAL("user=01000", "user=\"01000\"", "0 to 4294967294"),
    USER_OF_TWO_LINES("user=no\nbody", "user=\"no\\u000abody\"", "control character"),
    GROUP_EMPTY("user=nobody,group=", "group=\"\" is empty"),
    GROUP_TOO_LARGE("group=4294967295", "group=\"4294967295\"", "4294967294"),
    GROUPS_EMPTY("groups=", "groups=\"\" is empty"),
    GROUPS_WITH_EMPTY_ELEMENT("groups=audio++video", "groups=\"\" is empty"),
    GROUPS_MIXED_WITH_NONE("groups=audio+none", "groups=\"audio+none\"", "list, none or keep"),
    GROUPS_MIXED_WITH_KEEP("groups=keep+audio", "groups=\"keep+audio\"", "list, none or keep"),
    GROUPS_TWICE("groups=audio+audio", "names \"audio\" twice"),
    NO_NEW_PRIVS_TRUE("no-new-privs=true", "no-new-privs=\"true\"", "yes, no"),
    NO_NEW_PRIVS_EMPTY("no-new-privs=", "no-new-privs=\"\"", "yes, no"),
    WHEN_UNKNOWN("user=nobody,when=boot", "when=\"boot\"", "start, listening:PORT+PORT, manual"),
    WHEN_AFTER("user=nobody,when=after:30s", "when=\"after:30s\"", "not supported by this version", "manual"),
    WHEN_METHOD("user=nobody,when=method:a.B.c", "not supported by this version", "start, listening"),
    WHEN_WITHOUT_PORT("user=nobody,when=listening", "when=\"listening\"", "listening:PORT+PORT"),
    WHEN_WITH_EMPTY_PORT("user=nobody,when=listening:", "\"\"", "not a port from 1 to 65535"),
    PORT_ZERO("user=nobody,when=listening:0", "\"0\"", "1 to 65535"),
    PORT_TOO_LARGE("user=nobody,when=listening:80+65536", "\"65536\"", "1 to 65535"),
    PORT_NAMED("user=nobody,when=listening:http", "\"http\"", "1 to 65535"),
    PORT_TWICE("user=nobody,when=listening:80+80", "names port 80 twice"),
    PORT_TRAILING("user=nobody,when=listening:80+", "\"\"", "1 to 65535"),
    WHEN_WITHOUT_DROP("when=listening:80", "when=\"listening:80\" has nothing to drop", "user, group, groups"),
    WHEN_WITH_NNP_NO("when=manual,no-new-privs=no", "has nothing to drop"),
    DEADLINE_WITHOUT_UNIT("user=nobody,when=listening:80,deadline=30", "deadline=\"30\"", "ms, s, m or h"),
    DEADLINE_WRONG_UNIT("user=nobody,when=listening:80,deadline=3d", "deadline=\"3d\"", "ms, s, m or h"),
    DEADLINE_ZERO("user=nobody,when=listening:80,deadline=0s", "deadline=\"0s\"", "from 1ms to 8760h"),
    DEADLINE_FRACTION("user=nobody,when=listening:80,deadline=1.5s", "deadline=\"1.5s\"", "ms, s, m or h"),
    DEADLINE_AT_START("user=nobody,deadline=5m", "deadline=\"5m\"", "when=listening:PORT"),
    DEADLINE_MANUAL("user=nobody,when=manual,deadline=none", "deadline=\"none\"", "when=listening:PORT"),
    ON_FAILURE("user=nobody,on-failure=ignore", "on-failure=\"ignore\"", "warn, halt"),
    ON_DIVERGENCE("user=nobody,on-divergence=ignore", "on-divergence=\"ignore\"", "halt, throw, warn"),
    MAX_PAUSE_TOO_LONG("max-pause=61s", "max-pause=\"61s\"", "from 1ms to 1m"),
    MAX_PAUSE_BEYOND_GIVE_UP("max-pause=5s", "max-pause=\"5s\"", "longer than give-up, 3000ms"),
    GIVE_UP_TOO_SHORT("give-up=9ms", "give-up=\"9ms\"", "from 10ms to 30m"),
    GIVE_UP_OVERFLOW("give-up=9223372036854775807h", "give-up=", "from 10ms to 30m"),
    API("api=yes", "api=\"yes\"", "on, off"),
    API_OFF_MANUAL("user=nobody,when=manual,api=off", "api=\"off\" contradicts when=manual"),
    LOG("log=trace", "log=\"trace\"", "error, warn, info, debug"),
    LOG_IN_CAPITALS("log=DEBUG", "log=\"DEBUG\"", "error, warn, info, debug");

    public final String options;
    public final String[] parts;

    BadOption(String options, String... parts) {
        this.options = options;
        this.parts = parts;
    }
}
