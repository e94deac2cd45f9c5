package io.jarnetes.pki;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyPair;
import java.security.SecureRandom;
import java.security.cert.X509Certificate;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/** A directory with the keys and certificates of one cluster. */
public final class PkiDirectory {

    private static final int ENCRYPTION_KEY_BYTES = 32;

    private final Path dir;
    private final Clock clock;
    private final SecureRandom random;

    public PkiDirectory(Path dir, Clock clock, SecureRandom random) {
        this.dir = dir;
        this.clock = clock;
        this.random = random;
    }

    /** One certificate of the directory. */
    public record Entry(String name, X509Certificate certificate) {}

    /** The path of a certificate, {@code <name>.crt}. */
    public Path certificate(String name) {
        return dir.resolve(name + ".crt");
    }

    /** The path of a key, {@code <name>.key}. */
    public Path key(String name) {
        return dir.resolve(name + ".key");
    }

    /** The path of a user's kubeconfig, {@code <name>.kubeconfig}. */
    public Path kubeconfig(String name) {
        return dir.resolve(name + ".kubeconfig");
    }

    /** The path of the encryption configuration. */
    public Path encryptionConfig() {
        return dir.resolve("encryption-config.yaml");
    }

    /**
     * Makes everything that isn't there: authorities, certificates with their requests,
     * kubeconfigs, encryption configuration. What is there stays as it is.
     *
     * @throws PkiException when a file can't be written, or a certificate stands without its key
     */
    public void init(PkiOptions options) {
        if (Files.exists(dir) && !Files.isDirectory(dir)) {
            throw new PkiException(dir + " is a file, and a directory is wanted");
        }
        List<Profile> profiles = Profiles.all(options.nodes(), options.hosts());
        issue(options, profiles);
        for (Profile profile : profiles) {
            writeRequest(profile);
        }
        encryption();
    }

    /**
     * Makes the certificates of these profiles that aren't there, and the kubeconfigs of their
     * users. The leaves are made in parallel.
     */
    public void issue(PkiOptions options, List<Profile> profiles) {
        Map<Profile.Authority, CertificateAuthority> authorities = new LinkedHashMap<>();
        for (Profile.Authority authority : Profile.Authority.values()) {
            if (profiles.stream().anyMatch(profile -> profile.authority() == authority)) {
                authorities.put(authority, authority(authority, options));
            }
        }
        profiles.parallelStream()
                .forEach(profile -> {
                    CertificateAuthority authority = authorities.get(profile.authority());
                    if (authority != null) {
                        leaf(authority, profile, options);
                    }
                });
    }

    private CertificateAuthority authority(Profile.Authority which, PkiOptions options) {
        String name = which.file();
        if (!exists(name)) {
            CertificateAuthority made =
                    CertificateAuthority.create(
                            which == Profile.Authority.CLUSTER ? "CA" : "etcd-ca",
                            which == Profile.Authority.CLUSTER,
                            options.algorithm().generate(),
                            options.validity(),
                            clock,
                            random);
            made.writeTo(key(name), certificate(name));
            return made;
        }
        return load(which);
    }

    private CertificateAuthority load(Profile.Authority which) {
        X509Certificate certificate = PemFiles.certificate(certificate(which.file()));
        KeyPair keys = PemFiles.keys(key(which.file()), certificate.getPublicKey());
        return new CertificateAuthority(certificate, keys.getPrivate(), clock, random);
    }

    private void leaf(CertificateAuthority authority, Profile profile, PkiOptions options) {
        if (!exists(profile.name())) {
            KeyPair keys = options.algorithm().generate();
            X509Certificate certificate =
                    authority.issue(profile, keys.getPublic(), options.validity());
            PemFiles.writePair(key(profile.name()), keys, certificate(profile.name()), certificate);
        }
        if (hasKubeconfig(profile) && !Files.exists(kubeconfig(profile.name()))) {
            String server =
                    profile.name().equals("admin")
                            ? options.adminServer()
                            : options.componentServer();
            writeKubeconfig(profile, server);
        }
    }

    private static boolean hasKubeconfig(Profile profile) {
        return profile.authority() == Profile.Authority.CLUSTER
                && !profile.organizations().isEmpty();
    }

    /**
     * Writes a user's kubeconfig again, for a server at another address.
     *
     * @param server the URL of the API server
     */
    public void writeKubeconfig(Profile profile, String server) {
        String name = profile.name();
        X509Certificate certificate = PemFiles.certificate(certificate(name));
        KeyPair keys = PemFiles.keys(key(name), certificate.getPublicKey());
        String user = name.equals("admin") ? "admin" : profile.commonName();
        String text =
                Kubeconfig.text(
                        server,
                        user,
                        PemFiles.pem(
                                PemFiles.certificate(
                                        certificate(Profile.Authority.CLUSTER.file()))),
                        PemFiles.pem(certificate),
                        PemFiles.pem(keys));
        PemFiles.write(kubeconfig(name), text, true);
    }

    private void writeRequest(Profile profile) {
        Path request = dir.resolve(profile.name() + ".csr");
        if (!Files.exists(request)) {
            X509Certificate certificate = PemFiles.certificate(certificate(profile.name()));
            KeyPair keys = PemFiles.keys(key(profile.name()), certificate.getPublicKey());
            byte[] der = CertificateAuthority.request(profile, keys);
            PemFiles.write(request, PemFiles.pem("CERTIFICATE REQUEST", der), false);
        }
    }

    /**
     * Writes the encryption configuration, AES-CBC for Secrets with a fresh key, if it isn't there.
     */
    public void encryption() {
        if (Files.exists(encryptionConfig())) {
            return;
        }
        byte[] key = new byte[ENCRYPTION_KEY_BYTES];
        random.nextBytes(key);
        String text =
                """
                kind: EncryptionConfiguration
                apiVersion: apiserver.config.k8s.io/v1
                resources:
                  - resources:
                      - secrets
                    providers:
                      - aescbc:
                          keys:
                            - name: key1
                              secret: %s
                      - identity: {}
                """
                        .formatted(Base64.getEncoder().encodeToString(key));
        PemFiles.write(encryptionConfig(), text, true);
    }

    /**
     * Signs the certificates of these profiles anew, as far as they are there. The authorities
     * stay.
     *
     * @param newKeys whether they get new keys of {@code options.algorithm()} too
     * @return the names that were renewed
     */
    public List<String> renew(PkiOptions options, List<Profile> profiles, boolean newKeys) {
        List<String> renewed = new ArrayList<>();
        Map<Profile.Authority, CertificateAuthority> authorities = new LinkedHashMap<>();
        for (Profile profile : profiles) {
            if (exists(profile.name())) {
                CertificateAuthority authority =
                        authorities.computeIfAbsent(profile.authority(), this::fit);
                renew(authority, profile, options, newKeys);
                renewed.add(profile.name());
            }
        }
        if (renewed.isEmpty()) {
            throw new PkiException(
                    dir
                            + " holds no certificates; make them with `jarnetes pki init --out "
                            + dir
                            + "`");
        }
        return List.copyOf(renewed);
    }

    /** An authority that can sign: its key fits, and it hasn't ended. */
    private CertificateAuthority fit(Profile.Authority which) {
        CertificateAuthority authority = load(which);
        Path file = certificate(which.file());
        if (!authority.matches()) {
            throw new PkiException(
                    "%s isn't an authority with the key of %s: bring the right pair back"
                            .formatted(file, key(which.file())));
        }
        if (left(authority.certificate()).isNegative()) {
            throw new PkiException(
                    "the authority %s ended on %s and can sign nothing more: make new ones with `jarnetes pki init` in another directory"
                            .formatted(file, authority.certificate().getNotAfter().toInstant()));
        }
        return authority;
    }

    private void renew(
            CertificateAuthority authority, Profile profile, PkiOptions options, boolean newKeys) {
        X509Certificate old = PemFiles.certificate(certificate(profile.name()));
        // Names that were asked for when the certificate was made stay.
        Profile whole = profile.withHosts(hosts(old));
        KeyPair keys =
                newKeys
                        ? options.algorithm().generate()
                        : PemFiles.keys(key(profile.name()), old.getPublicKey());
        X509Certificate fresh = authority.issue(whole, keys.getPublic(), options.validity());
        PemFiles.writePair(key(profile.name()), keys, certificate(profile.name()), fresh);
        if (Files.exists(kubeconfig(profile.name()))) {
            writeKubeconfig(profile, serverOf(kubeconfig(profile.name())));
        }
    }

    private static String serverOf(Path kubeconfig) {
        try (Stream<String> lines = Files.lines(kubeconfig)) {
            return lines.map(String::strip)
                    .filter(line -> line.startsWith("server: "))
                    .map(line -> line.substring("server: ".length()))
                    .findFirst()
                    .orElseThrow(() -> new PkiException(kubeconfig + " names no server"));
        } catch (IOException e) {
            throw new PkiException(kubeconfig + " can't be read", e);
        }
    }

    private static List<String> hosts(X509Certificate certificate) {
        return Names.hosts(certificate);
    }

    private boolean exists(String name) {
        boolean certificate = Files.exists(certificate(name));
        boolean key = Files.exists(key(name));
        if (certificate != key) {
            throw new PkiException(
                    "%s stands without %s in %s: bring the missing one back, or remove the other"
                            .formatted(
                                    certificate ? name + ".crt" : name + ".key",
                                    certificate ? name + ".key" : name + ".crt",
                                    dir));
        }
        return certificate;
    }

    /**
     * Every certificate below the directory, sorted by name.
     *
     * @throws PkiException when it can't be read or holds none
     */
    public List<Entry> entries() {
        List<Entry> entries = new ArrayList<>();
        try (Stream<Path> files = Files.walk(dir)) {
            files.filter(file -> file.toString().endsWith(".crt"))
                    .sorted()
                    .forEach(file -> {
                        String name = dir.relativize(file).toString();
                        entries.add(
                                new Entry(
                                        name.substring(0, name.length() - ".crt".length()),
                                        PemFiles.certificate(file)));
                    });
        } catch (IOException e) {
            throw new PkiException(dir + " can't be read: no such directory, or no permission", e);
        }
        if (entries.isEmpty()) {
            throw new PkiException(
                    dir
                            + " holds no certificates; make them with `jarnetes pki init --out "
                            + dir
                            + "`");
        }
        return List.copyOf(entries);
    }

    /**
     * The names of the nodes that have a certificate here.
     *
     * @throws PkiException when the directory can't be read or holds none
     */
    public List<String> nodes() {
        return entries().stream()
                .filter(entry ->
                        entry.certificate()
                                .getSubjectX500Principal()
                                .getName()
                                .endsWith("CN=system:node:" + entry.name()))
                .map(Entry::name)
                .toList();
    }

    /** Time until a certificate ends; negative when it has. */
    public Duration left(X509Certificate certificate) {
        return Duration.between(clock.instant(), certificate.getNotAfter().toInstant());
    }
}
