package dev.psx.agent.apps;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Collectors;

/**
 * Says on one line which credentials it has, then starts itself again with the same environment, so many times. All write to the same two
 * streams, one after the other. The first may listen on a port before.
 */
public final class DescendantApp {

    private static ServerSocket listening;

    private DescendantApp() {}

    public static void main(String[] arguments) throws Exception {
        int more = Integer.parseInt(arguments[0]);
        int port = Integer.parseInt(arguments[1]);
        if (port != 0) {
            listening = new ServerSocket(port, 1, InetAddress.getLoopbackAddress());
        }
        System.out.println(credentials());
        System.exit(more == 0 ? 0 : child(more - 1));
    }

    private static String credentials() throws IOException {
        return Files.readAllLines(Path.of("/proc/thread-self/status")).stream()
                .filter(line -> line.matches("(Uid|Gid|Groups|Cap...|NoNewPrivs):.*"))
                .map(line -> line.replaceAll("\\s+", " ").trim())
                .collect(Collectors.joining("; "));
    }

    private static int child(int more) throws IOException, InterruptedException {
        String java = Path.of(System.getProperty("java.home"), "bin", "java").toString();
        String[] command = {
            java,
            "-cp",
            System.getProperty("java.class.path"),
            DescendantApp.class.getName(),
            Integer.toString(more),
            "0"
        };
        return new ProcessBuilder(command).inheritIO().start().waitFor();
    }
}
