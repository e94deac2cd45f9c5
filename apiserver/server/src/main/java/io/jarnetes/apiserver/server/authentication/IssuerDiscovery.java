package io.jarnetes.apiserver.server.authentication;

import io.jarnetes.apiserver.server.tree.Trees;
import java.math.BigInteger;
import java.security.PublicKey;
import java.security.interfaces.ECPublicKey;
import java.security.interfaces.RSAPublicKey;
import java.util.Base64;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import tools.jackson.databind.node.ObjectNode;

/** How others verify service-account tokens: OpenID discovery and the key set (RFC 7517). */
public final class IssuerDiscovery {

    private IssuerDiscovery() {}

    /** {@code /.well-known/openid-configuration}. */
    public static ObjectNode configuration(String issuer, String jwksUri, ServiceAccountKeys keys) {
        ObjectNode tree = Trees.object();
        tree.put("issuer", issuer).put("jwks_uri", jwksUri);
        tree.putArray("response_types_supported").add("id_token");
        tree.putArray("subject_types_supported").add("public");
        Set<String> algorithms = new LinkedHashSet<>();
        keys.entries()
                .forEach(e -> algorithms.add(ServiceAccountKeys.algorithm(e.key()).getName()));
        algorithms.forEach(tree.putArray("id_token_signing_alg_values_supported")::add);
        return tree;
    }

    /** {@code /openid/v1/jwks}. */
    public static ObjectNode keySet(ServiceAccountKeys keys) {
        ObjectNode tree = Trees.object();
        var array = tree.putArray("keys");
        List<ServiceAccountKeys.Entry> entries = keys.entries();
        entries.forEach(entry -> array.add(key(entry)));
        return tree;
    }

    private static ObjectNode key(ServiceAccountKeys.Entry entry) {
        ObjectNode key = Trees.object();
        key.put("use", "sig");
        key.put("kty", entry.key() instanceof RSAPublicKey ? "RSA" : "EC");
        key.put("kid", entry.id());
        PublicKey publicKey = entry.key();
        if (publicKey instanceof ECPublicKey ec) {
            int bits = ec.getParams().getOrder().bitLength();
            key.put("crv", "P-" + bits);
            key.put("alg", ServiceAccountKeys.algorithm(ec).getName());
            int bytes = (bits + 7) / 8;
            key.put("x", base64(ec.getW().getAffineX(), bytes));
            key.put("y", base64(ec.getW().getAffineY(), bytes));
        } else if (publicKey instanceof RSAPublicKey rsa) {
            key.put("alg", ServiceAccountKeys.algorithm(rsa).getName());
            key.put("n", base64(rsa.getModulus(), 0));
            key.put("e", base64(rsa.getPublicExponent(), 0));
        }
        return key;
    }

    /** Unsigned big-endian, padded in front to {@code length} bytes. */
    private static String base64(BigInteger number, int length) {
        byte[] signed = number.toByteArray();
        int skip = signed.length > 1 && signed[0] == 0 ? 1 : 0;
        int size = Math.max(length, signed.length - skip);
        byte[] bytes = new byte[size];
        int count = signed.length - skip;
        System.arraycopy(signed, skip, bytes, size - count, count);
        return Base64.getUrlEncoder().withoutPadding().encodeToString(bytes);
    }
}
