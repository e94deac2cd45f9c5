package io.jarnetes.apiserver.server.tree;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.DynamicTest.dynamicTest;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.json.JsonMapper;

class GoTextTest {

    private static final JsonMapper MAPPER =
            JsonMapper.builder().enable(DeserializationFeature.USE_LONG_FOR_INTS).build();

    @TestFactory
    Stream<DynamicTest> isWhatGoPrints() throws IOException {
        return Files.readAllLines(Path.of("src/test/testdata/tree/go-text.txt")).stream()
                .filter(line -> !line.startsWith("#"))
                .map(line -> line.split("\t"))
                .map(words -> dynamicTest(words[0], () -> check(words[0], words[1])));
    }

    private static void check(String json, String text) {
        assertThat(GoText.of(MAPPER.readTree(json))).isEqualTo(text);
    }
}
