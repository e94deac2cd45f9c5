package io.jarnetes.pki;

import java.util.List;
import java.util.Set;

/**
 * What a certificate says.
 *
 * @param name the path of its files below the directory, without ending: {@code etcd/server}
 * @param authority who signs it
 * @param commonName the user's name, for a client
 * @param organizations the user's groups, for a client
 * @param located whether the subject carries country, state and locality, as generate.sh's do
 * @param usages what it may be used for
 * @param hosts DNS names and IP addresses for the subject alternative names
 */
public record Profile(
        String name,
        Authority authority,
        String commonName,
        List<String> organizations,
        boolean located,
        Set<Usage> usages,
        List<String> hosts) {

    public Profile {
        organizations = List.copyOf(organizations);
        usages = Set.copyOf(usages);
        hosts = List.copyOf(hosts);
    }

    /** Who signs. */
    public enum Authority {
        /** {@code ca.crt}, {@code ca.key}. */
        CLUSTER("ca"),
        /** {@code etcd/ca.crt}, {@code etcd/ca.key}: a certificate of the cluster's is refused. */
        ETCD("etcd/ca");

        private final String file;

        Authority(String file) {
            this.file = file;
        }

        /** The path of its files below the directory, without ending. */
        public String file() {
            return file;
        }
    }

    /** Extended key usages. */
    public enum Usage {
        CLIENT,
        SERVER
    }

    /** The same profile for more names. */
    public Profile withHosts(List<String> more) {
        List<String> all = new java.util.ArrayList<>(hosts);
        more.stream().filter(host -> !all.contains(host)).forEach(all::add);
        return new Profile(name, authority, commonName, organizations, located, usages, all);
    }
}
