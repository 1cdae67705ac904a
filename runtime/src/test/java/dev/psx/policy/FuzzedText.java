package dev.psx.policy;

import java.util.Random;

/**
 * Texts that reach far into the parser: mostly settings that are right, some of them changed a little, some noise. Everything follows
 * from the seed.
 */
final class FuzzedText {

    private static final String[] VALUES =
            ("nobody,0,1001,-1,4294967295,99999999999999999999,none,keep,yes,no,kill+chown,CAP_KILL net_raw,~kill,~,all,63,64,0x1f,"
                            + "noroot+noroot-locked,keep-caps,027,0777,01000,8,1024:4096,infinity,infinity:1,1.5G,1G 5M,9E,1min 30s,5us,-20,+19,"
                            + "/srv,/,//,/a/../b,~app,-/x,%h,private,refuse,forget,allow,start,manual,listening:80+443,listening:,after:3s,"
                            + "method:a.b,5m,0s,1h,3d,halt,warn,throw,on,off,debug,audit,/etc/passwd,/dev/zero,/proc/self/mem,/missing")
                    .split(",");

    /** Right ones, in both forms. */
    private static final String[][] RIGHT = {
        {"user=nobody", "User=nobody"},
        {"group=keep", "Group=keep"},
        {"groups=audio+20", "Groups=audio 20"},
        {"caps=kill+chown", "KeepCapabilities=CAP_KILL chown"},
        {"ambient=kill", "AmbientCapabilities=kill"},
        {"bounding=~sys_admin", "CapabilityBoundingSet=~CAP_SYS_ADMIN"},
        {"securebits=noroot", "SecureBits=noroot noroot-locked"},
        {"umask=027", "UMask=027"},
        {"limit-nofile=1024:4096", "LimitNOFILE=1024:4096"},
        {"limit-as=1.5G", "LimitAS=1G 5M"},
        {"limit-cpu=1min 30s", "LimitCPU=1min 30s"},
        {"chdir=/srv", "WorkingDirectory=/srv"},
        {"log=debug", "LogLevel=debug"},
        {"give-up=1m", "GiveUp=1m"}
    };

    private static final String[] PIECES = {
        "=",
        "=",
        ",",
        "+",
        ":",
        " ",
        "\t",
        "\n",
        "\r",
        "#",
        ";",
        "[Psx]",
        "[",
        "]",
        "~",
        "-",
        ".",
        "%",
        "\\",
        "\"",
        "\u0000",
        "é",
        "µs",
        "\ud800",
        "\udc00",
        "\ud83d\ude00",
        "٣",
        "\ufeff",
        "\u0085",
        "\u2028",
        "%s",
        "00",
        "9999999999",
        "K",
        "E",
        "policy",
        "User",
        "none"
    };

    private final Random random;

    FuzzedText(long seed) {
        random = new Random(seed);
    }

    String options() {
        StringBuilder text = new StringBuilder();
        for (int n = random.nextInt(5); n >= 0; n--) {
            text.append(setting(false)).append(n == 0 ? "" : ",");
        }
        return changed(text);
    }

    String file() {
        StringBuilder text = new StringBuilder(random.nextInt(20) == 0 ? "" : "[Psx]\n");
        for (int n = random.nextInt(6); n > 0; n--) {
            text.append(setting(true)).append('\n');
        }
        return changed(text);
    }

    private String setting(boolean file) {
        if (random.nextInt(3) > 0) {
            return RIGHT[random.nextInt(RIGHT.length)][file ? 1 : 0];
        }
        return oneOf(Key.names(file)) + (file && random.nextInt(8) == 0 ? " = " : "=") + oneOf(VALUES);
    }

    /** Bytes that need not be UTF-8. */
    byte[] bytes(String text) {
        byte[] bytes = text.getBytes(java.nio.charset.StandardCharsets.UTF_8);
        if (bytes.length > 0 && random.nextInt(10) == 0) {
            bytes[random.nextInt(bytes.length)] = (byte) random.nextInt(256);
        }
        return bytes;
    }

    private String changed(StringBuilder text) {
        for (int n = random.nextInt(4) - 1; n > 0; n--) {
            int at = random.nextInt(text.length() + 1);
            switch (random.nextInt(4)) {
                case 0:
                    text.insert(at, oneOf(PIECES));
                    break;
                case 1:
                    text.delete(at, Math.min(text.length(), at + 1 + random.nextInt(4)));
                    break;
                case 2:
                    text.insert(at, (char) random.nextInt(65536));
                    break;
                default:
                    text.insert(at, text.substring(0, random.nextInt(text.length() + 1)));
                    break;
            }
        }
        return text.toString();
    }

    private String oneOf(String[] texts) {
        return texts[random.nextInt(texts.length)];
    }
}
