package io.jarnetes.base.log;

import java.io.FileDescriptor;
import java.io.FileOutputStream;
import org.jspecify.annotations.Nullable;
import org.slf4j.ILoggerFactory;
import org.slf4j.IMarkerFactory;
import org.slf4j.helpers.AbstractLogger;
import org.slf4j.helpers.BasicMDCAdapter;
import org.slf4j.helpers.BasicMarkerFactory;
import org.slf4j.helpers.MessageFormatter;
import org.slf4j.spi.MDCAdapter;
import org.slf4j.spi.SLF4JServiceProvider;

/**
 * What libraries log (Netty, Fabric8): warnings and errors alone, as JSON lines on standard error.
 * Our own code is handed a {@link Log} instead.
 */
public final class LibraryLogs implements SLF4JServiceProvider {

    private final Log log =
            new ZapLog(new FileOutputStream(FileDescriptor.err), Log.Level.WARN, "library");
    private final IMarkerFactory markers = new BasicMarkerFactory();
    private final MDCAdapter context = new BasicMDCAdapter();

    @Override
    public ILoggerFactory getLoggerFactory() {
        return name -> new LibraryLogger(name, log);
    }

    @Override
    public IMarkerFactory getMarkerFactory() {
        return markers;
    }

    @Override
    public MDCAdapter getMDCAdapter() {
        return context;
    }

    @Override
    public String getRequestedApiVersion() {
        return "2.0.99";
    }

    @Override
    public void initialize() {}

    private static final class LibraryLogger extends AbstractLogger {

        private static final long serialVersionUID = 1L;
        private final transient Log log;

        LibraryLogger(String name, Log log) {
            this.name = name;
            this.log = log;
        }

        @Override
        protected @Nullable String getFullyQualifiedCallerName() {
            return null;
        }

        @Override
        protected void handleNormalizedLoggingCall(
                org.slf4j.event.Level level,
                org.slf4j.@Nullable Marker marker,
                String pattern,
                @Nullable Object @Nullable [] arguments,
                @Nullable Throwable failure) {
            Log.Level ours =
                    level == org.slf4j.event.Level.ERROR ? Log.Level.ERROR : Log.Level.WARN;
            String text = MessageFormatter.basicArrayFormat(pattern, arguments);
            if (failure == null) {
                log.log(ours, text, "logger", name);
            } else {
                log.log(ours, text, "logger", name, "error", failure.toString());
            }
        }

        @Override
        public boolean isTraceEnabled() {
            return false;
        }

        @Override
        public boolean isTraceEnabled(org.slf4j.Marker marker) {
            return false;
        }

        @Override
        public boolean isDebugEnabled() {
            return false;
        }

        @Override
        public boolean isDebugEnabled(org.slf4j.Marker marker) {
            return false;
        }

        @Override
        public boolean isInfoEnabled() {
            return false;
        }

        @Override
        public boolean isInfoEnabled(org.slf4j.Marker marker) {
            return false;
        }

        @Override
        public boolean isWarnEnabled() {
            return true;
        }

        @Override
        public boolean isWarnEnabled(org.slf4j.Marker marker) {
            return true;
        }

        @Override
        public boolean isErrorEnabled() {
            return true;
        }

        @Override
        public boolean isErrorEnabled(org.slf4j.Marker marker) {
            return true;
        }
    }
}
