package io.jarnetes.etcd.storage.auth;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.Key;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.interfaces.ECPrivateKey;
import java.security.spec.ECGenParameterSpec;
import java.util.Arrays;
import java.util.Base64;
import java.util.HexFormat;
import java.util.List;
import java.util.Random;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class JwtTokensTest {
    @TempDir Path folder;
    private final AtomicLong clock = new AtomicLong(1_700_000_000_000L);

    private TokenProvider parse(String option) {
        return TokenProviders.parse(option, 300, new Random(1), clock::get);
    }

    private String pem(String name, String label, byte[] der) throws IOException {
        String text =
                "-----BEGIN %s-----%n%s%n-----END %s-----%n"
                        .formatted(label, Base64.getMimeEncoder().encodeToString(der), label);
        return Files.writeString(folder.resolve(name), text).toString();
    }

    private String pem(String name, Key key) throws IOException {
        boolean isPrivate = "PKCS#8".equals(key.getFormat());
        return pem(name, isPrivate ? "PRIVATE KEY" : "PUBLIC KEY", key.getEncoded());
    }

    private void roundTrip(String method, KeyPair pair) throws IOException {
        String own = pem("own", pair.getPrivate());
        String shown = pem("shown", pair.getPublic());
        TokenProvider signing =
                parse("jwt,sign-method=" + method + ",priv-key=" + own + ",pub-key=" + shown);
        TokenProvider verifying = parse("jwt,sign-method=" + method + ",pub-key=" + shown);

        String token = signing.assign("", 1, "alice", 7);
        assertThat(verifying.info(token, 1)).isEqualTo(new AuthInfo("alice", 7));
        assertThat(signing.info(token, 1)).isEqualTo(new AuthInfo("alice", 7));
        assertThat(verifying.info(token.substring(0, token.length() - 4) + "AAAA", 1)).isNull();
        assertThatThrownBy(() -> verifying.assign("", 1, "alice", 7))
                .hasMessage("auth: token signing attempted with verify-only key");
        clock.addAndGet(301_000);
        assertThat(verifying.info(token, 1)).as("five minutes by default").isNull();
    }

    /** Each of upstream's methods: signed and verified, and not by another key. */
    private void method(String method, KeyPair pair, KeyPair other) throws IOException {
        roundTrip(method, pair);
        String foreign = pem("other", other.getPublic());
        TokenProvider stranger = parse("jwt,sign-method=" + method + ",pub-key=" + foreign);
        TokenProvider own =
                parse(
                        "jwt,sign-method=%s,priv-key=%s,pub-key=%s"
                                .formatted(method, folder.resolve("own"), folder.resolve("shown")));
        assertThat(stranger.info(own.assign("", 1, "a", 2), 0)).as("another key").isNull();
    }

    @Test
    void everyRsaMethod() throws IOException, GeneralSecurityException {
        KeyPairGenerator generator = KeyPairGenerator.getInstance("RSA");
        generator.initialize(2048);
        KeyPair pair = generator.generateKeyPair();
        KeyPair other = generator.generateKeyPair();
        for (String method : List.of("RS256", "RS384", "RS512", "PS256", "PS384", "PS512")) {
            method(method, pair, other);
        }
    }

    @ParameterizedTest
    @CsvSource({"ES256, EC, 256", "ES384, EC, 384", "ES512, EC, 521", "EdDSA, Ed25519, 255"})
    void everyMethodOfCurves(String method, String family, int size)
            throws IOException, GeneralSecurityException {
        KeyPairGenerator generator = KeyPairGenerator.getInstance(family);
        generator.initialize(size);
        method(method, generator.generateKeyPair(), generator.generateKeyPair());
    }

    @ParameterizedTest
    @CsvSource({"HS256, 32", "HS384, 48", "HS512, 64"})
    void everySecretMethod(String method, int bytes) throws IOException {
        Path secret = Files.write(folder.resolve("secret"), "s".repeat(bytes).getBytes(UTF_8));
        Path other = Files.write(folder.resolve("other"), "t".repeat(bytes).getBytes(UTF_8));
        TokenProvider own = parse("jwt,sign-method=" + method + ",priv-key=" + secret);
        TokenProvider stranger = parse("jwt,sign-method=" + method + ",priv-key=" + other);
        String token = own.assign("", 1, "a", 2);
        assertThat(own.info(token, 0)).isEqualTo(new AuthInfo("a", 2));
        assertThat(stranger.info(token, 0)).isNull();
    }

    @Test
    void aTokenOfAnotherMethodIsNoToken() throws IOException {
        Path secret = Files.write(folder.resolve("secret"), "s".repeat(64).getBytes(UTF_8));
        String token = parse("jwt,sign-method=HS512,priv-key=" + secret).assign("", 1, "root", 2);
        assertThat(parse("jwt,sign-method=HS256,priv-key=" + secret).info(token, 0)).isNull();
        // Nor one that says it needs no signature.
        String[] parts = token.split("\\.");
        String none =
                Base64.getUrlEncoder()
                        .withoutPadding()
                        .encodeToString("{\"alg\":\"none\",\"typ\":\"JWT\"}".getBytes(UTF_8));
        assertThat(
                        parse("jwt,sign-method=HS512,priv-key=" + secret)
                                .info(none + "." + parts[1] + ".", 0))
                .isNull();
    }

    @Test
    void rsa() throws IOException, GeneralSecurityException {
        KeyPairGenerator generator = KeyPairGenerator.getInstance("RSA");
        generator.initialize(2048);
        KeyPair pair = generator.generateKeyPair();
        roundTrip("RS256", pair);
        roundTrip("PS512", pair);
        TokenProvider alone =
                parse("jwt,sign-method=RS256,priv-key=" + pem("p", pair.getPrivate()));
        assertThat(alone.info(alone.assign("", 1, "a", 2), 0)).isEqualTo(new AuthInfo("a", 2));
        KeyPair other = generator.generateKeyPair();
        String mixed =
                "jwt,sign-method=RS256,priv-key=%s,pub-key=%s"
                        .formatted(pem("a", pair.getPrivate()), pem("b", other.getPublic()));
        assertThatThrownBy(() -> parse(mixed))
                .hasMessage("auth: public and private keys don't match");
    }

    @Test
    void ellipticCurves() throws IOException, GeneralSecurityException {
        KeyPairGenerator generator = KeyPairGenerator.getInstance("EC");
        generator.initialize(new ECGenParameterSpec("secp256r1"));
        roundTrip("ES256", generator.generateKeyPair());
    }

    /** One DER element. */
    private static byte[] der(int tag, byte[]... parts) {
        ByteArrayOutputStream content = new ByteArrayOutputStream();
        for (byte[] part : parts) {
            content.writeBytes(part);
        }
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        out.write(tag);
        if (content.size() > 127) {
            out.write(0x81);
        }
        out.write(content.size());
        out.writeBytes(content.toByteArray());
        return out.toByteArray();
    }

    @Test
    void keysInTheOldFormats() throws IOException, GeneralSecurityException {
        KeyPairGenerator generator = KeyPairGenerator.getInstance("EC");
        generator.initialize(new ECGenParameterSpec("secp256r1"));
        KeyPair pair = generator.generateKeyPair();
        byte[] secret = ((ECPrivateKey) pair.getPrivate()).getS().toByteArray();
        byte[] padded = new byte[32];
        int length = Math.min(32, secret.length);
        System.arraycopy(secret, secret.length - length, padded, 32 - length, length);
        byte[] spki = pair.getPublic().getEncoded();
        byte[] point = Arrays.copyOfRange(spki, spki.length - 66, spki.length);
        byte[] curve = HexFormat.of().parseHex("06082a8648ce3d030107");
        byte[] sec1 =
                der(
                        0x30,
                        new byte[] {2, 1, 1},
                        der(4, padded),
                        der(0xa0, curve),
                        der(0xa1, der(3, point)));
        String parameters = Files.readString(Path.of(pem("params", "EC PARAMETERS", curve)));
        String key = Files.readString(Path.of(pem("key", "EC PRIVATE KEY", sec1)));
        Path both = Files.writeString(folder.resolve("both"), parameters + key);
        TokenProvider alone = parse("jwt,sign-method=ES256,priv-key=" + both);
        assertThat(alone.info(alone.assign("", 1, "a", 2), 0)).isEqualTo(new AuthInfo("a", 2));

        KeyPairGenerator rsa = KeyPairGenerator.getInstance("RSA");
        rsa.initialize(2048);
        KeyPair rsaPair = rsa.generateKeyPair();
        // After version, algorithm and the octet string's head comes PKCS#1.
        byte[] pkcs8 = rsaPair.getPrivate().getEncoded();
        byte[] pkcs1 = Arrays.copyOfRange(pkcs8, 26, pkcs8.length);
        byte[] rsaSpki = rsaPair.getPublic().getEncoded();
        byte[] publicPkcs1 = Arrays.copyOfRange(rsaSpki, 24, rsaSpki.length);
        TokenProvider old =
                parse(
                        "jwt,sign-method=RS512,priv-key="
                                + pem("rsa", "RSA PRIVATE KEY", pkcs1)
                                + ",pub-key="
                                + pem("rsapub", "RSA PUBLIC KEY", publicPkcs1));
        assertThat(old.info(old.assign("", 1, "a", 2), 0)).isEqualTo(new AuthInfo("a", 2));
    }

    @Test
    void edwards() throws IOException, GeneralSecurityException {
        KeyPair pair = KeyPairGenerator.getInstance("Ed25519").generateKeyPair();
        roundTrip("EdDSA", pair);
        TokenProvider alone =
                parse("jwt,sign-method=EdDSA,priv-key=" + pem("p", pair.getPrivate()));
        assertThat(alone.info(alone.assign("", 1, "a", 2), 0)).isEqualTo(new AuthInfo("a", 2));
    }

    @Test
    void secrets() throws IOException {
        Path secret = Files.writeString(folder.resolve("s"), "0123456789abcdef0123456789abcdef");
        TokenProvider provider = parse("jwt,sign-method=HS256,ttl=1h30m,priv-key=" + secret);
        String token = provider.assign("", 1, "a", 2);
        clock.addAndGet(89 * 60_000);
        assertThat(provider.info(token, 0)).isEqualTo(new AuthInfo("a", 2));
        clock.addAndGet(2 * 60_000);
        assertThat(provider.info(token, 0)).isNull();
    }

    @Test
    void faultyOptionsAreRefused() {
        assertThatThrownBy(() -> parse("jwt")).hasMessage("auth: invalid auth options");
        assertThatThrownBy(() -> parse("jwt,sign-method=none"))
                .hasMessage("auth: invalid auth options");
        assertThatThrownBy(() -> parse("jwt,sign-method=RS256"))
                .hasMessage("auth: missing key data");
        assertThatThrownBy(() -> parse("jwt,sign-method=RS256,pub-key=/nowhere/at/all"))
                .hasMessage("auth: invalid auth options");
        assertThatThrownBy(() -> parse("simple,a")).hasMessage("auth: invalid auth options");
        assertThatThrownBy(() -> parse("unknown")).hasMessage("auth: invalid auth options");
    }
}
