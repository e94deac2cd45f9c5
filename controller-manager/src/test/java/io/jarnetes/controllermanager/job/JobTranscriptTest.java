package io.jarnetes.controllermanager.job;

import io.jarnetes.kubeclient.Transcripts;
import java.io.IOException;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;

/** Jobs, look by look, as {@link JobTranscript} tells them. */
class JobTranscriptTest {

    @TestFactory
    Stream<DynamicTest> transcripts() throws IOException {
        return Transcripts.of("src/test/testdata/job", JobTranscript::new);
    }
}
