package io.jarnetes.apiserver.server.storage;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.charset.StandardCharsets;
import java.security.SecureRandom;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import java.util.Random;
import javax.crypto.Cipher;
import javax.crypto.spec.GCMParameterSpec;
import javax.crypto.spec.IvParameterSpec;
import javax.crypto.spec.SecretKeySpec;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Encryption at rest, read by the JDK's own ciphers in the layout that upstream writes. */
class EncryptionTest {

    private static final String KEY = "/registry/secrets/default/s";

    private static byte[] secret(int seed, int bytes) {
        byte[] secret = new byte[bytes];
        new Random(seed).nextBytes(secret);
        return secret;
    }

    private static String provider(String kind, Object... namesAndSeeds) {
        StringBuilder keys = new StringBuilder();
        for (int i = 0; i < namesAndSeeds.length; i += 2) {
            byte[] secret = secret((Integer) namesAndSeeds[i + 1], 32);
            keys.append(keys.isEmpty() ? "" : ", ")
                    .append("{name: ")
                    .append(namesAndSeeds[i])
                    .append(", secret: ")
                    .append(Base64.getEncoder().encodeToString(secret))
                    .append('}');
        }
        return kind.equals("identity")
                ? "{identity: {}}"
                : "{" + kind + ": {keys: [" + keys + "]}}";
    }

    private static EncryptionConfig config(String resources, String... providers) {
        return EncryptionConfig.parse(
                """
                apiVersion: apiserver.config.k8s.io/v1
                kind: EncryptionConfiguration
                resources: [{resources: [%s], providers: [%s]}]
                """
                        .formatted(resources, String.join(", ", providers)),
                new SecureRandom());
    }

    private static Transformer secrets(String... providers) {
        return config("secrets", providers).transformer("", "secrets");
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    @Test
    void aesCbcIsAPrefixAnIvAndPaddedBlocks() throws Exception {
        byte[] stored = secrets(provider("aescbc", "one", 1)).toStorage(bytes("hello"), KEY);
        String prefix = "k8s:enc:aescbc:v1:one:";
        assertThat(stored).startsWith(bytes(prefix)).hasSize(prefix.length() + 16 + 16);
        Cipher aes = Cipher.getInstance("AES/CBC/PKCS5Padding");
        aes.init(
                Cipher.DECRYPT_MODE,
                new SecretKeySpec(secret(1, 32), "AES"),
                new IvParameterSpec(stored, prefix.length(), 16));
        assertThat(aes.doFinal(stored, prefix.length() + 16, 16)).isEqualTo(bytes("hello"));
    }

    @Test
    void aesGcmIsAPrefixANonceAndWhatOnlyItsKeyOpens() throws Exception {
        byte[] stored = secrets(provider("aesgcm", "one", 1)).toStorage(bytes("hello"), KEY);
        String prefix = "k8s:enc:aesgcm:v1:one:";
        assertThat(stored).startsWith(bytes(prefix)).hasSize(prefix.length() + 12 + 5 + 16);
        Cipher aes = Cipher.getInstance("AES/GCM/NoPadding");
        aes.init(
                Cipher.DECRYPT_MODE,
                new SecretKeySpec(secret(1, 32), "AES"),
                new GCMParameterSpec(128, stored, prefix.length(), 12));
        aes.updateAAD(bytes(KEY));
        int start = prefix.length() + 12;
        assertThat(aes.doFinal(stored, start, stored.length - start)).isEqualTo(bytes("hello"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"aescbc", "aesgcm", "identity"})
    void whatIsStoredIsReadAgainAndNeverTwiceTheSame(String kind) {
        Random random = new Random(5);
        Transformer transformer = secrets(provider(kind, "one", 1));
        for (int size = 0; size < 70; size++) {
            byte[] plain = new byte[size];
            random.nextBytes(plain);
            byte[] stored = transformer.toStorage(plain, KEY);
            Transformer.Plain read = transformer.fromStorage(stored, KEY);
            assertThat(read.bytes()).as("%s bytes, seed 5", size).isEqualTo(plain);
            assertThat(read.stale()).isFalse();
            if (!kind.equals("identity")) {
                assertThat(transformer.toStorage(plain, KEY)).isNotEqualTo(stored);
            }
        }
    }

    /** The way of a rotation: from clear to key 1, to key 2 with 1 still read, and back. */
    @Test
    void anotherFirstProviderReadsWhatWasAndCallsItStale() {
        List<Transformer> steps =
                List.of(
                        secrets(provider("identity")),
                        secrets(provider("aescbc", "k1", 1), provider("identity")),
                        secrets(provider("aescbc", "k2", 2, "k1", 1), provider("identity")),
                        secrets(provider("aesgcm", "k3", 3), provider("aescbc", "k2", 2)),
                        secrets(provider("identity"), provider("aesgcm", "k3", 3)));
        byte[] stored = bytes("{}");
        for (int i = 0; i < steps.size(); i++) {
            Transformer now = steps.get(i);
            Transformer.Plain read = now.fromStorage(stored, KEY);
            assertThat(read.bytes()).as("step %s", i).isEqualTo(bytes("{}"));
            assertThat(read.stale()).as("step %s", i).isEqualTo(i > 0);
            stored = now.toStorage(read.bytes(), KEY);
            assertThat(now.fromStorage(stored, KEY).stale()).as("step %s", i).isFalse();
        }
    }

    private static void corrupt(Transformer transformer, byte[] stored, String key) {
        assertThatThrownBy(() -> transformer.fromStorage(stored, key))
                .isInstanceOfSatisfying(
                        StorageException.class,
                        e -> {
                            assertThat(e.kind()).isEqualTo(StorageException.Kind.CORRUPT);
                            assertThat(e).hasMessageContaining(key);
                        });
    }

    @Test
    void whatAnotherKeyWroteIsNotRead() {
        byte[] stored = secrets(provider("aescbc", "one", 1)).toStorage(bytes("hello"), KEY);
        corrupt(secrets(provider("aescbc", "two", 2)), stored, KEY);
        corrupt(secrets(provider("identity")), stored, KEY);
        corrupt(secrets(provider("aescbc", "one", 1)), bytes("{}"), KEY);
        byte[] sealed = secrets(provider("aesgcm", "one", 1)).toStorage(bytes("hello"), KEY);
        corrupt(secrets(provider("aesgcm", "one", 2)), sealed, KEY);
    }

    @Test
    void aSealedValueIsReadUnderItsOwnKeyAndWholeOnly() {
        Transformer transformer = secrets(provider("aesgcm", "one", 1));
        byte[] stored = transformer.toStorage(bytes("hello"), KEY);
        corrupt(transformer, stored, "/registry/secrets/default/other");
        for (int i = 0; i < stored.length; i++) {
            byte[] changed = stored.clone();
            changed[i] ^= 1;
            corrupt(transformer, changed, KEY);
            corrupt(transformer, Arrays.copyOf(stored, i), KEY);
        }
    }

    @ParameterizedTest
    @CsvSource({
        "secrets,'',secrets,true",
        "secrets,'',configmaps,false",
        "secrets.,'',secrets,true",
        "deployments.apps,apps,deployments,true",
        "deployments.apps,'',deployments,false",
        "deployments,apps,deployments,false",
        "'\"*.\"','',pods,true",
        "'\"*.\"',apps,deployments,false",
        "'\"*.apps\"',apps,deployments,true",
        "'\"*.*\"',batch,jobs,true",
    })
    void aPatternIsAResourceAGroupOrAll(
            String pattern, String group, String resource, boolean encrypted) {
        byte[] stored =
                config(pattern, provider("aescbc", "one", 1))
                        .transformer(group, resource)
                        .toStorage(bytes("{}"), "/registry/x");
        assertThat(new String(stored, StandardCharsets.ISO_8859_1).startsWith("k8s:enc:"))
                .isEqualTo(encrypted);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "kind: Pod|has kind Pod, not EncryptionConfiguration",
                "kind: EncryptionConfiguration|resources",
                "kind: EncryptionConfiguration, resources: [{resources: [a], providers: []}]"
                        + "|providers must not be empty",
                "kind: EncryptionConfiguration, resources: [{resources: [a], providers: [{kms: {}}]}]"
                        + "|the encryption provider kms is not there: use aescbc, aesgcm or identity",
                "kind: EncryptionConfiguration, resources: [{resources: [a], providers:"
                        + " [{aescbc: {keys: [{name: k, secret: '?'}]}}]}]"
                        + "|the secret of the encryption key k is not base64",
                "kind: EncryptionConfiguration, resources: [{resources: [a], providers:"
                        + " [{aescbc: {keys: [{name: k, secret: c2hvcnQ=}]}}]}]"
                        + "|the secret of the encryption key k has 5 bytes; it must have 16, 24 or 32",
            })
    void whatIsWrongIsSaidWithoutTheKey(String yaml, String why) {
        assertThatThrownBy(() -> EncryptionConfig.parse("{" + yaml + "}", new SecureRandom()))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining(why)
                .message()
                .doesNotContain("c2hvcnQ");
    }
}
