package io.jarnetes.etcd.server.apply;

import com.google.protobuf.Descriptors.FieldDescriptor;
import io.jarnetes.etcd.proto.etcdserverpb.InternalRaftRequest;
import java.util.Arrays;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Collectors;

/** What upstream calls the kinds of requests where it measures how long they take. */
final class RequestKinds {
    private static final Map<String, String> NAMES =
            InternalRaftRequest.getDescriptor().getFields().stream()
                    .map(FieldDescriptor::getName)
                    .collect(Collectors.toUnmodifiableMap(Function.identity(), RequestKinds::name));

    private RequestKinds() {}

    /** "delete_range" is DeleteRange. */
    private static String name(String field) {
        return Arrays.stream(field.split("_"))
                .map(word -> Character.toUpperCase(word.charAt(0)) + word.substring(1))
                .collect(Collectors.joining());
    }

    static String of(InternalRaftRequest request) {
        if (request.hasPut()) {
            return "Put";
        }
        if (request.hasTxn()) {
            return "Txn";
        }
        for (FieldDescriptor field : request.getAllFields().keySet()) {
            String name = field.getName();
            if (!name.equals("header") && !name.equals("ID")) {
                return NAMES.getOrDefault(name, name);
            }
        }
        return "Unknown";
    }
}
