package io.jarnetes.apiserver.server.authentication;

import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.JWSHeader;
import com.nimbusds.jose.JWSObject;
import com.nimbusds.jose.JWSSigner;
import com.nimbusds.jose.Payload;
import java.security.PrivateKey;
import java.security.PublicKey;
import java.util.TreeMap;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/** Signs tokens with one key; claims in alphabetical order, as upstream's library writes them. */
public final class JwtIssuer implements TokenIssuer {

    private final String issuer;
    private final JWSHeader header;
    private final JWSSigner signer;

    /**
     * @param issuer the value of {@code iss}
     * @param publicKey the other half of {@code privateKey}; its ID stands in {@code kid}
     * @throws IllegalArgumentException for a key of another kind than RSA or ECDSA
     */
    public JwtIssuer(String issuer, PrivateKey privateKey, PublicKey publicKey) {
        this.issuer = issuer;
        this.header =
                new JWSHeader.Builder(ServiceAccountKeys.algorithm(publicKey))
                        .keyID(ServiceAccountKeys.id(publicKey))
                        .build();
        try {
            this.signer = ServiceAccountKeys.signer(privateKey);
        } catch (JOSEException e) {
            throw new IllegalArgumentException("the signing key can't be used", e);
        }
    }

    @Override
    public String issue(ObjectNode claims) {
        TreeMap<String, JsonNode> sorted = new TreeMap<>();
        claims.properties().forEach(claim -> sorted.put(claim.getKey(), claim.getValue()));
        sorted.put("iss", JsonNodeFactory.instance.stringNode(issuer));
        ObjectNode payload = JsonNodeFactory.instance.objectNode();
        payload.setAll(sorted);
        JWSObject token = new JWSObject(header, new Payload(payload.toString()));
        try {
            token.sign(signer);
        } catch (JOSEException e) {
            throw new IllegalStateException("a token can't be signed", e);
        }
        return token.serialize();
    }
}
