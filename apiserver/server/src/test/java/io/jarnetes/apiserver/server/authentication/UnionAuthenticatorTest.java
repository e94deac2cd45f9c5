package io.jarnetes.apiserver.server.authentication;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class UnionAuthenticatorTest {

    private static final AuthenticationRequest NOTHING =
            new AuthenticationRequest(name -> List.of(), List.of(), List.of(), List.of());
    private static final Authenticator SILENT = request -> Optional.empty();
    private static final Authenticator ANGRY =
            request -> {
                throw new AuthenticationException("no");
            };
    private static final Authenticator KNOWS =
            request -> Optional.of(new Authentication(new UserInfo("bob", List.of("g"))));

    @Test
    void theFirstThatKnowsDecides() throws Exception {
        UserInfo user =
                new UnionAuthenticator(List.of(ANGRY, SILENT, KNOWS), true)
                        .authenticate(NOTHING)
                        .orElseThrow()
                        .user();
        assertThat(user.name()).isEqualTo("bob");
        assertThat(user.groups()).containsExactly("g", "system:authenticated");
    }

    @Test
    void wrongCredentialsAreNotAnonymous() {
        UnionAuthenticator union = new UnionAuthenticator(List.of(ANGRY, SILENT), true);
        assertThatThrownBy(() -> union.authenticate(NOTHING)).hasMessage("[no]");
    }

    @Test
    void noCredentialsAreAnonymousWhereThatIsAllowed() throws Exception {
        assertThat(new UnionAuthenticator(List.of(SILENT), true).authenticate(NOTHING))
                .map(found -> found.user().groups())
                .contains(List.of("system:unauthenticated"));
        assertThat(new UnionAuthenticator(List.of(SILENT), false).authenticate(NOTHING)).isEmpty();
    }

    private static String bearer(String header) {
        return new AuthenticationRequest(
                        name -> name.equals("authorization") ? List.of(header) : List.of(),
                        List.of("authorization"),
                        List.of(),
                        List.of())
                .bearerToken();
    }

    @Test
    void aBearerTokenIsWhatFollowsTheFirstBlank() {
        assertThat(bearer("bearer t1 ")).isEqualTo("t1");
        assertThat(bearer("BEARER t1 more")).isEqualTo("t1");
        // As upstream: with two blanks it is what stands between them.
        assertThat(bearer("Bearer  t1")).isEmpty();
        assertThat(bearer("Bearer")).isEmpty();
        assertThat(bearer("Basic t1")).isEmpty();
    }
}
