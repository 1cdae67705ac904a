package dev.psx.policy;

import dev.psx.drop.DropSpecBuilder;
import java.nio.charset.StandardCharsets;
import java.util.List;

/** What settings come to in the end, with a user database that knows every number and nothing else. */
final class Said {

    private Said() {}

    static PolicySettings file(String lines) {
        return PolicyParser.text("test.conf", ("[Psx]\n" + lines).getBytes(StandardCharsets.UTF_8));
    }

    /** The lines of the drop. */
    static List<String> by(PolicySettings settings) {
        return settings.addTo(new DropSpecBuilder()).build(Said::database).describe();
    }

    private static Object database(Object[] request) {
        int id = Integer.parseUnsignedInt((String) request[1]);
        return request[0].equals("user") ? new Object[] {"u" + id, id, id, new int[] {id}} : (Object) id;
    }
}
