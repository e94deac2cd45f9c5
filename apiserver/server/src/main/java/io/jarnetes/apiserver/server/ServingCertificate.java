package io.jarnetes.apiserver.server;

import io.jarnetes.apiserver.server.bootstrap.SelfSigned;
import io.jarnetes.base.log.Log;
import io.jarnetes.base.tls.Tls;
import io.jarnetes.base.tls.TlsFiles;
import io.netty.handler.ssl.ClientAuth;
import io.netty.handler.ssl.SslContext;
import java.io.IOException;
import java.net.InetAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.SecureRandom;
import java.security.cert.CertificateEncodingException;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.function.Supplier;

/** Who the server is: the given certificate, or one that it makes and keeps in --cert-dir. */
final class ServingCertificate {

    private static final String[] PROTOCOLS = {"h2", "http/1.1"};
    private static final int LINE = 64;

    private final Supplier<SslContext> contexts;

    private ServingCertificate(Supplier<SslContext> contexts) {
        this.contexts = contexts;
    }

    /**
     * @throws IOException when a made certificate can't be written
     * @throws io.jarnetes.base.tls.TlsException when a given one can't be read
     */
    static ServingCertificate of(ApiServerConfig.Serving serving, InetAddress advertise, Log log)
            throws IOException {
        Path certificate = serving.certificate();
        Path key = serving.key();
        Path directory = serving.certDirectory();
        if (certificate == null || key == null) {
            if (directory == null) {
                SslContext context = context(make(serving, advertise));
                return new ServingCertificate(() -> context);
            }
            certificate = directory.resolve("apiserver.crt");
            key = directory.resolve("apiserver.key");
            if (!Files.exists(certificate) || !Files.exists(key)) {
                write(make(serving, advertise), directory, certificate, key);
                log.info("Generated self-signed cert (" + certificate + ", " + key + ")");
            }
        }
        Path certificateFile = certificate;
        Path keyFile = key;
        TlsFiles files =
                new TlsFiles(
                        List.of(certificateFile, keyFile),
                        () -> context(Tls.Identity.read(certificateFile, keyFile)));
        return new ServingCertificate(files::context);
    }

    /** For a new connection. Any client certificate is taken here; authentication verifies it. */
    SslContext context() {
        return contexts.get();
    }

    private static SslContext context(Tls.Identity identity) {
        return Tls.server(identity, List.of(), ClientAuth.OPTIONAL, PROTOCOLS);
    }

    private static Tls.Identity make(ApiServerConfig.Serving serving, InetAddress advertise) {
        List<InetAddress> addresses = new ArrayList<>();
        addresses.add(advertise);
        if (!advertise.isLoopbackAddress()) {
            addresses.add(InetAddress.getLoopbackAddress());
        }
        String host =
                serving.externalHost().isEmpty()
                        ? advertise.getHostAddress()
                        : serving.externalHost();
        List<String> names =
                List.of("kubernetes.default.svc", "kubernetes.default", "kubernetes", "localhost");
        return SelfSigned.make(host, names, addresses, new SecureRandom());
    }

    private static void write(Tls.Identity identity, Path directory, Path certificate, Path key)
            throws IOException {
        Files.createDirectories(directory);
        try {
            byte[] der = identity.chain().getFirst().getEncoded();
            Files.writeString(certificate, pem("CERTIFICATE", der));
        } catch (CertificateEncodingException e) {
            throw new IOException("the serving certificate can't be encoded", e);
        }
        Files.deleteIfExists(key);
        Files.createFile(
                key,
                PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
        Files.writeString(key, pem("PRIVATE KEY", identity.key().getEncoded()));
    }

    private static String pem(String label, byte[] der) {
        String body = Base64.getMimeEncoder(LINE, new byte[] {'\n'}).encodeToString(der);
        return "-----BEGIN " + label + "-----\n" + body + "\n-----END " + label + "-----\n";
    }
}
