package io.jarnetes.etcd.server.tls;

import java.io.IOException;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Properties;
import javax.naming.Context;
import javax.naming.NamingEnumeration;
import javax.naming.NamingException;
import javax.naming.directory.Attribute;
import javax.naming.directory.InitialDirContext;

/**
 * What the machine is told to ask: its file of hosts, then DNS. The JDK's own look-up of names
 * gives one where there are several, as there are for a pod that a headless service stands for.
 */
public final class SystemResolver implements HostResolver {
    private static final Path HOSTS = Path.of("/etc/hosts");
    private static final String TIMEOUT_MILLIS = "1000";
    private static final String TRIES = "2";

    private final Path hosts;

    public SystemResolver() {
        this(HOSTS);
    }

    SystemResolver(Path hosts) {
        this.hosts = hosts;
    }

    @Override
    public List<String> names(InetAddress address) throws UnknownHostException {
        List<String> known = fromFile(address);
        return known.isEmpty() ? pointers(address) : known;
    }

    private List<String> fromFile(InetAddress address) {
        List<String> names = new ArrayList<>();
        try {
            for (String line : Files.readAllLines(hosts)) {
                String[] words = line.replaceFirst("#.*", "").strip().split("\\s+");
                if (words.length > 1 && isAddress(words[0], address)) {
                    names.addAll(Arrays.asList(words).subList(1, words.length));
                }
            }
        } catch (IOException e) {
            // Nobody must have such a file.
        }
        return names;
    }

    private static boolean isAddress(String word, InetAddress address) {
        try {
            return InetAddress.ofLiteral(word).equals(address);
        } catch (IllegalArgumentException e) {
            return false;
        }
    }

    /**
     * The one way that the JDK has to all of them; the provider for DNS makes texts, no objects.
     */
    @SuppressWarnings("BanJNDI")
    private static List<String> pointers(InetAddress address) throws UnknownHostException {
        Properties settings = new Properties();
        settings.put(Context.INITIAL_CONTEXT_FACTORY, "com.sun.jndi.dns.DnsContextFactory");
        settings.put(Context.PROVIDER_URL, "dns:");
        settings.put("com.sun.jndi.dns.timeout.initial", TIMEOUT_MILLIS);
        settings.put("com.sun.jndi.dns.timeout.retries", TRIES);
        try {
            InitialDirContext dns = new InitialDirContext(settings);
            try {
                Attribute found =
                        dns.getAttributes(pointerName(address), new String[] {"PTR"}).get("PTR");
                return found == null ? List.of() : values(found);
            } finally {
                dns.close();
            }
        } catch (NamingException e) {
            throw unknown("lookup " + pointerName(address) + ".: " + e.getMessage(), e);
        }
    }

    private static List<String> values(Attribute found) throws NamingException {
        List<String> names = new ArrayList<>();
        NamingEnumeration<?> all = found.getAll();
        while (all.hasMore()) {
            names.add(String.valueOf(all.next()));
        }
        return names;
    }

    private static UnknownHostException unknown(String text, Exception why) {
        UnknownHostException e = new UnknownHostException(text);
        e.initCause(why);
        return e;
    }

    /** The name that DNS has its names under: the parts backwards. */
    static String pointerName(InetAddress address) {
        byte[] bytes = address.getAddress();
        StringBuilder name = new StringBuilder();
        for (int i = bytes.length - 1; i >= 0; i--) {
            int b = bytes[i] & 0xff;
            if (bytes.length == 4) {
                name.append(b).append('.');
            } else {
                name.append(Character.forDigit(b & 0xf, 16)).append('.');
                name.append(Character.forDigit(b >> 4, 16)).append('.');
            }
        }
        return name.append(bytes.length == 4 ? "in-addr.arpa" : "ip6.arpa").toString();
    }

    @Override
    public List<InetAddress> addresses(String name) throws UnknownHostException {
        try {
            return List.of(InetAddress.getAllByName(name));
        } catch (UnknownHostException e) {
            throw unknown("lookup " + name + ": no such host", e);
        }
    }
}
