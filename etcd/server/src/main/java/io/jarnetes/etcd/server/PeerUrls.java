package io.jarnetes.etcd.server;

import io.jarnetes.etcd.server.peer.Urls;
import java.net.InetAddress;
import java.net.URI;
import java.net.UnknownHostException;
import java.time.Duration;
import java.util.Collection;
import java.util.TreeSet;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/**
 * Whether two lists name the same places: by their words, else by what the names resolve to, as
 * upstream compares them at boot. In containers a name may resolve a while later.
 */
final class PeerUrls {
    private static final Duration PATIENCE = Duration.ofSeconds(30);
    private static final long RETRY_MILLIS = 500;

    private PeerUrls() {}

    static boolean same(Collection<String> left, Collection<String> right) {
        return same(left, right, PATIENCE);
    }

    static boolean same(Collection<String> left, Collection<String> right, Duration patience) {
        if (new TreeSet<>(left).equals(new TreeSet<>(right))) {
            return true;
        }
        if (left.size() != right.size()) {
            return false;
        }
        long deadline = System.nanoTime() + patience.toNanos();
        while (true) {
            TreeSet<String> one = resolved(left);
            TreeSet<String> other = resolved(right);
            if (one != null && other != null) {
                return one.equals(other);
            }
            if (System.nanoTime() - deadline > 0) {
                return false;
            }
            LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(RETRY_MILLIS));
        }
    }

    /** With addresses for names; null while one of them is none. */
    private static @Nullable TreeSet<String> resolved(Collection<String> urls) {
        TreeSet<String> found = new TreeSet<>();
        try {
            for (String url : urls) {
                URI uri = URI.create(url);
                String address = InetAddress.getByName(Urls.host(uri)).getHostAddress();
                found.add(uri.getScheme() + "://" + address + ":" + Urls.port(uri));
            }
            return found;
        } catch (UnknownHostException e) {
            return null;
        }
    }
}
