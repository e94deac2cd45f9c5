package io.jarnetes.base.metrics;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;

class MetricsTest {

    private final Metrics metrics = new Metrics();

    @Test
    void textIsPrometheusOwn() {
        metrics.counters("b_total", "B.", "code").with("20\"0").add(3);
        metrics.gauge("a", "A.").set(2.5);
        Metrics.Histogram seconds = metrics.histogram("c_seconds", "C.", 0.001, 1);
        seconds.observe(0.001);
        seconds.observe(5);
        assertThat(metrics.text())
                .isEqualTo(
                        """
                        # HELP a A.
                        # TYPE a gauge
                        a 2.5
                        # HELP b_total B.
                        # TYPE b_total counter
                        b_total{code="20\\"0"} 3
                        # HELP c_seconds C.
                        # TYPE c_seconds histogram
                        c_seconds_bucket{le="0.001"} 1
                        c_seconds_bucket{le="1"} 1
                        c_seconds_bucket{le="+Inf"} 2
                        c_seconds_sum 5.001
                        c_seconds_count 2
                        """);
    }

    @Test
    void numbersAreGos() {
        assertThat(GoFloat.text(3)).isEqualTo("3");
        assertThat(GoFloat.text(1e21)).isEqualTo("1e+21");
        assertThat(GoFloat.text(1.5e-7)).isEqualTo("1.5e-07");
        assertThat(GoFloat.text(2147483648.0)).isEqualTo("2147483648");
    }

    @Test
    void aNameHasOneTypeAndOneSetOfLabels() {
        metrics.counters("x", "X.", "a");
        assertThatThrownBy(() -> metrics.gauge("x", "X."))
                .hasMessageContaining("x is a counter with labels [a] already");
        assertThatThrownBy(() -> metrics.counters("x", "X.", "a").with())
                .hasMessageContaining("not 0 values");
    }
}
