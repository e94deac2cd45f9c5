package io.jarnetes.controllermanager.endpoints;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Comparator;
import java.util.List;
import org.junit.jupiter.api.Test;

/** The orders are those that kube-controller-manager 1.36.2 wrote for a Service of these ports. */
class PortOrderTest {

    private static final List<Backends.Port> PORTS =
            List.of(
                    new Backends.Port("a", 80, "TCP", ""),
                    new Backends.Port("b", 81, "TCP", ""),
                    new Backends.Port("c", 82, "TCP", "http"),
                    new Backends.Port("d", 83, "UDP", ""),
                    new Backends.Port("e", 84, "TCP", ""),
                    new Backends.Port("https", 443, "TCP", ""),
                    new Backends.Port("metrics", 9090, "TCP", ""));

    private static List<String> sorted(Comparator<Backends.Port> order) {
        return PORTS.stream().sorted(order).map(Backends.Port::name).toList();
    }

    @Test
    void portsStandAsUpstreamPutsThem() {
        assertThat(sorted(PortOrder.OF_SLICES))
                .containsExactly("d", "https", "b", "a", "metrics", "e", "c");
        assertThat(sorted(PortOrder.OF_ENDPOINTS))
                .containsExactly("c", "e", "b", "a", "https", "metrics", "d");
    }
}
