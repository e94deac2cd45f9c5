package io.jarnetes.base.log;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.logging.Level;
import java.util.logging.LogRecord;
import org.junit.jupiter.api.Test;

class JavaLogsTest {

    @Test
    void aStackInATextIsLeftOut() {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        JavaLogs logs = new JavaLogs(new ZapLog(out, Log.Level.WARN, "library"));
        LogRecord entry = new LogRecord(Level.WARNING, "[{0}] Failed to resolve name. status={1}");
        entry.setParameters(new Object[] {"Channel<1>", "Unable to resolve\n\tat a.B.c(B.java:1)"});
        entry.setLoggerName("io.grpc.internal.ManagedChannelImpl");
        entry.setThrown(new IllegalStateException("unknown host\nmore"));
        logs.publish(entry);
        assertThat(out.toString(StandardCharsets.UTF_8).lines())
                .singleElement()
                .asString()
                .contains("\"level\":\"warn\"")
                .contains(
                        "\"msg\":\"[Channel<1>] Failed to resolve name. status=Unable to resolve\"")
                .contains("\"logger\":\"io.grpc.internal.ManagedChannelImpl\"")
                .contains("\"error\":\"java.lang.IllegalStateException: unknown host\"");
    }
}
