package io.jarnetes.etcd.ctl.etcdutl;

import io.jarnetes.etcd.ctl.command.ExitException;
import java.net.URI;
import java.net.URISyntaxException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;

/** Peer URLs of the flags of a restore, with upstream's refusals. */
final class PeerUrls {
    private PeerUrls() {}

    /** URLs of one member, sorted. */
    static List<String> parse(List<String> words) {
        List<String> urls = new ArrayList<>();
        for (String word : words) {
            urls.add(parse(word.strip()));
        }
        return urls.stream().sorted().toList();
    }

    private static String parse(String word) {
        URI uri;
        try {
            uri = new URI(word);
        } catch (URISyntaxException e) {
            throw refused("parse \"" + word + "\": " + e.getReason());
        }
        String scheme = String.valueOf(uri.getScheme());
        if (scheme.equals("unix") || scheme.equals("unixs")) {
            return word;
        }
        if (!scheme.equals("http") && !scheme.equals("https")) {
            throw refused("URL scheme must be http, https, unix, or unixs: " + word);
        }
        if (uri.getHost() == null || uri.getPort() < 0) {
            throw refused("URL address does not have the form \"host:port\": " + word);
        }
        if (!uri.getPath().isEmpty()) {
            throw refused("URL must not contain a path: " + word);
        }
        return word;
    }

    /** {@code name=url,name=url}: the URLs of each member. */
    static Map<String, List<String>> cluster(String text) {
        Map<String, List<String>> words = new TreeMap<>();
        for (String pair : text.split(",", -1)) {
            if (pair.isEmpty()) {
                continue;
            }
            int equals = pair.indexOf('=');
            String name = equals < 0 ? pair : pair.substring(0, equals);
            String url = equals < 0 ? "" : pair.substring(equals + 1);
            words.computeIfAbsent(name, _ -> new ArrayList<>()).add(url);
        }
        Map<String, List<String>> urls = new TreeMap<>();
        words.forEach((name, list) -> urls.put(name, parse(list)));
        return urls;
    }

    /** The member must be in the cluster, with the URLs that it says it has. */
    static void verify(String name, List<String> advertised, Map<String, List<String>> cluster) {
        List<String> own = cluster.get(name);
        if (own == null) {
            throw refused(
                    "couldn't find local name \""
                            + name
                            + "\" in the initial cluster configuration");
        }
        Set<String> missing = new TreeSet<>(own);
        missing.removeAll(Set.copyOf(advertised));
        if (!missing.isEmpty()) {
            throw refused(
                    "--initial-cluster has "
                            + pairs(name, missing)
                            + " but missing from --initial-advertise-peer-urls="
                            + String.join(",", advertised)
                            + " (resolved urls: \""
                            + String.join(",", advertised)
                            + "\" != \""
                            + String.join(",", own)
                            + "\")");
        }
        Set<String> more = new TreeSet<>(advertised);
        more.removeAll(Set.copyOf(own));
        if (!more.isEmpty()) {
            throw refused(
                    "--initial-advertise-peer-urls has "
                            + String.join(",", more)
                            + " but missing from --initial-cluster="
                            + pairs(name, new TreeSet<>(advertised)));
        }
        Set<String> all = new HashSet<>();
        for (List<String> urls : cluster.values()) {
            for (String url : urls) {
                if (!all.add(url)) {
                    throw refused("initial cluster " + text(cluster) + " has duplicate url");
                }
            }
        }
    }

    private static String pairs(String name, Set<String> urls) {
        return urls.stream().map(url -> name + "=" + url).collect(Collectors.joining(","));
    }

    private static String text(Map<String, List<String>> cluster) {
        return cluster.entrySet().stream()
                .flatMap(e -> e.getValue().stream().map(url -> e.getKey() + "=" + url))
                .sorted()
                .collect(Collectors.joining(","));
    }

    private static ExitException refused(String message) {
        return new ExitException(ExitException.ERROR, message);
    }
}
