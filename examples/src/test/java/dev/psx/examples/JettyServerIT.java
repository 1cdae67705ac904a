package dev.psx.examples;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class JettyServerIT {

    private static final String STARTED = "[main] INFO org.eclipse.jetty.server.Server - Started";

    @TempDir
    Path directory;

    private Path secret;

    @BeforeAll
    static void root() throws IOException {
        Root.required();
    }

    @BeforeEach
    void createSecret() throws IOException {
        // The directory may be entered by everybody, so that it is the file's own mode that decides.
        Files.setPosixFilePermissions(directory, PosixFilePermissions.fromString("rwxr-xr-x"));
        secret = Files.writeString(directory.resolve("secret"), "only root may read this");
        Files.setPosixFilePermissions(secret, PosixFilePermissions.fromString("rw-------"));
    }

    @Test
    void servesAsNobodyOnAPrivilegedPort() throws Exception {
        int port = Ports.privilegedPair();
        String agent = "-javaagent:../agent/target/psx-agent.jar=user=nobody,when=listening:" + port;
        try (Application server = start(port, agent)) {
            assertThat(server.ofTasks("Uid")).hasSizeGreaterThan(10).containsOnly("65534 65534 65534 65534");
            assertThat(get(port, "/").statusCode()).isEqualTo(200);
            assertThat(get(port, "/file").body()).contains("AccessDeniedException");
        }
    }

    @Test
    void withoutTheAgentARequestReadsWhatOnlyRootMay() throws Exception {
        int port = Ports.privilegedPair();
        try (Application server = start(port, "-Dnothing")) {
            assertThat(server.ofTasks("Uid")).containsOnly("0 0 0 0");
            assertThat(get(port, "/file").body()).isEqualTo("only root may read this\n");
        }
    }

    private Application start(int port, String option) throws Exception {
        Application server = Application.java(
                "jetty", option, "-Dfile=" + secret, "dev.psx.examples.JettyServer", Integer.toString(port));
        server.await(STARTED);
        return server;
    }

    private static HttpResponse<String> get(int port, String path) throws Exception {
        URI uri = URI.create("http://127.0.0.1:" + port + path);
        HttpRequest request = HttpRequest.newBuilder(uri).build();
        return HttpClient.newHttpClient().send(request, HttpResponse.BodyHandlers.ofString());
    }
}
