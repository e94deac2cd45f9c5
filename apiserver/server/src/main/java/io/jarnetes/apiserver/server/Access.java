package io.jarnetes.apiserver.server;

import io.jarnetes.apiserver.server.admission.AdmissionChain;
import io.jarnetes.apiserver.server.admission.Listers;
import io.jarnetes.apiserver.server.admission.plugins.AdmissionPlugins;
import io.jarnetes.apiserver.server.authentication.AudienceAgnostic;
import io.jarnetes.apiserver.server.authentication.Authenticator;
import io.jarnetes.apiserver.server.authentication.BearerAuthenticator;
import io.jarnetes.apiserver.server.authentication.BootstrapTokens;
import io.jarnetes.apiserver.server.authentication.ClientCertificates;
import io.jarnetes.apiserver.server.authentication.FrontProxyAuthenticator;
import io.jarnetes.apiserver.server.authentication.JwtIssuer;
import io.jarnetes.apiserver.server.authentication.ServiceAccountKeys;
import io.jarnetes.apiserver.server.authentication.ServiceAccountTokens;
import io.jarnetes.apiserver.server.authentication.ServiceAccountValidator;
import io.jarnetes.apiserver.server.authentication.TokenAuthenticator;
import io.jarnetes.apiserver.server.authentication.TokenFile;
import io.jarnetes.apiserver.server.authentication.TokenRequestStore;
import io.jarnetes.apiserver.server.authentication.UnionAuthenticator;
import io.jarnetes.apiserver.server.authentication.X509Authenticator;
import io.jarnetes.apiserver.server.authorization.AlwaysAllow;
import io.jarnetes.apiserver.server.authorization.AlwaysDeny;
import io.jarnetes.apiserver.server.authorization.Authorizer;
import io.jarnetes.apiserver.server.authorization.EscalationCheck;
import io.jarnetes.apiserver.server.authorization.NodeAuthorizer;
import io.jarnetes.apiserver.server.authorization.PodIndex;
import io.jarnetes.apiserver.server.authorization.PolicyStore;
import io.jarnetes.apiserver.server.authorization.PrivilegedGroups;
import io.jarnetes.apiserver.server.authorization.RbacAuthorizer;
import io.jarnetes.apiserver.server.authorization.RbacPolicy;
import io.jarnetes.apiserver.server.authorization.ReviewStores;
import io.jarnetes.apiserver.server.authorization.UnionAuthorizer;
import io.jarnetes.apiserver.server.bootstrap.BootstrapPolicy;
import io.jarnetes.apiserver.server.bootstrap.Hooks;
import io.jarnetes.apiserver.server.http.FlowClassifier;
import io.jarnetes.apiserver.server.informers.Informer;
import io.jarnetes.apiserver.server.informers.RegistryListers;
import io.jarnetes.apiserver.server.registry.GroupResource;
import io.jarnetes.apiserver.server.registry.Registry;
import io.jarnetes.apiserver.server.registry.Store;
import io.jarnetes.base.log.Log;
import java.security.KeyPair;
import java.security.SecureRandom;
import java.time.Clock;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.function.UnaryOperator;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.JsonNodeFactory;

/** Who may come in, who may do what, and what is admitted: wired for one configuration. */
final class Access implements AutoCloseable {

    private static final String RBAC_GROUP = "rbac.authorization.k8s.io";

    private final ApiServerConfig config;
    private final Backend backend;
    private final Listers listers;
    private final AccessFiles files;
    private final FlowSchemas flows = new FlowSchemas();
    private final List<Informer> informers = new ArrayList<>();
    private final Authenticator authenticator;
    private final Authorizer authorizer;

    private Access(
            ApiServerConfig config, AccessFiles files, Backend backend, Clock clock, Log log) {
        this.config = config;
        this.backend = backend;
        this.listers = new RegistryListers(backend.registry());
        this.files = files;
        BearerAuthenticator tokens = new BearerAuthenticator(tokenAuthenticators(clock));
        this.authenticator = authenticator(tokens);
        this.authorizer = authorizer(log);
        reviews(tokens, clock);
        follow("flowcontrol.apiserver.k8s.io", "flowschemas", flows.schemas(), log);
        follow("flowcontrol.apiserver.k8s.io", "prioritylevelconfigurations", flows.levels(), log);
    }

    static Access open(
            ApiServerConfig config,
            AccessFiles files,
            Backend backend,
            Hooks hooks,
            Clock clock,
            Log log) {
        Access access = new Access(config, files, backend, clock, log);
        CompletableFuture<?>[] synced =
                access.informers.stream().map(Informer::synced).toArray(CompletableFuture[]::new);
        CompletableFuture.allOf(synced).thenRun(() -> hooks.finish(Hooks.INFORMERS));
        return access;
    }

    private List<TokenAuthenticator> tokenAuthenticators(Clock clock) {
        List<TokenAuthenticator> parts = new ArrayList<>();
        TokenFile known = files.tokens();
        if (known != null) {
            parts.add(new AudienceAgnostic(known, config.tokens().audiences()));
        }
        parts.add(
                new ServiceAccountTokens(
                        config.tokens().issuers(),
                        files.keys(),
                        config.tokens().audiences(),
                        new ServiceAccountValidator(listers, config.tokens().lookup(), clock)));
        if (config.authentication().bootstrapTokens()) {
            parts.add(
                    new AudienceAgnostic(
                            new BootstrapTokens(listers, clock), config.tokens().audiences()));
        }
        return parts;
    }

    private Authenticator authenticator(BearerAuthenticator tokens) {
        List<Authenticator> parts = new ArrayList<>();
        ClientCertificates frontProxyCa = files.frontProxyCa();
        if (frontProxyCa != null) {
            parts.add(
                    new FrontProxyAuthenticator(
                            frontProxyCa, config.authentication().frontProxy()));
        }
        ClientCertificates clientCa = files.clientCa();
        if (clientCa != null) {
            parts.add(new X509Authenticator(clientCa));
        }
        parts.add(tokens);
        return new UnionAuthenticator(parts, config.authentication().anonymous());
    }

    private Authorizer authorizer(Log log) {
        List<Authorizer> parts = new ArrayList<>();
        parts.add(new PrivilegedGroups());
        for (String mode : config.authorizationModes()) {
            parts.add(
                    switch (mode) {
                        case "AlwaysAllow" -> new AlwaysAllow();
                        case "AlwaysDeny" -> new AlwaysDeny();
                        case "Node" -> node(log);
                        case "RBAC" -> rbac(log);
                        default ->
                                throw new IllegalArgumentException(
                                        "authorization-mode " + mode + " is not supported yet");
                    });
        }
        return new UnionAuthorizer(parts);
    }

    private Authorizer node(Log log) {
        PodIndex pods = new PodIndex();
        follow("", "pods", pods, log);
        return new NodeAuthorizer(pods, listers, BootstrapPolicy.nodeRules());
    }

    private Authorizer rbac(Log log) {
        RbacPolicy policy = new RbacPolicy();
        follow(RBAC_GROUP, "clusterroles", policy.clusterRoles(), log);
        follow(RBAC_GROUP, "clusterrolebindings", policy.clusterRoleBindings(), log);
        follow(RBAC_GROUP, "roles", policy.roles(), log);
        follow(RBAC_GROUP, "rolebindings", policy.roleBindings(), log);
        Authorizer rbac = new RbacAuthorizer(policy);
        EscalationCheck check = new EscalationCheck(policy, rbac);
        Registry registry = backend.registry();
        for (String resource :
                List.of("clusterroles", "clusterrolebindings", "roles", "rolebindings")) {
            registry.register(
                    new GroupResource(RBAC_GROUP, resource),
                    "",
                    new PolicyStore(registry.store(RBAC_GROUP, resource), check));
        }
        return rbac;
    }

    private void follow(String group, String resource, Informer.Sink sink, Log log) {
        informers.add(Informer.start(backend.registry().store(group, resource), sink, log));
    }

    private void reviews(BearerAuthenticator tokens, Clock clock) {
        Registry registry = backend.registry();
        List<String> audiences = config.tokens().audiences();
        UnaryOperator<Store> noted = store -> backend.noted(store, "");
        ReviewStores.register(registry, authorizer, noted);
        io.jarnetes.apiserver.server.authentication.ReviewStores.register(
                registry, tokens, audiences, clock, noted);
        KeyPair signing = files.signing();
        if (signing != null) {
            JwtIssuer issuer =
                    new JwtIssuer(
                            config.tokens().issuers().getFirst(),
                            signing.getPrivate(),
                            signing.getPublic());
            registry.register(
                    new GroupResource("", "serviceaccounts"),
                    "token",
                    backend.noted(
                            new TokenRequestStore(
                                    registry,
                                    issuer,
                                    new TokenRequestStore.Settings(
                                            audiences,
                                            config.tokens().maxExpiration().toSeconds(),
                                            config.tokens().extendExpiration()),
                                    clock),
                            "token"));
        }
    }

    Authenticator authenticator() {
        return authenticator;
    }

    Authorizer authorizer() {
        return authorizer;
    }

    ServiceAccountKeys keys() {
        return files.keys();
    }

    FlowClassifier flows() {
        return flows;
    }

    AdmissionChain admission(ApiServerConfig configuration) {
        ApiServerConfig.Admission admission = configuration.admission();
        return new AdmissionPlugins(
                        listers,
                        authorizer,
                        new SecureRandom(),
                        admission.notReadySeconds(),
                        admission.unreachableSeconds())
                .chain(admission.enabled(), admission.disabled());
    }

    /** Data of ConfigMap extension-apiserver-authentication. */
    Map<String, String> authenticationConfigMap() {
        Map<String, String> data = new LinkedHashMap<>();
        ClientCertificates clientCa = files.clientCa();
        ClientCertificates frontProxyCa = files.frontProxyCa();
        if (clientCa != null) {
            data.put("client-ca-file", clientCa.pem());
        }
        if (frontProxyCa != null) {
            FrontProxyAuthenticator.Settings proxy = config.authentication().frontProxy();
            data.put("requestheader-allowed-names", json(proxy.allowedNames()));
            data.put("requestheader-client-ca-file", frontProxyCa.pem());
            data.put("requestheader-extra-headers-prefix", json(proxy.extraHeaderPrefixes()));
            data.put("requestheader-group-headers", json(proxy.groupHeaders()));
            if (!proxy.uidHeaders().isEmpty()) {
                data.put("requestheader-uid-headers", json(proxy.uidHeaders()));
            }
            data.put("requestheader-username-headers", json(proxy.usernameHeaders()));
        }
        return data;
    }

    private static String json(List<String> texts) {
        ArrayNode array = JsonNodeFactory.instance.arrayNode();
        texts.forEach(array::add);
        return array.toString();
    }

    @Override
    public void close() {
        informers.forEach(Informer::close);
    }
}
