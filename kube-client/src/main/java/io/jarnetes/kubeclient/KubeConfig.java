package io.jarnetes.kubeclient;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.yaml.snakeyaml.LoaderOptions;
import org.yaml.snakeyaml.Yaml;
import org.yaml.snakeyaml.constructor.SafeConstructor;
import org.yaml.snakeyaml.error.YAMLException;

/**
 * Where the apiserver is and who we are to it. Certificates and keys are PEM text.
 *
 * @param server base URL, {@code https://127.0.0.1:6443}, without a slash at the end
 * @param certificateAuthority who signs the server's certificate; null takes the JDK's
 * @param clientCertificate our certificate, with its chain; null for none
 * @param clientKey its key; PKCS#8, PKCS#1 or SEC 1
 * @param token a bearer token; null for none
 * @param insecure whether the server's certificate is not checked at all
 */
public record KubeConfig(
        String server,
        @Nullable String certificateAuthority,
        @Nullable String clientCertificate,
        @Nullable String clientKey,
        @Nullable String token,
        boolean insecure) {

    public KubeConfig {
        while (server.endsWith("/")) {
            server = server.substring(0, server.length() - 1);
        }
    }

    /** A client certificate of the cluster's own CA. */
    public static KubeConfig certificate(
            String server, String certificateAuthority, String certificate, String key) {
        return new KubeConfig(server, certificateAuthority, certificate, key, null, false);
    }

    /** The same server without any credentials of ours. */
    public KubeConfig anonymous() {
        return new KubeConfig(server, certificateAuthority, null, null, null, insecure);
    }

    /** The same credentials at another address ({@code --master}). */
    public KubeConfig withServer(String url) {
        return new KubeConfig(
                url, certificateAuthority, clientCertificate, clientKey, token, insecure);
    }

    /**
     * Reads the current context of a kubeconfig file.
     *
     * @throws IOException if a file can't be read or the text is no kubeconfig
     */
    public static KubeConfig load(Path file) throws IOException {
        Path folder = file.toAbsolutePath().getParent();
        return parse(
                Files.readString(file), folder == null ? Path.of("/") : folder, file.toString());
    }

    /**
     * @param folder what relative file names refer to
     * @param name how errors call the text
     * @throws IOException if a file can't be read or the text is no kubeconfig
     */
    public static KubeConfig parse(String text, Path folder, String name) throws IOException {
        Object root;
        try {
            root = new Yaml(new SafeConstructor(new LoaderOptions())).load(text);
        } catch (YAMLException e) {
            throw new IOException(name + ": not YAML: " + e.getMessage(), e);
        }
        Map<?, ?> config = map(root);
        String current = text(config, "current-context");
        Map<?, ?> context = named(config, "contexts", "context", current, name);
        Map<?, ?> cluster = named(config, "clusters", "cluster", text(context, "cluster"), name);
        String userName = text(context, "user");
        Map<?, ?> user =
                userName == null ? Map.of() : named(config, "users", "user", userName, name);
        String server = text(cluster, "server");
        if (server == null) {
            throw new IOException(
                    name + ": the cluster of context \"" + current + "\" has no server");
        }
        String token = text(user, "token");
        String tokenFile = text(user, "tokenFile");
        if (token == null && tokenFile != null) {
            token = Files.readString(folder.resolve(tokenFile)).strip();
        }
        return new KubeConfig(
                server,
                data(cluster, "certificate-authority", folder),
                data(user, "client-certificate", folder),
                data(user, "client-key", folder),
                token,
                Boolean.TRUE.equals(cluster.get("insecure-skip-tls-verify")));
    }

    private static Map<?, ?> named(
            Map<?, ?> config, String list, String field, @Nullable String wanted, String file)
            throws IOException {
        if (config.get(list) instanceof List<?> entries) {
            for (Object entry : entries) {
                if (wanted != null && wanted.equals(text(map(entry), "name"))) {
                    return map(map(entry).get(field));
                }
            }
        }
        throw new IOException(
                file + ": \"" + (wanted == null ? "" : wanted) + "\" is not among its " + list);
    }

    private static Map<?, ?> map(@Nullable Object value) {
        return value instanceof Map<?, ?> map ? map : Map.of();
    }

    private static @Nullable String text(Map<?, ?> map, String key) {
        Object value = map.get(key);
        return value == null || value.toString().isEmpty() ? null : value.toString();
    }

    /** Inline data goes before a file name, as in client-go. */
    private static @Nullable String data(Map<?, ?> map, String key, Path folder)
            throws IOException {
        String inline = text(map, key + "-data");
        if (inline != null) {
            try {
                return new String(Base64.getMimeDecoder().decode(inline), StandardCharsets.UTF_8);
            } catch (IllegalArgumentException e) {
                throw new IOException(key + "-data is not base64: " + e.getMessage(), e);
            }
        }
        String file = text(map, key);
        return file == null ? null : Files.readString(folder.resolve(file));
    }
}
