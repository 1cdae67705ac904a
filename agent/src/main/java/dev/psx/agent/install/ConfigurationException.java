package dev.psx.agent.install;

/** The options cannot be obeyed as they stand; the message is one line and names the key, the value and the choices. */
public final class ConfigurationException extends RuntimeException {

    private static final long serialVersionUID = 1L;

    ConfigurationException(String message) {
        super(message);
    }
}
