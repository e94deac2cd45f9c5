package io.jarnetes.etcd.server.v3rpc;

import io.grpc.Status;

/** Names of status codes as Go's gRPC prints them. */
final class GoCodes {
    private GoCodes() {}

    static String name(Status.Code code) {
        if (code == Status.Code.CANCELLED) {
            return "Canceled";
        }
        if (code == Status.Code.OK) {
            return "OK";
        }
        StringBuilder name = new StringBuilder();
        for (String word : code.name().split("_", -1)) {
            name.append(word.charAt(0))
                    .append(word.substring(1).toLowerCase(java.util.Locale.ROOT));
        }
        return name.toString();
    }
}
