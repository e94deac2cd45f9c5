package io.jarnetes.etcd.server;

import io.jarnetes.etcd.server.peer.Urls;
import io.netty.util.NetUtil;
import java.net.URI;
import java.net.URISyntaxException;
import java.util.ArrayList;
import java.util.List;

/** Flags that hold URLs, comma separated, with upstream's checks and texts. */
final class UrlFlag {
    private UrlFlag() {}

    /**
     * @throws IllegalArgumentException with upstream's text for what is no URL of a member
     */
    static void check(String words) {
        if (!words.isEmpty()) {
            for (String word : words.split(",", -1)) {
                url(word);
            }
        }
    }

    /**
     * The URLs.
     *
     * @throws IllegalArgumentException as {@link #check}
     */
    static List<URI> urls(String words) {
        List<URI> urls = new ArrayList<>();
        if (!words.isEmpty()) {
            for (String word : words.split(",", -1)) {
                urls.add(url(word));
            }
        }
        return urls;
    }

    static URI url(String word) {
        URI url;
        try {
            url = new URI(word.strip());
        } catch (URISyntaxException e) {
            throw new IllegalArgumentException("parse \"" + word + "\": " + e.getReason(), e);
        }
        String scheme = String.valueOf(url.getScheme());
        if (scheme.equals("unix") || scheme.equals("unixs")) {
            throw new IllegalArgumentException(
                    "sockets in the file system are not there yet in this version of Jarnetes: "
                            + word);
        }
        if (!scheme.equals("http") && !scheme.equals("https")) {
            throw new IllegalArgumentException(
                    "URL scheme must be http, https, unix, or unixs: " + word.strip());
        }
        if (!Urls.isPeerUrl(scheme + "://" + url.getRawAuthority())) {
            throw new IllegalArgumentException(
                    "URL address does not have the form \"host:port\": " + word.strip());
        }
        if (url.getRawPath() != null && !url.getRawPath().isEmpty()) {
            throw new IllegalArgumentException("URL must not contain a path: " + word.strip());
        }
        return url;
    }

    /**
     * @throws BootException for a URL that no member can listen on: names may mean other machines
     */
    static void requireAddresses(List<URI> urls) {
        for (URI url : urls) {
            String host = Urls.host(url);
            if (!host.equals("localhost")
                    && NetUtil.createByteArrayFromIpAddressString(host) == null) {
                throw new BootException("expected IP in URL for binding (" + url + ")");
            }
        }
    }
}
