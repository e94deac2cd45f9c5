package io.jarnetes.pki;

import java.nio.charset.StandardCharsets;
import java.util.Base64;

/**
 * A kubeconfig with everything embedded, as {@code kubectl config} writes it: cluster {@code
 * kubernetes-the-hard-way}, context {@code default}.
 */
final class Kubeconfig {

    private Kubeconfig() {}

    static String text(
            String server, String user, String authority, String certificate, String key) {
        return """
        apiVersion: v1
        clusters:
        - cluster:
            certificate-authority-data: %s
            server: %s
          name: kubernetes-the-hard-way
        contexts:
        - context:
            cluster: kubernetes-the-hard-way
            user: %s
          name: default
        current-context: default
        kind: Config
        preferences: {}
        users:
        - name: %s
          user:
            client-certificate-data: %s
            client-key-data: %s
        """
                .formatted(base64(authority), server, user, user, base64(certificate), base64(key));
    }

    private static String base64(String text) {
        return Base64.getEncoder().encodeToString(text.getBytes(StandardCharsets.US_ASCII));
    }
}
