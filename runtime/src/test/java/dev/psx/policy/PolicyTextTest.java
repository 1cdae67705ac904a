package dev.psx.policy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The form of a policy file; every error says where. */
class PolicyTextTest {

    @Test
    void commentsBlankLinesAndSpacesMeanNothing() {
        String text = "# first\r\n\n ; second\n\t[Psx]\t\r\n  User\t=  1001  \r\n#User=1\n\nUMask=027";

        assertThat(parse(text)).isEqualTo(PolicyParser.options("user=1001,umask=027"));
    }

    @Test
    void anEmptySectionIsNoDrop() {
        assertThat(parse("[Psx]").drops()).isFalse();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            ignoreLeadingAndTrailingWhitespace = false,
            value = {
                "''|1|1|there is no section [Psx]",
                "# only\\n|1|1|there is no section [Psx]",
                "User=1\\n[Psx]|1|1|this is in no section; a policy file begins with [Psx]",
                "[psx]|1|1|\"[psx]\" is not a section; the one section is [Psx]",
                "[Psx]\\n[Service]|2|1|\"[Service]\" is not a section",
                "[Unit]\\nAfter=x|1|1|a unit file cannot be used as it is: copy those lines of its [Service]",
                "[Psx]\\nSupplementaryGroups=a|2|1|is not a key: it is Groups here, which names all",
                "[Psx]\\nUsre=a|2|1|\"Usre\" is not a key; did you mean User? the keys are User, Group",
                "[Psx]\\nCapabilities=a|2|1|is not a key; did you mean KeepCapabilities? the keys",
                "[Psx]\\nLimitNofile=1|2|1|is not a key; did you mean LimitNOFILE? the keys",
                "[Psx]\\nUser=\"www-data\"|2|6|begins with a quotation mark: write the value without quotes",
                "[Psx]\\nUser=a:b|2|7|has a colon: name the group by Group=",
                "[Psx]\\nUser=1\\nWhen=listening:80,443|3|16|not a port from 1 to 65535; in a file lists are joined by spaces",
                "[Psx]\\nKeepCapabilities=|2|18|is empty; write none, or give a list or keep",
                "[Psx]\\nGroups=|2|8|is empty; write none, or names or numbers",
                "[Psx]\\nDumpable=true|2|10|is not one of keep, yes, no",
                "[$6$x]|1|1|\"[…]\" is not a section",
                "[$6$x|1|1|\"[…]\" is not a section",
                "[Psx]\\n  [Psx]|2|3|a second section [Psx]",
                "[Psx]\\nUser|2|1|\"User\" has no value; write Key=value, the keys are User, Group",
                "[Psx]\\n=1|2|1|\"\" is not a key; the keys are User, Group",
                "[Psx]\\n  =1|2|3|\"\" is not a key",
                "[Psx]\\nuser=1|2|1|\"user\" is called User in a policy file",
                "[Psx]\\npolicy=/x|2|1|\"policy\" has no place in a policy file",
                "[Psx]\\nGuard=audit|2|1|\"Guard\" is not supported by this version, it comes with a later version",
                "[Psx]\\nChildUser=a:b|2|12|has a colon: the groups are those that a login of that user sets",
                "[Psx]\\nChildAmbient=~kill|2|14|does not name what children get; ~ goes with AmbientCapabilities",
                "[Psx]\\nChildAmbient=kill fly|2|19|which is no capability",
                "[Psx]\\nChildNoNewPrivileges=perhaps|2|22|is not one of yes, no",
                "[Psx]\\nchild-user=a|2|1|is called ChildUser in a policy file",
                "[Psx]\\nJmx=off|2|1|\"Jmx\" is not supported by this version",
                "[Psx]\\nUser=a\\nUser=b|3|1|User is given twice: \"a\" (line 2, column 1 of test.conf) and \"b\"",
                "[Psx]\\nUser=|2|6|User=\"\" is empty",
                "[Psx]\\nUser=  |2|6|User=\"\" is empty",
                "[Psx]\\nUser=a # b|2|8|comments have lines of their own",
                "[Psx]\\nUser=a\\\\\\nGroup=b|2|7|a backslash at its end does not continue a line",
                "[Psx]\\nUser=a\u0000|2|7|this is a control character",
                "\ufeff[Psx]|1|1|this is a byte order mark",
                "[Psx]\\n# \ud83d\ude00\\tx\u0001|2|6|this is a control character",
                "[Psx]\\nGroups=a  b+c+none a|2|20|names \"a\" twice",
                "[Psx]\\nKeepCapabilities=kill foo+bar|2|23|\"…\", which is no capability: write names such as net_bind_service",
                "[Psx]\\nKeepCapabilities=kill foo+bar|2|23|in a file lists are joined by spaces",
                "[Psx]\\nUser=1\\nKeepCapabilities=none\\nAmbientCapabilities=kill|4|21|is not part of KeepCapabilities: cap_kill is missing",
                "[Psx]\\nUser=1\\nAmbientCapabilities=~kill|3|21|needs a list in KeepCapabilities",
                "[Psx]\\nCapabilityBoundingSet=kill 62|2|28|\"62\", which cannot be had: this kernel has no capability 62, the highest is",
                "[Psx]\\nAmbientCapabilities=kill\\nCapabilityBoundingSet=~kill|2|21|is not part of CapabilityBoundingSet: cap_kill is missing",
                "[Psx]\\nSecureBits=noroot  keep_caps|2|20|is not one of noroot, noroot-locked, no-setuid-fixup",
                "[Psx]\\nWhen=after:3s|2|6|it comes with a later version; it is not one of start, listening:PORT+PORT, manual",
                "[Psx]\\nUser=1\\nDeadline=3s|3|10|goes with When=listening:PORT only"
            })
    void whatIsWrongIsNamedWithItsPlace(String text, int line, int column, String why) {
        String real = text.replace("\\\\", "\ue000")
                .replace("\\n", "\n")
                .replace("\\t", "\t")
                .replace('\ue000', '\\');

        assertThatThrownBy(() -> parse(real))
                .isInstanceOf(PolicyException.class)
                .hasMessageStartingWith("line " + line + ", column " + column + " of test.conf: ")
                .hasMessageContaining(why);
    }

    /** Somebody names the wrong file, and the log is read by many: whatever the file says, it is not repeated. */
    @ParameterizedTest
    @ValueSource(
            strings = {
                "root:$y$j9T$secretsalt$secrethash:19000:0:99999:7:::\ndaemon:*:19000:0:99999:7:::\n",
                "secret\n",
                "secret=1\n",
                "[Psx]\nroot:$6$secretsalt$secrethash=:19000:0:99999:7:::\n",
                "[Psx]\nroot:$6$secretsalt$secrethash:19000\n",
                "[Psx]\nUser=root:$6$secret\n",
                "[Psx]\nUMask=a secret\n",
                "[Psx]\nGroups=x:secret none\n",
                "[Psx]\nKeepCapabilities=kill secret:\n",
                "[Psx]\nLimitCORE=0:$secret\n",
                "[Psx]\nWhen=listening:80 $secret\n",
                "[Psx]\nWhen=listening:80\nWhen=$secret\n",
                "[Psx]\nRootDirectory=.secret\n",
                "[Psx]\nUMask=01234567890123456789012345678901secret\n",
                "[secret/\n"
            })
    void whatAnyFileSaysIsNotRepeated(String text) {
        assertThatThrownBy(() -> parse(text))
                .isInstanceOf(PolicyException.class)
                .message()
                .matches("line [1-3], column [1-9][0-9]* of test.conf: .{20,}")
                .doesNotContain("secret", "$", "19000", "root:");
    }

    @Test
    void otherEncodingsAreRefused() {
        byte[] latin = "[Psx]\n# ok\nUser=m\u00fcller".getBytes(StandardCharsets.ISO_8859_1);

        assertThatThrownBy(() -> PolicyParser.text("test.conf", latin))
                .hasMessage("line 3, column 7 of test.conf: this is not UTF-8");
        byte[] cut = {'[', 'P', 's', 'x', ']', '\n', (byte) 0xe2, (byte) 0x82};
        assertThatThrownBy(() -> PolicyParser.text("test.conf", cut))
                .hasMessage("line 2, column 1 of test.conf: this is not UTF-8");
    }

    private static PolicySettings parse(String text) {
        return PolicyParser.text("test.conf", text.getBytes(StandardCharsets.UTF_8));
    }
}
