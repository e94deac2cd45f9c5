package io.jarnetes.controllermanager.daemonset;

import io.jarnetes.kubeclient.Transcripts;
import java.io.IOException;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;

/** DaemonSets, look by look, as {@link DaemonTranscript} tells them. */
class DaemonTranscriptTest {

    @TestFactory
    Stream<DynamicTest> transcripts() throws IOException {
        return Transcripts.of("src/test/testdata/daemonset", DaemonTranscript::new);
    }
}
