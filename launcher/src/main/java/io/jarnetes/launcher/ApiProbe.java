package io.jarnetes.launcher;

import io.jarnetes.base.tls.Pem;
import io.jarnetes.base.tls.Tls;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.PrivateKey;
import java.security.SecureRandom;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManager;

/** Asks the API server as the administrator, to see what is ready. */
final class ApiProbe implements AutoCloseable {

    private static final Duration TIMEOUT = Duration.ofSeconds(5);

    private final String server;
    private final HttpClient client;

    ApiProbe(String server, Path certificate, Path key, Path authority) {
        this.server = server;
        this.client =
                HttpClient.newBuilder()
                        .sslContext(context(certificate, key, authority))
                        .connectTimeout(TIMEOUT)
                        .version(HttpClient.Version.HTTP_1_1)
                        .build();
    }

    private static SSLContext context(Path certificate, Path key, Path authority) {
        try {
            List<X509Certificate> chain = Pem.certificates(certificate);
            PrivateKey privateKey = Pem.privateKey(key);
            KeyStore store = KeyStore.getInstance("PKCS12");
            store.load(null, null);
            store.setKeyEntry(
                    "client", privateKey, new char[0], chain.toArray(new X509Certificate[0]));
            KeyManagerFactory keys =
                    KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
            keys.init(store, new char[0]);
            SSLContext context = SSLContext.getInstance("TLS");
            context.init(
                    keys.getKeyManagers(),
                    new TrustManager[] {Tls.trust(Pem.certificates(authority), false)},
                    new SecureRandom());
            return context;
        } catch (GeneralSecurityException | IOException e) {
            throw new IllegalStateException("the administrator's certificate can't be used", e);
        }
    }

    /** The body of a GET that answered 200; empty while it doesn't. */
    Optional<String> get(String path) {
        HttpRequest request =
                HttpRequest.newBuilder(URI.create(server + path)).timeout(TIMEOUT).build();
        try {
            HttpResponse<String> response =
                    client.send(request, HttpResponse.BodyHandlers.ofString());
            return response.statusCode() == 200 ? Optional.of(response.body()) : Optional.empty();
        } catch (IOException e) {
            return Optional.empty();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return Optional.empty();
        }
    }

    @Override
    public void close() {
        client.shutdownNow();
    }
}
