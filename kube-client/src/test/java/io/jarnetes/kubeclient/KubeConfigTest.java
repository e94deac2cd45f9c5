package io.jarnetes.kubeclient;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class KubeConfigTest {

    @TempDir private Path folder;

    private static final String CONFIG =
            """
            apiVersion: v1
            kind: Config
            current-context: here
            contexts:
            - name: there
              context: {cluster: b, user: nobody}
            - name: here
              context: {cluster: a, user: me}
            clusters:
            - name: a
              cluster: {server: "https://127.0.0.1:6443/", certificate-authority: ca.crt}
            users:
            - name: me
              user: {client-certificate-data: Q0VSVA==, client-key: me.key, token: secret}
            """;

    @Test
    void readsTheCurrentContextWithFilesAndInlineData() throws IOException {
        Files.writeString(folder.resolve("ca.crt"), "CA");
        Files.writeString(folder.resolve("me.key"), "KEY");
        Path file = Files.writeString(folder.resolve("kubeconfig"), CONFIG);
        assertThat(KubeConfig.load(file))
                .isEqualTo(
                        new KubeConfig(
                                "https://127.0.0.1:6443", "CA", "CERT", "KEY", "secret", false));
    }

    @Test
    void saysWhatIsMissing() {
        assertThatThrownBy(() -> KubeConfig.parse("current-context: x\n", folder, "the kubeconfig"))
                .isInstanceOf(IOException.class)
                .hasMessage("the kubeconfig: \"x\" is not among its contexts");
    }
}
