package io.jarnetes.base.log;

import java.io.ByteArrayInputStream;
import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.logging.Handler;
import java.util.logging.Level;
import java.util.logging.LogManager;
import java.util.logging.LogRecord;
import java.util.logging.SimpleFormatter;

/**
 * What libraries log by java.util.logging (gRPC), as {@link LibraryLogs} has what the others log:
 * warnings and errors alone, a JSON line each, without the stacks that gRPC writes into its texts.
 */
public final class JavaLogs extends Handler {

    private final Log log;
    private final SimpleFormatter formatter = new SimpleFormatter();

    /** For java.util.logging, which makes its handlers itself. */
    public JavaLogs() {
        this(new ZapLog(new FileOutputStream(FileDescriptor.err), Log.Level.WARN, "library"));
    }

    JavaLogs(Log log) {
        this.log = log;
    }

    /** Before anything is logged; java.util.logging asks for it once it is used. */
    public static void install() {
        System.setProperty("java.util.logging.config.class", Config.class.getName());
    }

    /** As java.util.logging wants its configuration: made by its constructor. */
    public static final class Config {
        public Config() throws IOException {
            String lines = "handlers=" + JavaLogs.class.getName() + "\n.level=WARNING\n";
            LogManager.getLogManager()
                    .readConfiguration(
                            new ByteArrayInputStream(lines.getBytes(StandardCharsets.UTF_8)));
        }
    }

    @Override
    public void publish(LogRecord entry) {
        Log.Level level =
                entry.getLevel().intValue() >= Level.SEVERE.intValue()
                        ? Log.Level.ERROR
                        : Log.Level.WARN;
        String text = firstLine(formatter.formatMessage(entry));
        Throwable thrown = entry.getThrown();
        if (thrown == null) {
            log.log(level, text, "logger", entry.getLoggerName());
        } else {
            String error = firstLine(thrown.toString());
            log.log(level, text, "logger", entry.getLoggerName(), "error", error);
        }
    }

    private static String firstLine(String text) {
        return text.lines().findFirst().orElse("");
    }

    @Override
    public void flush() {}

    @Override
    public void close() {}
}
