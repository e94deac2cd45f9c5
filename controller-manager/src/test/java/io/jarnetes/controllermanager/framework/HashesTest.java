package io.jarnetes.controllermanager.framework;

import static io.jarnetes.kubeclient.TestObjects.tree;
import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class HashesTest {

    @Test
    void theOrderOfFieldsDoesNotCount() {
        String one = Hashes.template(tree("{'a': 1, 'b': [1, 2], 'n': null}"), 0);
        assertThat(one).isEqualTo(Hashes.template(tree("{'b': [1, 2], 'a': 1}"), 0));
        assertThat(one).isNotEqualTo(Hashes.template(tree("{'b': [2, 1], 'a': 1}"), 0));
    }

    @Test
    void aCollisionGivesAnotherHash() {
        assertThat(Hashes.template(tree("{'a': 1}"), 1))
                .isNotEqualTo(Hashes.template(tree("{'a': 1}"), 0));
    }

    @Test
    void digitsBecomeUpstreamsAlphabet() {
        assertThat(Hashes.safe("0123456789")).isEqualTo("456789bcdf");
    }
}
