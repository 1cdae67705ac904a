package dev.psx.agent.apps;

import java.security.Permission;

/** Forbids exits, as applications do that run other people's programs and want to survive their System.exit. */
@SuppressWarnings("removal")
final class NoExit extends SecurityManager {

    static String install() {
        System.setSecurityManager(new NoExit());
        return "forbid-exit";
    }

    @Override
    public void checkExit(int status) {
        throw new SecurityException("exit is forbidden");
    }

    @Override
    public void checkPermission(Permission permission) {
        // everything else is allowed
    }
}
