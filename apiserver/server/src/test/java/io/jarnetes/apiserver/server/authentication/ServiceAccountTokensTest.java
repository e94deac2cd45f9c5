package io.jarnetes.apiserver.server.authentication;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.jarnetes.apiserver.server.admission.FakeListers;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.spec.ECGenParameterSpec;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ServiceAccountTokensTest {

    private static final Instant NOW = Instant.parse("2026-01-01T00:00:00Z");
    private static final String CLAIMS =
            "{'aud':['api'],'exp':1767229200,'iat':1767225600,'nbf':1767225600,'jti':'j1',"
                    + "'sub':'system:serviceaccount:ns:robot','kubernetes.io':{'namespace':'ns',"
                    + "'serviceaccount':{'name':'robot','uid':'u1'}%s}}";

    private final FakeListers listers = new FakeListers();
    private Instant now = NOW;

    private static KeyPair pair(String algorithm) throws Exception {
        if (algorithm.equals("RSA")) {
            KeyPairGenerator generator = KeyPairGenerator.getInstance("RSA");
            generator.initialize(2048);
            return generator.generateKeyPair();
        }
        KeyPairGenerator generator = KeyPairGenerator.getInstance("EC");
        generator.initialize(new ECGenParameterSpec(algorithm));
        return generator.generateKeyPair();
    }

    private ServiceAccountTokens tokens(KeyPair pair) {
        return new ServiceAccountTokens(
                List.of("https://issuer"),
                new ServiceAccountKeys(List.of(pair.getPublic())),
                List.of("api"),
                new ServiceAccountValidator(listers, true, Clock.fixed(now, ZoneOffset.UTC)));
    }

    private static String issue(KeyPair pair, String more) {
        return new JwtIssuer("https://issuer", pair.getPrivate(), pair.getPublic())
                .issue(FakeListers.object(CLAIMS.formatted(more)));
    }

    private void account() {
        listers.add(
                "", "serviceaccounts", "{'metadata':{'name':'robot','namespace':'ns','uid':'u1'}}");
    }

    @ParameterizedTest
    @ValueSource(strings = {"RSA", "secp256r1", "secp384r1", "secp521r1"})
    void whatIsIssuedIsKnown(String algorithm) throws Exception {
        KeyPair pair = pair(algorithm);
        account();
        Authentication found = tokens(pair).authenticate(issue(pair, ""), List.of()).orElseThrow();
        assertThat(found.user().name()).isEqualTo("system:serviceaccount:ns:robot");
        assertThat(found.user().uid()).isEqualTo("u1");
        assertThat(found.user().groups())
                .containsExactly("system:serviceaccounts", "system:serviceaccounts:ns");
        assertThat(found.user().extra())
                .containsEntry("authentication.kubernetes.io/credential-id", List.of("JTI=j1"));
        assertThat(found.audiences()).containsExactly("api");
    }

    @Test
    void aTokenOfAnotherKeyIsRefused() throws Exception {
        account();
        ServiceAccountTokens tokens = tokens(pair("secp256r1"));
        String token = issue(pair("secp256r1"), "");
        assertThatThrownBy(() -> tokens.authenticate(token, List.of()))
                .isInstanceOf(AuthenticationException.class)
                .hasMessage("invalid signature, no keys found");
    }

    @Test
    void aChangedTokenIsRefused() throws Exception {
        KeyPair pair = pair("secp256r1");
        account();
        String[] parts = issue(pair, "").split("\\.");
        String[] others = issue(pair, ",'x':1").split("\\.");
        String forged = parts[0] + "." + others[1] + "." + parts[2];
        ServiceAccountTokens tokens = tokens(pair);
        assertThatThrownBy(() -> tokens.authenticate(forged, List.of()))
                .hasMessage("invalid signature");
    }

    @Test
    void timesAudiencesAndObjectsCount() throws Exception {
        KeyPair pair = pair("secp256r1");
        ServiceAccountTokens tokens = tokens(pair);
        String token = issue(pair, "");
        assertThatThrownBy(() -> tokens.authenticate(token, List.of()))
                .hasMessage("serviceaccounts \"robot\" not found");
        account();
        assertThatThrownBy(() -> tokens.authenticate(token, List.of("other")))
                .hasMessage(
                        "token audiences [\"api\"] is invalid for the target audiences [\"other\"]");
        String bound = issue(pair, ",'pod':{'name':'p','uid':'pu'}");
        assertThatThrownBy(() -> tokens.authenticate(bound, List.of()))
                .hasMessage("service account token has been invalidated");
        listers.add("", "pods", "{'metadata':{'name':'p','namespace':'ns','uid':'other'}}");
        assertThatThrownBy(() -> tokens.authenticate(bound, List.of()))
                .hasMessage("pod UID (other) does not match service account pod ref claim (pu)");
        now = NOW.plusSeconds(3_700);
        ServiceAccountTokens later = tokens(pair);
        assertThatThrownBy(() -> later.authenticate(token, List.of()))
                .hasMessage("service account token has expired");
    }

    @Test
    void otherTokensAreNotItsBusiness() throws Exception {
        ServiceAccountTokens tokens = tokens(pair("secp256r1"));
        assertThat(tokens.authenticate("nonsense", List.of())).isEmpty();
        assertThat(tokens.authenticate("a.b.c", List.of())).isEmpty();
    }
}
