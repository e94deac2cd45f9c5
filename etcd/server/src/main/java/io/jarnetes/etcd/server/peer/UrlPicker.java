package io.jarnetes.etcd.server.peer;

import java.net.URI;
import java.util.List;

/** The URLs of one peer: the one that worked last, until it fails. */
final class UrlPicker {
    private List<URI> urls;
    private int picked;

    UrlPicker(List<URI> urls) {
        this.urls = checked(urls);
    }

    private static List<URI> checked(List<URI> urls) {
        if (urls.isEmpty()) {
            throw new IllegalArgumentException("a peer without URLs");
        }
        return List.copyOf(urls);
    }

    synchronized void update(List<URI> newUrls) {
        urls = checked(newUrls);
        picked = 0;
    }

    /** The base URL to try; its path is replaced. */
    synchronized URI pick() {
        return urls.get(picked);
    }

    /** Goes on to the next URL if this is still the picked one. */
    synchronized void unreachable(URI url) {
        if (url.equals(urls.get(picked))) {
            picked = (picked + 1) % urls.size();
        }
    }
}
