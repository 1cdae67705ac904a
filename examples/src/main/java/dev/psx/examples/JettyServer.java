package dev.psx.examples;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.eclipse.jetty.io.Content;
import org.eclipse.jetty.server.Connector;
import org.eclipse.jetty.server.Handler;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.server.Server;
import org.eclipse.jetty.server.ServerConnector;
import org.eclipse.jetty.util.Callback;

/**
 * An ordinary Jetty server, which knows nothing of psx-agent: what happens to its privileges is said on the command line alone.
 *
 * <pre>java [-javaagent:psx-agent.jar=user=nobody,when=listening:80] [-Dfile=PATH] … dev.psx.examples.JettyServer 80</pre>
 *
 * <p>{@code /} is a page. {@code /file} reads the file that the system property {@code file} names, and answers with its text or
 * with the error: it shows what a request may do that has found a hole in the server. {@code /open} makes the server listen on a
 * second port if one was given, so that a client chooses the moment of that bind.
 */
public final class JettyServer extends Handler.Abstract {

    private final Connector second;

    private JettyServer(Connector second) {
        this.second = second;
    }

    /**
     * Serves until the process is ended.
     *
     * @param ports the port, and the one for {@code /open}
     */
    public static void main(String[] ports) throws Exception {
        Server server = new Server();
        server.addConnector(connector(server, ports[0]));
        server.setHandler(new JettyServer(ports.length > 1 ? connector(server, ports[1]) : null));
        server.start();
        server.join();
    }

    @Override
    public boolean handle(Request request, Response response, Callback callback) throws Exception {
        switch (request.getHttpURI().getCanonicalPath()) {
            case "/":
                answer(200, "A page of an ordinary Jetty server.", response, callback);
                return true;
            case "/file":
                file(response, callback);
                return true;
            case "/open":
                open(response, callback);
                return true;
            default:
                return false;
        }
    }

    private static void file(Response response, Callback callback) {
        try {
            String text = Files.readString(Path.of(System.getProperty("file")));
            answer(200, text.strip(), response, callback);
        } catch (IOException e) {
            answer(403, e.toString(), response, callback);
        }
    }

    private void open(Response response, Callback callback) throws Exception {
        second.start();
        answer(200, "The second port is open.", response, callback);
    }

    private static Connector connector(Server server, String port) {
        ServerConnector connector = new ServerConnector(server);
        connector.setHost("127.0.0.1");
        connector.setPort(Integer.parseInt(port));
        return connector;
    }

    private static void answer(int status, String text, Response response, Callback callback) {
        response.setStatus(status);
        Content.Sink.write(response, true, text + "\n", callback);
    }
}
