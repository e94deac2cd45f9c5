package io.jarnetes.launcher;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Path;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Two control planes in one JVM know nothing of each other. */
@Tag("e2e")
class TwoControlPlanesTest {

    @TempDir Path dir;

    @Test
    void eachHasItsOwnObjects() {
        UpOptions left = UpOptions.ephemeral(dir.resolve("left")).withMembers(1).withNodes(1);
        UpOptions right = UpOptions.ephemeral(dir.resolve("right")).withMembers(1).withNodes(0);
        try (ControlPlane first = ControlPlane.start(left, Progress.silent());
                ControlPlane second = ControlPlane.start(right, Progress.silent())) {
            Tools.of(first).ok("kubectl create namespace left");
            Tools.of(second).ok("kubectl create namespace right");
            assertThat(Tools.of(first).ok("kubectl get ns,nodes -o name"))
                    .contains("namespace/left", "node/node-0")
                    .doesNotContain("namespace/right");
            assertThat(Tools.of(second).ok("kubectl get ns,nodes -o name"))
                    .contains("namespace/right")
                    .doesNotContain("namespace/left", "node/");
            assertThat(
                            Tools.of(second)
                                    .run("kubectl --server=" + first.apiServer() + " get ns")
                                    .status())
                    .isNotZero();
            assertThatThrownBy(() -> ControlPlane.start(left, Progress.silent()))
                    .hasMessageContaining("is in use by a running jarnetes");
        }
    }
}
