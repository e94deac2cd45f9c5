package io.jarnetes.scheduler.plugins;

import io.jarnetes.kubeclient.Transcripts;
import java.io.IOException;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;

/** What filters and scores say, as {@link PlacementTranscript} tells it. */
class PlacementTranscriptTest {

    @TestFactory
    Stream<DynamicTest> transcripts() throws IOException {
        return Transcripts.of("src/test/testdata/placement", PlacementTranscript::new);
    }
}
