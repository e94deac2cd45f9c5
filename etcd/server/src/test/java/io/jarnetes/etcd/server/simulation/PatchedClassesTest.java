package io.jarnetes.etcd.server.simulation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import io.jarnetes.etcd.server.simulation.PatchedClasses.Patch;
import org.junit.jupiter.api.Test;

/** That a patched class is the one that runs. */
final class PatchedClassesTest {
    private static final String COMMIT_INDEX = "commitIndex";

    @Test
    void asWrittenALeaderCommitsEntriesOfItsOwnTermAlone() {
        assertThat(OldTermCommit.commitIndex()).isEqualTo(OldTermCommit.BEFORE);
    }

    @Test
    void patchedItCommitsAnOldOne() {
        PatchedClasses classes = new PatchedClasses(Patch.COMMIT_OLD_TERM);
        assertThat(classes.call(OldTermCommit.class, COMMIT_INDEX)).isEqualTo(OldTermCommit.OLD);
        assertThat(OldTermCommit.commitIndex()).isEqualTo(OldTermCommit.BEFORE);
    }

    @Test
    void aPatchOfAMethodThatIsGoneSaysSo() {
        PatchedClasses classes =
                new PatchedClasses(
                        new Patch(Patch.COMMIT_OLD_TERM.owner(), "mayCommit", "matches"));
        assertThatIllegalStateException()
                .isThrownBy(() -> classes.call(OldTermCommit.class, COMMIT_INDEX))
                .withMessageContaining("Replication.mayCommit, and found 0");
    }

    @Test
    void aPatchOfACallThatIsGoneSaysSo() {
        PatchedClasses classes =
                new PatchedClasses(
                        new Patch(Patch.COMMIT_OLD_TERM.owner(), "maybeCommit", "isOfTerm"));
        assertThatIllegalStateException()
                .isThrownBy(() -> classes.call(OldTermCommit.class, COMMIT_INDEX))
                .withMessageContaining("isOfTerm(JJ)Z");
    }
}
