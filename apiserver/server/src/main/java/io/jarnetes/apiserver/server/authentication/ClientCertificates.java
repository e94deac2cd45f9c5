package io.jarnetes.apiserver.server.authentication;

import io.jarnetes.base.tls.Pem;
import io.jarnetes.base.tls.Tls;
import io.jarnetes.base.tls.TlsException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.cert.CertificateException;
import java.security.cert.X509Certificate;
import java.time.Clock;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Verifies client certificates against a file of authorities, by Go's rules. The file is read again
 * when it changes; chains that were good a minute ago are taken as good.
 */
public final class ClientCertificates {

    private static final long TRUST_MILLIS = 60_000;
    private static final long LOOK_MILLIS = 1_000;
    private static final int MOST_REMEMBERED = 4_096;

    private final Supplier<String> source;
    private final String name;
    private final Clock clock;
    private final Map<List<X509Certificate>, Long> good = new ConcurrentHashMap<>();
    private volatile @Nullable Loaded loaded;

    private record Loaded(String text, List<X509Certificate> authorities, long lookedMillis) {}

    private ClientCertificates(Supplier<String> source, String name, Clock clock) {
        this.source = source;
        this.name = name;
        this.clock = clock;
    }

    /**
     * @throws TlsException when the file can't be read or holds no certificate
     */
    public static ClientCertificates file(Path file, Clock clock) {
        ClientCertificates certificates =
                new ClientCertificates(() -> read(file), file.toString(), clock);
        certificates.current();
        return certificates;
    }

    /** Authorities that never change, in PEM. */
    public static ClientCertificates text(String pem, Clock clock) {
        return new ClientCertificates(() -> pem, "the given authorities", clock);
    }

    private static String read(Path file) {
        try {
            return Files.readString(file);
        } catch (IOException e) {
            throw new TlsException("open " + file + ": no such file or directory", e);
        }
    }

    /** The authorities in PEM as they stand now. */
    public String pem() {
        return current().text;
    }

    /**
     * @param chain leaf first
     * @throws CertificateException saying what is wrong
     */
    public void verify(List<X509Certificate> chain) throws CertificateException {
        Loaded now = current();
        long millis = clock.millis();
        Long until = good.get(chain);
        if (until != null && millis < until) {
            return;
        }
        Tls.trust(now.authorities, false)
                .checkClientTrusted(chain.toArray(X509Certificate[]::new), "UNKNOWN");
        if (good.size() >= MOST_REMEMBERED) {
            good.clear();
        }
        long expires = chain.getFirst().getNotAfter().getTime();
        good.put(List.copyOf(chain), Math.min(expires, millis + TRUST_MILLIS));
    }

    private Loaded current() {
        Loaded before = loaded;
        long millis = clock.millis();
        if (before != null && millis - before.lookedMillis < LOOK_MILLIS) {
            return before;
        }
        Loaded after = load(before, millis);
        loaded = after;
        return after;
    }

    private Loaded load(@Nullable Loaded before, long millis) {
        try {
            String text = source.get();
            if (before != null && before.text.equals(text)) {
                return new Loaded(text, before.authorities, millis);
            }
            List<X509Certificate> authorities = Pem.certificates(text, name);
            good.clear();
            return new Loaded(text, authorities, millis);
        } catch (TlsException e) {
            // A file that is being replaced: the old authorities hold until it is whole.
            if (before == null) {
                throw e;
            }
            return new Loaded(before.text, before.authorities, millis);
        }
    }
}
