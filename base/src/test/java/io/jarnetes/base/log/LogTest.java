package io.jarnetes.base.log;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.List;
import org.junit.jupiter.api.Test;

class LogTest {

    private static final Clock CLOCK =
            Clock.fixed(Instant.parse("2026-03-04T05:06:07.123456Z"), ZoneOffset.UTC);
    private final ByteArrayOutputStream out = new ByteArrayOutputStream();

    private String text() {
        return out.toString(StandardCharsets.UTF_8);
    }

    @Test
    void zapWritesOneJsonObjectALine() {
        Log log =
                new ZapLog(
                        out,
                        Log.Level.INFO,
                        CLOCK,
                        ZoneOffset.UTC,
                        "embed/serve.go",
                        new Object[0]);
        log.with("name", "m1")
                .info("ready", "urls", List.of("a", "b"), "took", Duration.ofMillis(90));
        log.debug("dropped");
        assertThat(text())
                .isEqualTo(
                        "{\"level\":\"info\",\"ts\":\"2026-03-04T05:06:07.123456Z\","
                                + "\"caller\":\"embed/serve.go\",\"msg\":\"ready\",\"name\":\"m1\","
                                + "\"urls\":[\"a\",\"b\"],\"took\":\"90ms\"}\n");
    }

    @Test
    void theConsoleHasTabsAndOneObject() {
        Log log = new ConsoleLog(out, CLOCK, ZoneOffset.UTC, "a/b.go:1", new Object[0]);
        log.info("restoring snapshot", "path", "x \"y\"", "size", 3);
        log.with("id", "1").warn("slow");
        log.error("bare");
        log.debug("dropped");
        assertThat(text())
                .isEqualTo(
                        "2026-03-04T05:06:07Z\tinfo\ta/b.go:1\trestoring snapshot\t"
                                + "{\"path\": \"x \\\"y\\\"\", \"size\": 3}\n"
                                + "2026-03-04T05:06:07Z\twarn\ta/b.go:1\tslow\t{\"id\": \"1\"}\n"
                                + "2026-03-04T05:06:07Z\terror\ta/b.go:1\tbare\n");
    }

    @Test
    void klogTextQuotesMessageAndValues() {
        Log log = new KlogLog(out, false, 0, CLOCK, "main.go:1", new Object[0]);
        log.warn("a \"b\"\n", "n", 3, "error", new IllegalStateException("no"));
        assertThat(text())
                .startsWith("W0304 ")
                .endsWith("main.go:1] \"a \\\"b\\\"\\n\" n=3 error=\"no\"\n");
    }

    @Test
    void durationsAreGos() {
        assertThat(LogValue.duration(Duration.ofSeconds(5400))).isEqualTo("1h30m0s");
        assertThat(LogValue.duration(Duration.ofNanos(1_500_000))).isEqualTo("1.5ms");
        assertThat(LogValue.duration(Duration.ZERO)).isEqualTo("0s");
    }
}
