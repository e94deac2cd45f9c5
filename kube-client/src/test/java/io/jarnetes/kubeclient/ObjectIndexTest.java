package io.jarnetes.kubeclient;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

class ObjectIndexTest {

    @Test
    void findsByComputedValues() {
        ObjectIndex index = new ObjectIndex(object -> List.of(object.text("spec", "nodeName")));
        KubeObject pod = TestObjects.pod("a");
        index.add(pod);
        index.add(TestObjects.pod("b"));
        assertThat(index.get("node-0")).extracting(KubeObject::name).containsExactly("a", "b");
        index.remove(pod);
        assertThat(index.get("node-0")).extracting(KubeObject::name).containsExactly("b");
        assertThat(index.get("node-1")).isEmpty();
    }
}
