package io.jarnetes.apiserver.server.authentication;

import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.security.cert.CertificateException;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/**
 * A proxy in front that has authenticated the sender and names it in headers ({@code
 * --requestheader-*}). The proxy shows a client certificate of its own authority.
 */
public final class FrontProxyAuthenticator implements Authenticator {

    private final ClientCertificates authorities;
    private final Settings settings;

    /**
     * Names of headers, and of proxies.
     *
     * @param allowedNames common names of proxies; empty for any
     */
    public record Settings(
            List<String> allowedNames,
            List<String> usernameHeaders,
            List<String> uidHeaders,
            List<String> groupHeaders,
            List<String> extraHeaderPrefixes) {}

    public FrontProxyAuthenticator(ClientCertificates authorities, Settings settings) {
        this.authorities = authorities;
        this.settings = settings;
    }

    @Override
    public Optional<Authentication> authenticate(AuthenticationRequest request)
            throws AuthenticationException {
        List<X509Certificate> chain = request.clientCertificates();
        String name = first(request, settings.usernameHeaders);
        if (chain.isEmpty() || name.isEmpty()) {
            return Optional.empty();
        }
        try {
            authorities.verify(chain);
        } catch (CertificateException e) {
            throw new AuthenticationException("front proxy: " + e.getMessage(), e);
        }
        String proxy = CertificateNames.commonName(chain.getFirst());
        if (!settings.allowedNames.isEmpty() && !settings.allowedNames.contains(proxy)) {
            throw new AuthenticationException(
                    "x509: subject with cn=" + proxy + " is not in the allowed list");
        }
        List<String> groups = new ArrayList<>();
        settings.groupHeaders.forEach(header -> groups.addAll(request.headers().apply(header)));
        UserInfo user =
                new UserInfo(name, first(request, settings.uidHeaders), groups, extra(request));
        return Optional.of(new Authentication(user));
    }

    private static String first(AuthenticationRequest request, List<String> headers) {
        for (String header : headers) {
            String value = request.header(header);
            if (!value.isEmpty()) {
                return value;
            }
        }
        return "";
    }

    private Map<String, List<String>> extra(AuthenticationRequest request) {
        Map<String, List<String>> extra = new HashMap<>();
        for (String prefix : settings.extraHeaderPrefixes) {
            String lower = prefix.toLowerCase(Locale.ROOT);
            for (String header : request.headerNames()) {
                if (header.startsWith(lower)) {
                    String key = header.substring(lower.length()).replace("+", "%2B");
                    extra.put(
                            URLDecoder.decode(key, StandardCharsets.UTF_8),
                            request.headers().apply(header));
                }
            }
        }
        return extra;
    }
}
