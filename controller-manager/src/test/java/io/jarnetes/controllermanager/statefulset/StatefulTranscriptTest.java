package io.jarnetes.controllermanager.statefulset;

import io.jarnetes.kubeclient.Transcripts;
import java.io.IOException;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;

/** StatefulSets, look by look, as {@link StatefulTranscript} tells them. */
class StatefulTranscriptTest {

    @TestFactory
    Stream<DynamicTest> transcripts() throws IOException {
        return Transcripts.of("src/test/testdata/statefulset", StatefulTranscript::new);
    }
}
