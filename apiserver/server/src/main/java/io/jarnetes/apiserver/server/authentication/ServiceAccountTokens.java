package io.jarnetes.apiserver.server.authentication;

import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.JWSObject;
import io.jarnetes.apiserver.server.tree.Trees;
import java.nio.charset.StandardCharsets;
import java.security.PublicKey;
import java.text.ParseException;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Optional;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * Service-account tokens: the bound ones of TokenRequest by their issuer, and the old ones of
 * Secrets ({@code iss} {@code kubernetes/serviceaccount}).
 */
public final class ServiceAccountTokens implements TokenAuthenticator {

    static final String LEGACY_ISSUER = "kubernetes/serviceaccount";

    private static final JsonMapper MAPPER = JsonMapper.builder().build();

    private final List<String> issuers;
    private final ServiceAccountKeys keys;
    private final List<String> ownAudiences;
    private final ServiceAccountValidator validator;

    /**
     * @param issuers accepted values of {@code iss}
     * @param ownAudiences {@code --api-audiences}
     */
    public ServiceAccountTokens(
            List<String> issuers,
            ServiceAccountKeys keys,
            List<String> ownAudiences,
            ServiceAccountValidator validator) {
        this.issuers = List.copyOf(issuers);
        this.keys = keys;
        this.ownAudiences = List.copyOf(ownAudiences);
        this.validator = validator;
    }

    @Override
    public Optional<Authentication> authenticate(String token, List<String> audiences)
            throws AuthenticationException {
        String issuer = issuer(token);
        boolean legacy = issuer.equals(LEGACY_ISSUER);
        if (!legacy && !issuers.contains(issuer)) {
            return Optional.empty();
        }
        JsonNode claims = verify(token);
        List<String> meant = audience(claims);
        List<String> asked = audiences.isEmpty() ? ownAudiences : audiences;
        List<String> shared = new ArrayList<>(meant);
        shared.retainAll(asked);
        if (shared.isEmpty()) {
            throw new AuthenticationException(
                    "token audiences "
                            + goList(meant)
                            + " is invalid for the target audiences "
                            + goList(asked));
        }
        UserInfo user = legacy ? validator.legacy(claims, token) : validator.bound(claims);
        return Optional.of(new Authentication(user, shared));
    }

    /** The unverified {@code iss}, only to see whether the token is one of ours. */
    private static String issuer(String token) {
        String[] parts = token.split("\\.", -1);
        if (parts.length != 3) {
            return "";
        }
        try {
            byte[] payload = Base64.getUrlDecoder().decode(parts[1]);
            return Trees.text(MAPPER.readTree(new String(payload, StandardCharsets.UTF_8)), "iss");
        } catch (IllegalArgumentException | JacksonException e) {
            return "";
        }
    }

    private JsonNode verify(String token) throws AuthenticationException {
        try {
            JWSObject parsed = JWSObject.parse(token);
            String kid = parsed.getHeader().getKeyID();
            List<PublicKey> candidates = keys.candidates(kid == null ? "" : kid);
            if (candidates.isEmpty()) {
                throw new AuthenticationException("invalid signature, no keys found");
            }
            for (PublicKey key : candidates) {
                // The algorithm is the key's, never the token's word for it.
                boolean fits =
                        parsed.getHeader().getAlgorithm().equals(ServiceAccountKeys.algorithm(key));
                if (fits && parsed.verify(ServiceAccountKeys.verifier(key))) {
                    return MAPPER.readTree(parsed.getPayload().toString());
                }
            }
        } catch (ParseException | JOSEException | JacksonException e) {
            throw new AuthenticationException("the token can't be read", e);
        }
        throw new AuthenticationException("invalid signature");
    }

    private List<String> audience(JsonNode claims) {
        String one = Trees.text(claims, "aud");
        List<String> many = one.isEmpty() ? Trees.texts(claims, "aud") : List.of(one);
        return many.isEmpty() ? ownAudiences : many;
    }

    private static String goList(List<String> texts) {
        return "[" + String.join(" ", texts.stream().map(text -> '"' + text + '"').toList()) + "]";
    }
}
