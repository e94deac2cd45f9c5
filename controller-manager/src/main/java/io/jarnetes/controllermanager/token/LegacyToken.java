package io.jarnetes.controllermanager.token;

import io.jarnetes.base.tls.Pem;
import io.jarnetes.kubeclient.Json;
import io.jarnetes.kubeclient.KubeObject;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.MessageDigest;
import java.security.PrivateKey;
import java.security.Signature;
import java.security.interfaces.RSAPrivateCrtKey;
import java.security.spec.RSAPublicKeySpec;
import java.util.Base64;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/** Signs tokens that do not expire and name a Secret, as before TokenRequest (RFC 7515). */
final class LegacyToken {

    private static final Base64.Encoder BASE64 = Base64.getUrlEncoder().withoutPadding();

    private final PrivateKey key;

    /**
     * @param pem an RSA or P-256 key
     */
    LegacyToken(String pem) {
        this.key = Pem.privateKey(pem, "the service account key");
    }

    String sign(KubeObject account, KubeObject secret) {
        ObjectNode claims =
                Json.of(
                        "iss", "kubernetes/serviceaccount",
                        "kubernetes.io/serviceaccount/namespace", account.namespace(),
                        "kubernetes.io/serviceaccount/secret.name", secret.name(),
                        "kubernetes.io/serviceaccount/service-account.name", account.name(),
                        "kubernetes.io/serviceaccount/service-account.uid", account.uid(),
                        "sub",
                                "system:serviceaccount:"
                                        + account.namespace()
                                        + ":"
                                        + account.name());
        boolean rsa = key.getAlgorithm().equals("RSA");
        try {
            ObjectNode header = Json.of("alg", rsa ? "RS256" : "ES256");
            if (key instanceof RSAPrivateCrtKey crt) {
                header.put("kid", keyId(crt));
            }
            String body = part(header) + "." + part(claims);
            Signature signature =
                    Signature.getInstance(rsa ? "SHA256withRSA" : "SHA256withECDSAinP1363Format");
            signature.initSign(key);
            signature.update(body.getBytes(StandardCharsets.US_ASCII));
            return body + "." + BASE64.encodeToString(signature.sign());
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("the service account key can't sign", e);
        }
    }

    private static String part(JsonNode tree) {
        return BASE64.encodeToString(Json.bytes(tree));
    }

    /** The hash of the public key, by which the apiserver finds it. */
    private static String keyId(RSAPrivateCrtKey key) throws GeneralSecurityException {
        byte[] der =
                KeyFactory.getInstance("RSA")
                        .generatePublic(
                                new RSAPublicKeySpec(key.getModulus(), key.getPublicExponent()))
                        .getEncoded();
        return BASE64.encodeToString(MessageDigest.getInstance("SHA-256").digest(der));
    }
}
