package io.jarnetes.apiserver.server.http;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

class GoJsonTest {

    private static final JsonNode TREE =
            JsonMapper.builder()
                    .build()
                    .readTree("{\"a\":\"<x>&\\n\",\"b\":[1,true,null],\"c\":{},\"d\":[]}");

    @Test
    void compactEndsWithALine() {
        assertThat(new String(GoJson.compact(TREE), StandardCharsets.UTF_8))
                .isEqualTo(
                        "{\"a\":\"\\u003cx\\u003e\\u0026\\n\",\"b\":[1,true,null],\"c\":{},\"d\":[]}"
                                + "\n");
    }

    @Test
    void prettyIsIndentedByTwo() {
        assertThat(new String(GoJson.pretty(TREE), StandardCharsets.UTF_8))
                .isEqualTo(
                        """
                        {
                          "a": "\\u003cx\\u003e\\u0026\\n",
                          "b": [
                            1,
                            true,
                            null
                          ],
                          "c": {},
                          "d": []
                        }\
                        """);
    }
}
