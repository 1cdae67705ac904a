package dev.psx.agent.instrument.relocated.channel.unix;

/** Has the name and the method by which the class of Netty's native transports is recognised, also when it is relocated. */
public class Socket {

    private int backlog;

    public void listen(int size) {
        if (size < 0) {
            throw new IllegalArgumentException();
        }
        backlog = size;
    }

    public int backlog() {
        return backlog;
    }
}
