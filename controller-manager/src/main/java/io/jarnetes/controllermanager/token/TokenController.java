package io.jarnetes.controllermanager.token;

import io.jarnetes.controllermanager.framework.Controller;
import io.jarnetes.controllermanager.framework.ControllerContext;
import io.jarnetes.controllermanager.framework.Keyed;
import io.jarnetes.kubeclient.ApiClient;
import io.jarnetes.kubeclient.Informer;
import io.jarnetes.kubeclient.KubeObject;
import io.jarnetes.kubeclient.Resource;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.List;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.node.ObjectNode;

/** Fills token Secrets, and deletes those whose account is gone. Acts as the manager itself. */
public final class TokenController {

    private static final String TYPE = "kubernetes.io/service-account-token";
    private static final String ACCOUNT_NAME = "kubernetes.io/service-account.name";
    private static final String ACCOUNT_UID = "kubernetes.io/service-account.uid";

    private final ApiClient client;
    private final Informer secrets;
    private final Informer accounts;
    private final LegacyToken token;
    private final @Nullable String rootCa;

    private TokenController(ControllerContext context, String key) {
        this.client = context.manager();
        this.secrets = context.informer(Resource.SECRETS);
        this.accounts = context.informer(Resource.SERVICE_ACCOUNTS);
        this.token = new LegacyToken(key);
        this.rootCa = context.settings().rootCa();
    }

    /** Without a key there is nothing to do. */
    public static Controller start(ControllerContext context) {
        String key = context.settings().serviceAccountKey();
        if (key == null) {
            return () -> {};
        }
        TokenController controller = new TokenController(context, key);
        return new Keyed(context, "tokens", 5, controller::reconcile)
                .watch(controller.secrets)
                .watch(controller.accounts, controller::secretsOf)
                .start();
    }

    private List<String> secretsOf(KubeObject account) {
        return secrets.list(account.namespace()).stream()
                .filter(secret -> secret.annotation(ACCOUNT_NAME).equals(account.name()))
                .map(KubeObject::key)
                .toList();
    }

    private void reconcile(String key) {
        KubeObject secret = secrets.get(key).orElse(null);
        if (secret == null || !secret.text("type").equals(TYPE) || secret.deleting()) {
            return;
        }
        String name = secret.annotation(ACCOUNT_NAME);
        KubeObject account = accounts.get(secret.namespace(), name).orElse(null);
        if (account == null) {
            // The informers may be of different ages: the server decides.
            account = client.find(Resource.SERVICE_ACCOUNTS, secret.namespace(), name).orElse(null);
        }
        String uid = secret.annotation(ACCOUNT_UID);
        if (account == null || !uid.isEmpty() && !uid.equals(account.uid())) {
            delete(secret);
            return;
        }
        fill(secret, account);
    }

    private void delete(KubeObject secret) {
        client.deleteIfThere(Resource.SECRETS.path(secret), ApiClient.onlyUid(secret.uid()));
    }

    private void fill(KubeObject secret, KubeObject account) {
        String ca = rootCa == null ? "" : encoded(rootCa);
        boolean complete =
                !secret.text("data", "token").isEmpty()
                        && secret.text("data", "namespace").equals(encoded(secret.namespace()))
                        && secret.text("data", "ca.crt").equals(ca)
                        && secret.annotation(ACCOUNT_UID).equals(account.uid());
        if (complete) {
            return;
        }
        ObjectNode tree = secret.copy();
        ObjectNode data = tree.withObjectProperty("data");
        if (!ca.isEmpty()) {
            data.put("ca.crt", ca);
        }
        data.put("namespace", encoded(secret.namespace()));
        if (secret.text("data", "token").isEmpty()) {
            data.put("token", encoded(token.sign(account, secret)));
        }
        tree.withObjectProperty("metadata")
                .withObjectProperty("annotations")
                .put(ACCOUNT_UID, account.uid());
        client.update(Resource.SECRETS, tree);
    }

    private static String encoded(String text) {
        return Base64.getEncoder().encodeToString(text.getBytes(StandardCharsets.UTF_8));
    }
}
