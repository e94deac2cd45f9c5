package io.jarnetes.apiserver.server.endpoints;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.jarnetes.apiserver.schema.ResourceTable;
import io.jarnetes.apiserver.schema.Schema;
import io.jarnetes.apiserver.schema.codec.MediaType;
import io.jarnetes.apiserver.schema.codec.TreeCodec;
import io.jarnetes.apiserver.schema.defaults.Defaults;
import io.jarnetes.apiserver.server.admission.AdmissionChain;
import io.jarnetes.apiserver.server.authentication.UserInfo;
import io.jarnetes.apiserver.server.authorization.AlwaysAllow;
import io.jarnetes.apiserver.server.printers.Tables;
import io.jarnetes.apiserver.server.registry.ApiException;
import io.jarnetes.apiserver.server.registry.Environment;
import io.jarnetes.apiserver.server.registry.Registry;
import io.jarnetes.apiserver.server.registry.conversion.BuiltInConverter;
import io.jarnetes.apiserver.server.registry.kinds.BuiltInRegistry;
import io.jarnetes.apiserver.server.registry.managedfields.SchemaFieldManager;
import io.jarnetes.apiserver.server.registry.managedfields.ServerSideApply;
import io.jarnetes.apiserver.server.registry.services.ServiceSettings;
import io.jarnetes.apiserver.server.storage.EncryptionConfig;
import io.jarnetes.apiserver.server.storage.EtcdKv;
import io.jarnetes.apiserver.server.storage.Storage;
import io.jarnetes.base.log.Log;
import java.net.URLDecoder;
import java.time.Clock;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/** The whole way from a request to an {@link EtcdKv} and back, without a socket. */
final class TestApi implements AutoCloseable {

    private static final JsonMapper MAPPER = JsonMapper.builder().build();

    /** As a client's certificate has it. */
    private static final UserInfo USER =
            new UserInfo("system:apiserver", List.of("system:masters", "system:authenticated"));

    private final Storage storage;
    private final ResourceHandler handler;
    private final Registry registry;

    TestApi(EtcdKv kv) {
        Schema schema = Schema.builtIn();
        TreeCodec codec = TreeCodec.of(schema);
        ResourceTable table = ResourceTable.builtIn();
        storage =
                new Storage(
                        kv,
                        "/registry",
                        codec,
                        MediaType.JSON,
                        EncryptionConfig.NONE,
                        Clock.systemUTC(),
                        Log.none());
        storage.start();
        Environment environment =
                new Environment(
                        Clock.systemUTC(),
                        new Random(42),
                        new Defaults(schema, Clock.systemUTC()),
                        new SchemaFieldManager(schema, codec));
        registry =
                BuiltInRegistry.create(
                        table,
                        storage,
                        environment,
                        new BuiltInConverter(codec),
                        3600,
                        ServiceSettings.of(List.of("10.0.0.0/24")));
        handler =
                new ResourceHandler(
                        () -> table,
                        registry,
                        codec,
                        new BuiltInConverter(codec),
                        new PrinterTables(new Tables(schema), Clock.systemUTC()),
                        new SchemaPatcher(schema),
                        new ServerSideApply(schema),
                        AdmissionChain.empty(),
                        new AlwaysAllow(),
                        new Random(42),
                        Clock.systemUTC());
    }

    Registry registry() {
        return registry;
    }

    record Result(int status, ObjectNode body, RecordedResponse response) {}

    /** Runs a request whose path may have a query; a refusal becomes its Status. */
    Result call(String method, String pathAndQuery, String body, String... headers) {
        RecordedResponse response = new RecordedResponse();
        try {
            handler.handle(request(method, pathAndQuery, body, headers), response);
        } catch (ApiException e) {
            return new Result(e.code(), e.status().toTree(), response);
        } catch (Exception e) {
            throw new AssertionError(e);
        }
        String text = response.body();
        ObjectNode tree =
                text.startsWith("{")
                        ? (ObjectNode) MAPPER.readTree(text)
                        : MAPPER.createObjectNode();
        return new Result(response.status(), tree, response);
    }

    /** Starts a watch on a thread of its own. */
    RecordedResponse watch(String pathAndQuery) {
        RecordedResponse response = new RecordedResponse();
        Thread.ofVirtual()
                .start(() -> {
                    try {
                        handler.handle(request("GET", pathAndQuery, ""), response);
                    } catch (Exception e) {
                        throw new IllegalStateException(e);
                    }
                });
        return response;
    }

    private static ApiRequest request(
            String method, String pathAndQuery, String body, String... headers) {
        int mark = pathAndQuery.indexOf('?');
        String path = mark < 0 ? pathAndQuery : pathAndQuery.substring(0, mark);
        Map<String, List<String>> query = new LinkedHashMap<>();
        if (mark >= 0) {
            for (String pair : pathAndQuery.substring(mark + 1).split("&")) {
                String[] words = pair.split("=", 2);
                query.computeIfAbsent(words[0], name -> new ArrayList<>())
                        .add(words.length > 1 ? URLDecoder.decode(words[1], UTF_8) : "");
            }
        }
        Map<String, List<String>> given = new HashMap<>();
        for (int i = 0; i < headers.length; i += 2) {
            given.put(headers[i], List.of(headers[i + 1]));
        }
        return new ApiRequest(
                method,
                path,
                query,
                new Headers(given),
                body.getBytes(UTF_8),
                USER,
                RequestInfoResolver.resolve(method, path, query),
                Instant.MAX);
    }

    @Override
    public void close() {
        storage.close();
    }
}
