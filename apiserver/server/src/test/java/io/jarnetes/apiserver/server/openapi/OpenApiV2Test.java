package io.jarnetes.apiserver.server.openapi;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.ByteString;
import com.google.protobuf.InvalidProtocolBufferException;
import com.google.protobuf.UnknownFieldSet;
import io.jarnetes.apiserver.schema.ResourceTable;
import io.jarnetes.apiserver.schema.Schema;
import java.util.List;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

class OpenApiV2Test {
    private final OpenApiV2 openApi =
            new OpenApiV2(Schema.builtIn(), ResourceTable.builtIn(), "1.36");

    @Test
    void describesEverything() {
        JsonNode document = JsonMapper.shared().readTree(openApi.json());
        assertThat(document.path("swagger").asString()).isEqualTo("2.0");
        assertThat(document.path("definitions").size()).isEqualTo(584);
        assertThat(document.path("paths").size()).isEqualTo(408);
        JsonNode definitions = document.path("definitions");
        assertThat(
                        definitions
                                .path("io.k8s.apimachinery.pkg.apis.meta.v1.DeleteOptions")
                                .path("x-kubernetes-group-version-kind")
                                .size())
                .isEqualTo(60);
        assertThat(definitions.path("io.k8s.apimachinery.pkg.util.intstr.IntOrString").toString())
                .contains("\"type\":\"string\",\"format\":\"int-or-string\"");
        assertThat(
                        definitions
                                .path("io.k8s.api.core.v1.SeccompProfile")
                                .path("x-kubernetes-unions")
                                .toString())
                .isEqualTo(
                        "[{\"discriminator\":\"type\",\"fields-to-discriminateBy\":"
                                + "{\"localhostProfile\":\"LocalhostProfile\"}}]");
        JsonNode usages =
                definitions.path("io.k8s.api.certificates.v1.CertificateSigningRequestSpec");
        assertThat(usages.at("/properties/usages/items/enum/1").asString()).isEqualTo("cert sign");
        JsonNode body =
                document.path("paths").path("/api/v1/namespaces").path("post").at("/parameters/0");
        assertThat(body.toString())
                .isEqualTo(
                        "{\"name\":\"body\",\"in\":\"body\",\"required\":true,\"schema\":"
                                + "{\"$ref\":\"#/definitions/io.k8s.api.core.v1.Namespace\"}}");
    }

    /** The numbers are openapi.v2.Document's: swagger 1, info 2, paths 8, definitions 9. */
    @Test
    void writesGnostic() throws InvalidProtocolBufferException {
        UnknownFieldSet document = UnknownFieldSet.parseFrom(openApi.protobuf());
        assertThat(first(document, 1)).isEqualTo(ByteString.copyFromUtf8("2.0"));
        UnknownFieldSet paths = UnknownFieldSet.parseFrom(first(document, 8));
        assertThat(paths.getField(2).getLengthDelimitedList()).hasSize(408);
        UnknownFieldSet definitions = UnknownFieldSet.parseFrom(first(document, 9));
        List<ByteString> named = definitions.getField(1).getLengthDelimitedList();
        assertThat(named).hasSize(584);
        for (ByteString entry : named) {
            UnknownFieldSet pair = UnknownFieldSet.parseFrom(entry);
            if (first(pair, 1).toString(UTF_8).equals("io.k8s.api.core.v1.Container")) {
                UnknownFieldSet schema = UnknownFieldSet.parseFrom(first(pair, 2));
                assertThat(first(schema, 19)).isEqualTo(ByteString.copyFromUtf8("name"));
                UnknownFieldSet properties = UnknownFieldSet.parseFrom(first(schema, 25));
                assertThat(properties.getField(1).getLengthDelimitedList()).hasSize(25);
                return;
            }
        }
        throw new AssertionError("no Container");
    }

    private static ByteString first(UnknownFieldSet set, int number) {
        return set.getField(number).getLengthDelimitedList().getFirst();
    }
}
