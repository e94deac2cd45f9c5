package io.jarnetes.controllermanager.framework;

import io.jarnetes.kubeclient.Informer;
import io.jarnetes.kubeclient.KubeObject;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/**
 * The last write to objects of one resource, by the key for which it was made. Until the informer
 * shows it a controller would decide by what it has changed itself.
 */
public final class LastWrite {

    private final Informer informer;
    private final Map<String, String> versions = new ConcurrentHashMap<>();

    /**
     * @param informer of what is written
     */
    public LastWrite(Informer informer) {
        this.informer = informer;
    }

    /**
     * @param object as the server answered
     */
    public void wrote(String key, KubeObject object) {
        versions.put(key, object.resourceVersion());
    }

    /**
     * Whether the informer shows the write; to be asked before its objects are read. If it does not
     * yet, the change that brings it wakes the controller again.
     */
    public boolean seen(String key) {
        return informer.reached(versions.getOrDefault(key, ""));
    }

    public void forget(String key) {
        versions.remove(key);
    }
}
