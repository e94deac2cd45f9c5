package io.jarnetes.apiserver.schema.codec;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.jarnetes.apiserver.schema.GroupVersionKind;
import io.jarnetes.apiserver.schema.Schema;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class JsonCodecTest {
    private static final GroupVersionKind DEPLOYMENT =
            new GroupVersionKind("apps", "v1", "Deployment");
    private static final GroupVersionKind POD = new GroupVersionKind("", "v1", "Pod");
    private static final GroupVersionKind CONFIG_MAP = new GroupVersionKind("", "v1", "ConfigMap");

    private final TreeCodec codec = TreeCodec.of(Schema.builtIn());

    @Test
    void writesStructsAsGoDoes() throws DecodeException {
        String given =
                """
                {"spec": {"template": {"spec": {"containers": [{"image": "i", "name": "c"}]}},
                 "replicas": 0, "selector": {"matchLabels": {"b": "1", "a": null}}},
                 "metadata": {"labels": {}, "name": "d", "creationTimestamp": null}}\
                """;
        assertThat(roundTrip(given, DEPLOYMENT))
                .isEqualTo(
                        """
                        {"kind":"Deployment","apiVersion":"apps/v1","metadata":{"name":"d"},\
                        "spec":{"replicas":0,"selector":{"matchLabels":{"a":"","b":"1"}},\
                        "template":{"metadata":{},"spec":{"containers":\
                        [{"name":"c","image":"i","resources":{}}]}},"strategy":{}},"status":{}}
                        """);
    }

    @Test
    void escapesAsGoDoes() throws DecodeException {
        assertThat(roundTrip("{\"data\":{\"a\":\"<&>\\u2028\\u0001\\u007f\\n\"}}", CONFIG_MAP))
                .contains("{\"a\":\"\\u003c\\u0026\\u003e\\u2028\\u0001\u007f\\n\"}");
    }

    @Test
    void keepsRawJsonAsItCame() throws DecodeException {
        GroupVersionKind revision = new GroupVersionKind("apps", "v1", "ControllerRevision");
        assertThat(roundTrip("{\"data\":{\"z\":1.0,\"a\":[]},\"revision\":1}", revision))
                .contains("\"data\":{\"z\":1.0,\"a\":[]}");
    }

    @Test
    void reportsUnknownAndDoubleFields() throws DecodeException {
        Decoded decoded =
                decode(
                        """
                        {"spec": {"foo": 1, "replicas": 1, "replicas": 2, "template": {"spec":
                         {"containers": [{"name": "a"}, {"nam": "b"}]}}}}\
                        """,
                        DEPLOYMENT);
        assertThat(decoded.strictErrors())
                .containsExactly(
                        "duplicate field \"spec.replicas\"",
                        "unknown field \"spec.foo\"",
                        "unknown field \"spec.template.spec.containers[1].nam\"");
        assertThat(decoded.strictMessage()).startsWith("strict decoding error: duplicate field ");
        assertThat(decoded.object().at("/spec/replicas").intValue()).isEqualTo(2);
        assertThat(decoded.object().path("spec").has("foo")).isFalse();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "{\"spec\":{\"replicas\":\"3\"}}|json: cannot unmarshal string into Go struct field"
                        + " DeploymentSpec.spec.replicas of type int32",
                "{\"spec\":{\"replicas\":1.5}}|json: cannot unmarshal number 1.5 into Go struct"
                        + " field DeploymentSpec.spec.replicas of type int32",
                "{\"spec\":{\"template\":{\"spec\":{\"containers\":[{\"image\":1}]}}}}|json: cannot"
                        + " unmarshal number into Go struct field"
                        + " Container.spec.template.spec.containers.image of type string",
                "{\"spec\":{\"template\":{\"spec\":{\"containers\":{}}}}}|json: cannot unmarshal"
                        + " object into Go struct field PodSpec.spec.template.spec.containers of"
                        + " type []v1.Container",
                "{\"metadata\":{\"labels\":{\"a\":1}}}|json: cannot unmarshal number into Go struct"
                        + " field ObjectMeta.metadata.labels of type string",
                "{\"metadata\":{\"creationTimestamp\":\"x\"}}|parsing time \"x\" as"
                        + " \"2006-01-02T15:04:05Z07:00\": cannot parse \"x\" as \"2006\"",
                "{\"spec\":|couldn't get version/kind; json parse error: unexpected end of JSON"
                        + " input",
                "{\"spec\" 1}|couldn't get version/kind; json parse error: invalid character '1'"
                        + " after object key",
                "{'a':1}|couldn't get version/kind; json parse error: invalid character '\\''"
                        + " looking for beginning of object key string",
                "{\"kind\":\"Deploymint\",\"apiVersion\":\"apps/v1\"}|no kind \"Deploymint\" is"
                        + " registered for version \"apps/v1\" in scheme"
                        + " \"pkg/api/legacyscheme/scheme.go:30\"",
            })
    void saysWhatGoSays(String given, String message) {
        assertThatThrownBy(() -> decode(given, DEPLOYMENT)).hasMessage(message);
    }

    @Test
    void checksBase64() {
        GroupVersionKind secret = new GroupVersionKind("", "v1", "Secret");
        assertThatThrownBy(() -> decode("{\"data\":{\"a\":\"b!c=\"}}", secret))
                .hasMessage("illegal base64 data at input byte 1");
    }

    @Test
    void readsTimesOfEveryZone() throws DecodeException {
        GroupVersionKind lease = new GroupVersionKind("coordination.k8s.io", "v1", "Lease");
        assertThat(
                        roundTrip(
                                "{\"spec\":{\"renewTime\":\"2024-01-01T02:00:00.100000+01:00\"}}",
                                lease))
                .contains("\"renewTime\":\"2024-01-01T01:00:00.100000Z\"");
    }

    @Test
    void sortsCustomResources() throws DecodeException {
        GroupVersionKind custom = new GroupVersionKind("x.y", "v1", "Foo");
        String given =
                """
                {"spec": {"z": 1.50, "a": null, "m": {}}, "kind": "Foo", "apiVersion": "x.y/v1",
                 "metadata": {"name": "n", "labels": {}, "what": 1}}\
                """;
        assertThat(roundTrip(given, custom))
                .isEqualTo(
                        """
                        {"apiVersion":"x.y/v1","kind":"Foo","metadata":{"name":"n"},\
                        "spec":{"a":null,"m":{},"z":1.5}}
                        """);
        assertThat(decode(given, custom).strictErrors())
                .containsExactly("unknown field \"metadata.what\"");
    }

    @Test
    void readsYaml() throws DecodeException {
        String given =
                """
                kind: Pod
                apiVersion: v1
                metadata: {name: yes-it-is, annotations: {d: "2001-01-01", t: 1:30}}
                spec:
                  hostNetwork: yes
                  volumes:
                  - name: v
                    configMap: {name: c, defaultMode: 0644}
                """;
        Decoded decoded = codec.decode(given.getBytes(UTF_8), MediaType.YAML, POD);
        assertThat(decoded.object().at("/spec/hostNetwork").booleanValue()).isTrue();
        assertThat(decoded.object().at("/spec/volumes/0/configMap/defaultMode").intValue())
                .isEqualTo(420);
        assertThat(decoded.object().at("/metadata/annotations/t").stringValue()).isEqualTo("1:30");
        assertThat(new String(codec.encode(decoded.object(), MediaType.YAML), UTF_8))
                .startsWith(
                        "apiVersion: v1\nkind: Pod\nmetadata:\n  annotations:\n"
                                + "    d: \"2001-01-01\"\n    t: \"1:30\"\n  name: yes-it-is\n");
    }

    private Decoded decode(String given, GroupVersionKind expected) throws DecodeException {
        return codec.decode(given.getBytes(UTF_8), MediaType.JSON, expected);
    }

    private String roundTrip(String given, GroupVersionKind expected) throws DecodeException {
        return new String(codec.encode(decode(given, expected).object(), MediaType.JSON), UTF_8);
    }
}
