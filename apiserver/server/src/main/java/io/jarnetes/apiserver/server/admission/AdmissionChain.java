package io.jarnetes.apiserver.server.admission;

import io.jarnetes.apiserver.server.registry.ApiException;
import java.util.List;

/** The plugins that are on, in upstream's order. Immutable. */
public final class AdmissionChain {

    private final List<AdmissionPlugin> plugins;

    public AdmissionChain(List<AdmissionPlugin> plugins) {
        this.plugins = List.copyOf(plugins);
    }

    /** A chain that lets everything pass unchanged. */
    public static AdmissionChain empty() {
        return new AdmissionChain(List.of());
    }

    /**
     * First half: before defaults of the changed object, validation and storage.
     *
     * @throws ApiException of the first plugin that refuses
     */
    public void mutate(AdmissionAttributes attributes) throws ApiException {
        for (AdmissionPlugin plugin : plugins) {
            if (plugin.handles(attributes.operation())) {
                plugin.mutate(attributes);
            }
        }
    }

    /**
     * Second half: after the registry's own validation, inside the guaranteed update, so that it
     * sees what is stored next.
     *
     * @throws ApiException of the first plugin that refuses
     */
    public void validate(AdmissionAttributes attributes) throws ApiException {
        for (AdmissionPlugin plugin : plugins) {
            if (plugin.handles(attributes.operation())) {
                plugin.validate(attributes);
            }
        }
    }

    /** Names in order, for the log. */
    public List<String> names() {
        return plugins.stream().map(AdmissionPlugin::name).toList();
    }
}
