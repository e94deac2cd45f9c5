package io.jarnetes.apiserver.server.endpoints;

import io.jarnetes.apiserver.server.authentication.UserInfo;
import java.time.Instant;
import java.util.List;
import java.util.Map;

/**
 * A request that is authenticated and authorized, its body read.
 *
 * @param method in upper case
 * @param path decoded, without the query
 * @param query decoded, in the order given
 * @param body empty for none; at most 3 MiB
 * @param deadline when the request times out (watches excepted)
 */
public record ApiRequest(
        String method,
        String path,
        Map<String, List<String>> query,
        Headers headers,
        byte[] body,
        UserInfo user,
        RequestInfo info,
        Instant deadline) {}
