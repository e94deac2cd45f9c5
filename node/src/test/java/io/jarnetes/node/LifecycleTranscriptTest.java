package io.jarnetes.node;

import io.jarnetes.kubeclient.Transcripts;
import java.io.IOException;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;

/** What becomes of pods, as {@link LifecycleTranscript} tells it. */
class LifecycleTranscriptTest {

    @TestFactory
    Stream<DynamicTest> transcripts() throws IOException {
        return Transcripts.of("src/test/testdata/lifecycle", LifecycleTranscript::new);
    }
}
