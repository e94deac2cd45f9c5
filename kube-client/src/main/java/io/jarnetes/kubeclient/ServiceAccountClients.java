package io.jarnetes.kubeclient;

import io.jarnetes.base.log.Log;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Supplier;
import tools.jackson.databind.node.ObjectNode;

/**
 * Clients that act as ServiceAccounts of kube-system, with tokens from the TokenRequest API: what
 * {@code --use-service-account-credentials} asks for. Accounts that are missing are made. Tokens
 * are asked for at the first request and renewed when four fifths of their life are over.
 */
public final class ServiceAccountClients implements AutoCloseable {

    /** Where the accounts are. */
    public static final String NAMESPACE = "kube-system";

    private static final long TOKEN_SECONDS = 3600;

    private final ApiClient manager;
    private final ApiClient connection;
    private final String userAgent;
    private final Clock clock;
    private final Log log;
    private final Map<String, ApiClient> clients = new ConcurrentHashMap<>();

    /**
     * @param manager makes accounts and asks for tokens
     * @param connection a client without credentials of its own, that all accounts share
     */
    public ServiceAccountClients(
            ApiClient manager, ApiClient connection, String userAgent, Clock clock, Log log) {
        this.manager = manager;
        this.connection = connection;
        this.userAgent = userAgent;
        this.clock = clock;
        this.log = log;
    }

    /** The client that acts as {@code system:serviceaccount:kube-system:<account>}. */
    public ApiClient of(String account) {
        return clients.computeIfAbsent(
                account, name -> connection.withToken(new Token(name), userAgent + "/" + name));
    }

    /** Makes an account; nothing happens when it is there. */
    public void create(String account) {
        ObjectNode object = Json.of("metadata", Json.of("name", account, "namespace", NAMESPACE));
        try {
            manager.create(Resource.SERVICE_ACCOUNTS, NAMESPACE, object);
        } catch (ApiException e) {
            if (!e.alreadyExists()) {
                throw e;
            }
        }
    }

    @Override
    public void close() {
        connection.close();
    }

    /** A token that renews itself; one thread at a time asks for it. */
    private final class Token implements Supplier<String> {

        private final String account;
        private String token = "";
        private Instant renewAt = Instant.EPOCH;

        Token(String account) {
            this.account = account;
        }

        @Override
        public synchronized String get() {
            Instant now = clock.instant();
            if (now.isBefore(renewAt)) {
                return token;
            }
            try {
                request(now);
            } catch (ApiException e) {
                if (!e.notFound()) {
                    throw e;
                }
                create(account);
                request(now);
            }
            return token;
        }

        private void request(Instant now) {
            KubeObject answer =
                    manager.create(
                            Resource.SERVICE_ACCOUNTS.path(NAMESPACE, account, "token"),
                            Json.of(
                                    "apiVersion",
                                    "authentication.k8s.io/v1",
                                    "kind",
                                    "TokenRequest",
                                    "spec",
                                    Json.of("expirationSeconds", TOKEN_SECONDS)));
            token = answer.text("status", "token");
            Instant expires =
                    KubeObject.time(answer.at("status", "expirationTimestamp"))
                            .orElse(now.plusSeconds(TOKEN_SECONDS));
            long life = Duration.between(now, expires).toMillis();
            renewAt = now.plusMillis(life * 4 / 5);
            log.debug("Token for a service account", "account", account, "expires", expires);
        }
    }
}
