package io.jarnetes.apiserver.server.patch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

class JsonPatchTest {
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "{'a':1}|[{'op':'add','path':'/b','value':2}]|{'a':1,'b':2}",
                "{'a':[1,3]}|[{'op':'add','path':'/a/1','value':2}]|{'a':[1,2,3]}",
                "{'a':[1]}|[{'op':'add','path':'/a/-','value':2}]|{'a':[1,2]}",
                "{'a':[1,2]}|[{'op':'remove','path':'/a/-1'}]|{'a':[1]}",
                "{'a':{'x/y':1}}|[{'op':'replace','path':'/a/x~1y','value':2}]|{'a':{'x/y':2}}",
                "{'a':1,'b':{}}|[{'op':'move','from':'/a','path':'/b/c'}]|{'b':{'c':1}}",
                "{'a':[1]}|[{'op':'copy','from':'/a','path':'/b'}]|{'a':[1],'b':[1]}",
                "{'a':1}|[{'op':'test','path':'/a','value':1.0}]|{'a':1}",
                "{'a':1}|[{'op':'test','path':'/b','value':null}]|{'a':1}",
                "{'a':1}|[{'op':'replace','path':'/b','value':2}]|{'a':1,'b':2}",
                "{'a':1}|[{'op':'copy','from':'/c','path':'/b'}]|{'a':1,'b':null}",
                "{'a':1}|[{'op':'add','path':'x/b','value':2}]|{'a':1,'b':2}",
            })
    void doesEveryOperation(String original, String patch, String outcome) throws PatchException {
        assertThat(JsonPatch.apply((ObjectNode) json(original), json(patch)))
                .isEqualTo(json(outcome));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "[{'op':'remove','path':'/b'}]",
                "[{'op':'replace','path':'/l/0','value':1}]",
                "[{'op':'move','from':'/b','path':'/c'}]",
                "[{'op':'add','value':1}]",
                "[{'op':'test','path':'/a','value':2}]",
                "[{'op':'add','path':'/x/y','value':2}]",
                "[{'op':'add','path':'/l/9','value':2}]",
                "[{'op':'jump','path':'/a'}]",
            })
    void refusesWhatDoesNotApply(String patch) {
        ObjectNode original = (ObjectNode) json("{'a':1,'l':[]}");
        assertThatThrownBy(() -> JsonPatch.apply(original, json(patch)))
                .isInstanceOfSatisfying(
                        PatchException.class,
                        e -> assertThat(e.kind()).isEqualTo(PatchException.Kind.UNPROCESSABLE));
        assertThat(original).isEqualTo(json("{'a':1,'l':[]}"));
    }

    @Test
    void wantsAList() {
        assertThatThrownBy(() -> JsonPatch.apply((ObjectNode) json("{}"), json("{}")))
                .hasMessage("json: cannot unmarshal object into Go value of type jsonpatch.Patch");
    }

    @Test
    void mergesByRfc7396() throws PatchException {
        ObjectNode original = (ObjectNode) json("{'a':{'b':1,'c':[1,2]},'d':1}");
        JsonNode patch = json("{'a':{'b':null,'c':[3]},'d':{'e':null,'f':1}}");
        assertThat(MergePatch.apply(original, patch))
                .isEqualTo(json("{'a':{'c':[3]},'d':{'f':1}}"));
        assertThatThrownBy(() -> MergePatch.apply(original, json("[]")))
                .hasMessage(
                        "error decoding patch: json: cannot unmarshal array into Go value of type"
                                + " map[string]interface {}");
    }

    /** Upstream reads what it changes into maps, whose fields Go writes in order. */
    @Test
    void sortsWhatItTouches() throws PatchException {
        ObjectNode original = (ObjectNode) json("{'d':{'y':1,'x':1},'c':{'z':1,'a':1}}");
        assertThat(JsonPatch.apply(original, json("[{'op':'add','path':'/d/b','value':2}]")))
                .hasToString(json("{'c':{'z':1,'a':1},'d':{'b':2,'x':1,'y':1}}").toString());
        assertThat(MergePatch.apply(original, json("{'d':{'b':2}}")))
                .hasToString(json("{'c':{'z':1,'a':1},'d':{'b':2,'x':1,'y':1}}").toString());
    }

    private static JsonNode json(String text) {
        return JsonMapper.shared().readTree(text.replace('\'', '"'));
    }
}
