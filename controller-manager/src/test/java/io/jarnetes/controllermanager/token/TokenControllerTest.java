package io.jarnetes.controllermanager.token;

import static org.assertj.core.api.Assertions.assertThat;

import io.jarnetes.controllermanager.framework.Settings;
import io.jarnetes.controllermanager.framework.World;
import io.jarnetes.kubeclient.Json;
import io.jarnetes.kubeclient.KubeObject;
import io.jarnetes.kubeclient.Resource;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.Signature;
import java.time.Duration;
import java.util.Base64;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import tools.jackson.databind.node.ObjectNode;

class TokenControllerTest {

    private static KeyPair keys(String algorithm, int bits) throws GeneralSecurityException {
        KeyPairGenerator generator = KeyPairGenerator.getInstance(algorithm);
        generator.initialize(bits);
        return generator.generateKeyPair();
    }

    private static World world(KeyPair keys) {
        String pem =
                "-----BEGIN PRIVATE KEY-----\n"
                        + Base64.getMimeEncoder().encodeToString(keys.getPrivate().getEncoded())
                        + "\n-----END PRIVATE KEY-----\n";
        return new World(
                1,
                new Settings(
                        "the CA",
                        null,
                        null,
                        Duration.ofDays(1),
                        pem,
                        List.of(),
                        false,
                        Duration.ofSeconds(50),
                        12_500));
    }

    private static void secret(World world, String name, String more) {
        world.put(
                Resource.SECRETS,
                ("{metadata: {namespace: ns, name: %s, annotations:"
                                + " {kubernetes.io/service-account.name: bot%s}}, type:"
                                + " kubernetes.io/service-account-token}")
                        .formatted(name, more));
    }

    private static String data(World world, String secret, String field) {
        return new String(
                Base64.getDecoder().decode(world.get(Resource.SECRETS, secret).text("data", field)),
                StandardCharsets.UTF_8);
    }

    @ParameterizedTest
    @CsvSource({"RSA, 2048, RS256, SHA256withRSA", "EC, 256, ES256, SHA256withECDSAinP1363Format"})
    void aSecretIsFilledWithATokenThatTheKeySigned(
            String algorithm, int bits, String name, String signing) throws Exception {
        KeyPair keys = keys(algorithm, bits);
        try (World world = world(keys)) {
            KubeObject bot =
                    world.put(Resource.SERVICE_ACCOUNTS, "{metadata: {namespace: ns, name: bot}}");
            secret(world, "t", "");
            world.start(TokenController::start);
            world.until(
                    "filled",
                    () -> !world.get(Resource.SECRETS, "t").text("data", "token").isEmpty());
            assertThat(data(world, "t", "namespace")).isEqualTo("ns");
            assertThat(data(world, "t", "ca.crt")).isEqualTo("the CA");
            assertThat(
                            world.get(Resource.SECRETS, "t")
                                    .annotation("kubernetes.io/service-account.uid"))
                    .isEqualTo(bot.uid());
            String[] parts = data(world, "t", "token").split("\\.");
            ObjectNode header = Json.parse(Base64.getUrlDecoder().decode(parts[0]));
            ObjectNode claims = Json.parse(Base64.getUrlDecoder().decode(parts[1]));
            assertThat(Json.text(header, "alg")).isEqualTo(name);
            assertThat(Json.text(claims, "sub")).isEqualTo("system:serviceaccount:ns:bot");
            assertThat(Json.text(claims, "iss")).isEqualTo("kubernetes/serviceaccount");
            assertThat(Json.text(claims, "kubernetes.io/serviceaccount/secret.name"))
                    .isEqualTo("t");
            Signature signature = Signature.getInstance(signing);
            signature.initVerify(keys.getPublic());
            signature.update((parts[0] + "." + parts[1]).getBytes(StandardCharsets.US_ASCII));
            assertThat(signature.verify(Base64.getUrlDecoder().decode(parts[2]))).isTrue();
        }
    }

    @Test
    void aSecretGoesWithItsAccount() throws Exception {
        try (World world = world(keys("EC", 256))) {
            world.put(Resource.SERVICE_ACCOUNTS, "{metadata: {namespace: ns, name: bot}}");
            secret(world, "t", "");
            secret(world, "stale", ", kubernetes.io/service-account.uid: another");
            world.put(Resource.SECRETS, "{metadata: {namespace: ns, name: plain}, type: Opaque}");
            world.start(TokenController::start);
            world.until("of an account before", () -> world.gone(Resource.SECRETS, "stale"));
            world.until(
                    "filled",
                    () -> !world.get(Resource.SECRETS, "t").text("data", "token").isEmpty());
            world.caughtUp(Resource.SECRETS);
            world.delete(Resource.SERVICE_ACCOUNTS, "bot");
            world.until("gone", () -> world.gone(Resource.SECRETS, "t"));
            assertThat(world.gone(Resource.SECRETS, "plain")).isFalse();
        }
    }

    /** What somebody takes out comes again; the token stays as it was. */
    @Test
    void whatIsMissingIsFilledInAgain() throws Exception {
        try (World world = world(keys("EC", 256))) {
            world.put(Resource.SERVICE_ACCOUNTS, "{metadata: {namespace: ns, name: bot}}");
            secret(world, "t", "");
            world.start(TokenController::start);
            world.until(
                    "filled",
                    () -> !world.get(Resource.SECRETS, "t").text("data", "token").isEmpty());
            String token = data(world, "t", "token");
            world.edit(Resource.SECRETS, "t", "{data: {ca.crt: null, namespace: eA==}}");
            world.until("again", () -> data(world, "t", "namespace").equals("ns"));
            assertThat(data(world, "t", "ca.crt")).isEqualTo("the CA");
            assertThat(data(world, "t", "token")).isEqualTo(token);
        }
    }
}
