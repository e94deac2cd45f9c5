package io.jarnetes.apiserver.server.health;

import static org.assertj.core.api.Assertions.assertThat;

import io.jarnetes.apiserver.server.http.Requests;
import io.jarnetes.base.log.Log;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;

class HealthHandlerTest {

    private final AtomicBoolean hook = new AtomicBoolean();
    private final HealthHandler handler =
            new HealthHandler(
                    "readyz",
                    List.of(
                            HealthCheck.passing("ping"),
                            HealthCheck.flag("poststarthook/a", hook),
                            new HealthCheck("etcd", Optional::empty)),
                    Log.none());

    private Requests.Response ask(String uri) throws Exception {
        Requests.Response response = new Requests.Response();
        handler.handle(Requests.get(uri), response);
        return response;
    }

    @Test
    void aFailureIsShownWithoutItsReason() throws Exception {
        Requests.Response response = ask("/readyz");
        assertThat(response.status()).isEqualTo(500);
        assertThat(response.text())
                .isEqualTo(
                        """
                        [+]ping ok
                        [-]poststarthook/a failed: reason withheld
                        [+]etcd ok
                        readyz check failed
                        """);
    }

    @Test
    void okIsTwoLettersUnlessVerbose() throws Exception {
        hook.set(true);
        assertThat(ask("/readyz").text()).isEqualTo("ok");
        assertThat(ask("/readyz?verbose").text())
                .isEqualTo(
                        """
                        [+]ping ok
                        [+]poststarthook/a ok
                        [+]etcd ok
                        readyz check passed
                        """);
    }

    @Test
    void checksCanBeLeftOutOrAskedAlone() throws Exception {
        assertThat(ask("/readyz?verbose&exclude=poststarthook/a&exclude=x").text())
                .isEqualTo(
                        """
                        [+]ping ok
                        [+]poststarthook/a excluded: ok
                        [+]etcd ok
                        warn: some health checks cannot be excluded: no matches for "x"
                        readyz check passed
                        """);
        assertThat(ask("/readyz/etcd").text()).isEqualTo("ok");
        assertThat(ask("/readyz/poststarthook/a").status()).isEqualTo(500);
        assertThat(ask("/readyz/nope").status()).isEqualTo(404);
    }
}
