package io.jarnetes.apiserver.server.authentication;

import static org.assertj.core.api.Assertions.assertThat;

import io.jarnetes.apiserver.server.admission.FakeListers;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.Base64;
import java.util.List;
import org.junit.jupiter.api.Test;

class BootstrapTokensTest {

    private final FakeListers listers = new FakeListers();
    private final BootstrapTokens tokens =
            new BootstrapTokens(
                    listers, Clock.fixed(Instant.parse("2026-01-01T00:00:00Z"), ZoneOffset.UTC));

    private static String data(String text) {
        return Base64.getEncoder().encodeToString(text.getBytes(StandardCharsets.UTF_8));
    }

    private void secret(String expiration) {
        listers.add(
                "",
                "secrets",
                "{'metadata':{'name':'bootstrap-token-abcdef','namespace':'kube-system'},"
                        + "'type':'bootstrap.kubernetes.io/token','data':{'token-id':'%s',"
                                .formatted(data("abcdef"))
                        + "'token-secret':'%s','usage-bootstrap-authentication':'%s',"
                                .formatted(data("0123456789abcdef"), data("true"))
                        + "'expiration':'%s','auth-extra-groups':'%s'}}"
                                .formatted(data(expiration), data("system:bootstrappers:w,other")));
    }

    @Test
    void aGoodTokenJoinsItsGroups() {
        secret("2026-01-02T00:00:00Z");
        UserInfo user =
                tokens.authenticate("abcdef.0123456789abcdef", List.of()).orElseThrow().user();
        assertThat(user.name()).isEqualTo("system:bootstrap:abcdef");
        assertThat(user.groups()).containsExactly("system:bootstrappers", "system:bootstrappers:w");
    }

    @Test
    void aWrongOrOldOneIsUnknown() {
        secret("2025-12-31T00:00:00Z");
        assertThat(tokens.authenticate("abcdef.0123456789abcdef", List.of())).isEmpty();
        secret("2026-01-02T00:00:00Z");
        assertThat(tokens.authenticate("abcdef.0123456789abcdee", List.of())).isEmpty();
        assertThat(tokens.authenticate("nonsense", List.of())).isEmpty();
    }
}
