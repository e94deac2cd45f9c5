package io.jarnetes.controllermanager;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

class CatalogTest {

    private static List<String> names(String... selection) {
        return Catalog.entries().stream()
                .filter(entry -> Catalog.enabled(entry, List.of(selection)))
                .map(Catalog.Entry::name)
                .toList();
    }

    @Test
    void aStarMeansAllAndAMinusTakesAway() {
        assertThat(names("*"))
                .hasSizeGreaterThan(15)
                .contains("serviceaccount-token-controller", "persistentvolume-binder-controller");
        assertThat(names("*", "-podgc"))
                .doesNotContain("pod-garbage-collector-controller")
                .contains("deployment-controller");
        assertThat(names("deployment-controller", "replicaset"))
                .containsExactly("deployment-controller", "replicaset-controller");
    }

    @Test
    void unknownNamesAreFound() {
        assertThat(Catalog.unknown(List.of("*", "-tokencleaner", "bogus", "deployment")))
                .containsExactly("bogus");
    }
}
