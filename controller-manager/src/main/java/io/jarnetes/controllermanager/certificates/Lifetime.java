package io.jarnetes.controllermanager.certificates;

import io.jarnetes.base.tls.Pem;
import io.jarnetes.kubeclient.Json;
import io.jarnetes.kubeclient.KubeObject;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/** How long a CertificateSigningRequest stays; pure. */
final class Lifetime {

    private static final Duration DECIDED = Duration.ofHours(1);
    private static final Duration PENDING = Duration.ofHours(24);

    private Lifetime() {}

    /**
     * When it may go: an hour after it was denied, has failed, or was approved and signed; a day
     * after it was approved where nobody signs, or was made where nobody decides; at once when its
     * certificate is past.
     *
     * @return null for never, for all that is known
     */
    static @Nullable Instant end(KubeObject request) {
        JsonNode conditions = request.at("status", "conditions");
        if (conditions.isEmpty()) {
            return request.creationTimestamp().plus(PENDING);
        }
        String certificate = request.text("status", "certificate");
        List<Instant> ends = new ArrayList<>();
        for (JsonNode condition : conditions) {
            Instant at = KubeObject.time(condition.path("lastUpdateTime")).orElse(null);
            boolean approved = Json.text(condition, "type").equals("Approved");
            if (at != null) {
                ends.add(at.plus(approved && certificate.isEmpty() ? PENDING : DECIDED));
            }
            Instant past = approved && !certificate.isEmpty() ? notAfter(certificate) : null;
            if (past != null) {
                ends.add(past);
            }
        }
        return ends.stream().min(Instant::compareTo).orElse(null);
    }

    private static @Nullable Instant notAfter(String certificate) {
        try {
            String pem =
                    new String(Base64.getDecoder().decode(certificate), StandardCharsets.US_ASCII);
            return Pem.certificates(pem, "status.certificate").getFirst().getNotAfter().toInstant();
        } catch (RuntimeException e) {
            // Whatever it is, it doesn't say when it ends.
            return null;
        }
    }
}
