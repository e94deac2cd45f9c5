package io.jarnetes.base.tls;

import io.netty.handler.ssl.SslContext;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * A context that follows its files: made again when one of them has another modification time or
 * size, looked at once a second at the most. While new files can't be read, the old context stays.
 *
 * <p>Ask {@link #context()} for every connection.
 */
public final class TlsFiles {

    private static final long LOOK_NANOS = 1_000_000_000L;

    private final List<Path> files;
    private final Supplier<SslContext> maker;
    private List<Object> marks;
    private SslContext context;
    private long looked = System.nanoTime();

    /**
     * @param files what {@code maker} reads
     * @throws TlsException when the first context can't be made
     */
    public TlsFiles(List<Path> files, Supplier<SslContext> maker) {
        this.files = List.copyOf(files);
        this.maker = maker;
        this.marks = marks();
        this.context = maker.get();
    }

    /** The context for a new connection. */
    public synchronized SslContext context() {
        long now = System.nanoTime();
        if (now - looked < LOOK_NANOS) {
            return context;
        }
        looked = now;
        List<Object> found = marks();
        if (!found.equals(marks)) {
            @Nullable SslContext fresh = fresh();
            if (fresh != null) {
                context = fresh;
                marks = found;
            }
        }
        return context;
    }

    private @Nullable SslContext fresh() {
        try {
            return maker.get();
        } catch (TlsException e) {
            // Half of a new pair may be written so far; the next look tries again.
            return null;
        }
    }

    private List<Object> marks() {
        List<Object> found = new ArrayList<>();
        for (Path file : files) {
            try {
                FileTime time = Files.getLastModifiedTime(file);
                found.add(Objects.hash(time, Files.size(file)));
            } catch (IOException e) {
                found.add("absent");
            }
        }
        return found;
    }
}
