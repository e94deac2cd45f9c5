package io.jarnetes.controllermanager;

import io.jarnetes.base.log.Log;
import io.jarnetes.controllermanager.framework.Controller;
import io.jarnetes.controllermanager.framework.ControllerContext;
import io.jarnetes.kubeclient.ApiClient;
import io.jarnetes.kubeclient.ApiException;
import io.jarnetes.kubeclient.ComponentFlags;
import io.jarnetes.kubeclient.EventRecorder;
import io.jarnetes.kubeclient.Informer;
import io.jarnetes.kubeclient.Informers;
import io.jarnetes.kubeclient.KubeObject;
import io.jarnetes.kubeclient.LeaderElector;
import io.jarnetes.kubeclient.Resource;
import io.jarnetes.kubeclient.ServiceAccountClients;
import io.jarnetes.kubeclient.ServingConfig;
import io.jarnetes.kubeclient.ServingEndpoint;
import io.jarnetes.kubeclient.StoppedException;
import java.io.IOException;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * A running controller manager: it competes for the Lease, then runs the controllers until it is
 * closed or loses the Lease.
 */
public final class ControllerManager implements AutoCloseable {

    private static final String NAME = "kube-controller-manager";
    private static final String USER_AGENT = NAME + "/" + ComponentFlags.VERSION + " (jarnetes)";

    private static final Duration FIRST_LIMIT = Duration.ofSeconds(2);

    private final ControllerManagerConfig config;
    private final Log log;
    private final Clock clock = Clock.systemUTC();
    private final ApiClient client;
    private final Informers informers;
    private final @Nullable ServiceAccountClients accounts;
    private final ControllerContext context;
    private final List<Controller> controllers = new ArrayList<>();
    private final CompletableFuture<Void> leading = new CompletableFuture<>();
    private final CompletableFuture<Void> lost = new CompletableFuture<>();
    private final @Nullable ServingEndpoint serving;
    private final Thread thread;

    private ControllerManager(ControllerManagerConfig config, Log log) throws IOException {
        this.config = config;
        this.log = log;
        this.client = ApiClient.connect(config.kubeconfig(), USER_AGENT);
        this.informers = new Informers(client, log);
        this.accounts = config.useServiceAccountCredentials() ? accounts() : null;
        Function<String, ApiClient> clients =
                accounts == null
                        ? account -> client.withUserAgent(USER_AGENT + "/" + account)
                        : accounts::of;
        this.context =
                new ControllerContext(clients, client, informers, config.settings(), clock, log);
        ServingConfig server = config.serving();
        this.serving =
                server == null
                        ? null
                        : ServingEndpoint.start(server, NAME, client, this::healthy, log);
        this.thread = Thread.ofVirtual().name(NAME).unstarted(this::run);
    }

    private ServiceAccountClients accounts() throws IOException {
        ApiClient connection = ApiClient.connect(config.kubeconfig().anonymous(), USER_AGENT);
        return new ServiceAccountClients(client, connection, USER_AGENT, clock, log);
    }

    /**
     * Starts and returns at once.
     *
     * @throws IOException if credentials or the serving address can't be used
     */
    public static ControllerManager start(ControllerManagerConfig config, Log log)
            throws IOException {
        ControllerManager manager = new ControllerManager(config, log);
        manager.thread.start();
        return manager;
    }

    /** Completes when the Lease is held and the controllers run. */
    public CompletableFuture<Void> leading() {
        return leading;
    }

    /** Completes when the Lease was lost; never after {@link #close}. */
    public CompletableFuture<Void> lost() {
        return lost;
    }

    /** Where health and metrics are served; 0 for nowhere. */
    public int servingPort() {
        return serving == null ? 0 : serving.port();
    }

    private boolean healthy() {
        return !lost.isDone();
    }

    private void run() {
        try {
            LeaderElector.Settings election = config.leaderElection();
            if (election == null) {
                startControllers();
                leading.complete(null);
                return;
            }
            LeaderElector elector = new LeaderElector(client, election, clock, log);
            elector.acquire();
            startControllers();
            leading.complete(null);
            announce(elector, election.identity());
            elector.renew();
            log.error("leaderelection lost");
            lost.complete(null);
        } catch (InterruptedException | StoppedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void announce(LeaderElector elector, String identity) {
        KubeObject lease = elector.lease();
        if (lease != null) {
            EventRecorder events =
                    new EventRecorder(client, EventRecorder.Style.CORE, NAME, identity, clock, log);
            events.normal(lease, "LeaderElection", identity + " became leader");
        }
    }

    private void startControllers() throws InterruptedException {
        for (Catalog.Entry entry : Catalog.entries()) {
            if (Catalog.enabled(entry, config.controllers())) {
                synchronized (controllers) {
                    controllers.add(entry.starter().start(context));
                }
                log.info("Started controller", "controller", entry.name());
                if (entry.first()) {
                    awaitDefaultAccount();
                }
            }
        }
        if (accounts != null) {
            Thread.ofVirtual().start(() -> makeAccounts(accounts));
        }
    }

    /**
     * Nobody makes a pod in a namespace without an account, and the other controllers have nothing
     * to do before that: until then they would only take the processor away. Not for long, though.
     */
    private void awaitDefaultAccount() throws InterruptedException {
        CountDownLatch there = new CountDownLatch(1);
        context.informer(Resource.SERVICE_ACCOUNTS)
                .handle(
                        Informer.Handler.of(account -> {
                            if (account.key().equals("default/default")) {
                                there.countDown();
                            }
                        }));
        there.await(FIRST_LIMIT.toMillis(), TimeUnit.MILLISECONDS);
    }

    /** As upstream all accounts are there, also those whose controllers have nothing to do yet. */
    private void makeAccounts(ServiceAccountClients all) {
        Informer known = context.informer(Resource.SERVICE_ACCOUNTS);
        try {
            known.awaitSynced();
        } catch (StoppedException e) {
            return;
        }
        for (String account : Catalog.accounts()) {
            if (known.get(ServiceAccountClients.NAMESPACE, account).isPresent()) {
                continue;
            }
            try {
                all.create(account);
            } catch (ApiException e) {
                log.warn("Service account not made", "account", account, "err", e.getMessage());
            } catch (StoppedException e) {
                return;
            }
        }
    }

    /** Ends everything at once; the Lease stays, so that a restart with the identity goes on. */
    @Override
    public void close() {
        thread.interrupt();
        synchronized (controllers) {
            controllers.forEach(Controller::close);
        }
        context.close();
        informers.close();
        if (serving != null) {
            serving.close();
        }
        if (accounts != null) {
            accounts.close();
        }
        client.close();
    }
}
