package io.jarnetes.etcd.storage.auth;

import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.JOSEObjectType;
import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.JWSHeader;
import com.nimbusds.jose.JWSSigner;
import com.nimbusds.jose.JWSVerifier;
import com.nimbusds.jwt.JWTClaimsSet;
import com.nimbusds.jwt.SignedJWT;
import java.text.ParseException;
import java.util.Date;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/** Signed tokens that carry user, auth revision and expiry; no member needs to remember them. */
final class JwtTokens implements TokenProvider {
    private static final String USERNAME = "username";
    private static final String REVISION = "revision";

    private final JWSAlgorithm algorithm;
    private final @Nullable JWSSigner signer;
    private final JWSVerifier verifier;
    private final long ttlMillis;
    private final LongSupplier epochMillis;

    JwtTokens(JwtKeys keys, long ttlMillis, LongSupplier epochMillis) {
        this.algorithm = keys.algorithm();
        this.signer = keys.signer();
        this.verifier = keys.verifier();
        this.ttlMillis = ttlMillis;
        this.epochMillis = epochMillis;
    }

    @Override
    public void enable() {}

    @Override
    public void disable() {}

    @Override
    public String tokenPrefix() {
        return "";
    }

    @Override
    public String assign(String prefix, long applyIndex, String username, long authRevision) {
        if (signer == null) {
            throw new AuthException(AuthException.Code.VERIFY_ONLY);
        }
        JWTClaimsSet claims =
                new JWTClaimsSet.Builder()
                        .claim(USERNAME, username)
                        .claim(REVISION, authRevision)
                        .expirationTime(new Date(epochMillis.getAsLong() + ttlMillis))
                        .build();
        JWSHeader header = new JWSHeader.Builder(algorithm).type(JOSEObjectType.JWT).build();
        SignedJWT token = new SignedJWT(header, claims);
        try {
            token.sign(signer);
        } catch (JOSEException e) {
            throw new IllegalStateException("a token could not be signed: " + e.getMessage(), e);
        }
        return token.serialize();
    }

    @Override
    public @Nullable AuthInfo info(String token, long authRevision) {
        try {
            SignedJWT parsed = SignedJWT.parse(token);
            if (!parsed.getHeader().getAlgorithm().equals(algorithm) || !parsed.verify(verifier)) {
                return null;
            }
            JWTClaimsSet claims = parsed.getJWTClaimsSet();
            Date now = new Date(epochMillis.getAsLong());
            Date expires = claims.getExpirationTime();
            Date notBefore = claims.getNotBeforeTime();
            if ((expires != null && !now.before(expires))
                    || (notBefore != null && now.before(notBefore))) {
                return null;
            }
            Object username = claims.getClaim(USERNAME);
            Object revision = claims.getClaim(REVISION);
            return username instanceof String name && revision instanceof Number number
                    ? new AuthInfo(name, number.longValue())
                    : null;
        } catch (ParseException | JOSEException e) {
            // Whatever is no token of ours stands for nobody.
            return null;
        }
    }

    @Override
    public long requiredIndex(String token) {
        return 0;
    }

    @Override
    public void invalidateUser(String username) {
        // A signed token lives until it expires; a changed auth revision makes it useless before.
    }
}
