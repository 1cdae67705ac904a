package dev.psx.spi;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ErrnoTest {

    @ParameterizedTest
    @CsvSource({
        "1,EPERM,Operation not permitted",
        "11,EAGAIN,Resource temporarily unavailable",
        "22,EINVAL,Invalid argument",
        "38,ENOSYS,Function not implemented",
        "133,EHWPOISON,Memory page has hardware error",
        "41,errno 41,Unknown error 41",
        "0,errno 0,Unknown error 0",
        "134,errno 134,Unknown error 134"
    })
    void namesAndTexts(int errno, String name, String text) {
        assertThat(Errno.name(errno)).isEqualTo(name);
        assertThat(Errno.describe(errno)).isEqualTo(text);
    }

    @ParameterizedTest
    @CsvSource({"0,false", "1,false", "-1,true", "-4095,true", "-4096,false", "-9223372036854775808,false"})
    void errorsAreTheLastPageOfNumbers(long result, boolean error) {
        assertThat(Errno.isError(result)).isEqualTo(error);
    }
}
