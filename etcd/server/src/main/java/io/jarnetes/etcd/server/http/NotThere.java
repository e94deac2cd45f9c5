package io.jarnetes.etcd.server.http;

/** Paths of upstream's that are not there yet: they say so. */
final class NotThere {
    private static final int NOT_IMPLEMENTED = 501;

    private NotThere() {}

    static boolean covers(String path) {
        return path.startsWith("/v2/") || path.startsWith("/v3/") || path.startsWith("/v3beta/");
    }

    static HttpAnswer answer(String path) {
        String what = path.startsWith("/v2/") ? "the v2 API" : "the JSON gateway";
        String sentence =
                what + " is not there yet in this version of Jarnetes; use gRPC, as etcdctl does";
        // The gateway's shape of an error: code 12 is Unimplemented.
        return HttpAnswer.json(NOT_IMPLEMENTED, "{\"code\":12,\"message\":\"" + sentence + "\"}");
    }
}
