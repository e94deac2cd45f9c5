package io.jarnetes.apiserver.server.admission.plugins;

import io.jarnetes.apiserver.server.admission.AdmissionAttributes;
import io.jarnetes.apiserver.server.admission.AdmissionPlugin;
import io.jarnetes.apiserver.server.admission.Listers;
import io.jarnetes.apiserver.server.admission.Operation;
import io.jarnetes.apiserver.server.tree.Trees;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import tools.jackson.databind.node.ObjectNode;

/**
 * Fills in the class that is marked as default where none is named: DefaultStorageClass for claims,
 * DefaultIngressClass for ingresses. Of several defaults the newest counts.
 *
 * @param marks annotations that mark a default with {@code "true"}
 * @param oldAnnotation by which objects name a class without the field
 */
record DefaultClasses(
        String name,
        Listers listers,
        String group,
        String resource,
        String classGroup,
        String classResource,
        List<String> marks,
        String field,
        String oldAnnotation)
        implements AdmissionPlugin {

    static DefaultClasses storage(Listers listers) {
        return new DefaultClasses(
                "DefaultStorageClass",
                listers,
                "",
                "persistentvolumeclaims",
                "storage.k8s.io",
                "storageclasses",
                List.of(
                        "storageclass.kubernetes.io/is-default-class",
                        "storageclass.beta.kubernetes.io/is-default-class"),
                "storageClassName",
                "volume.beta.kubernetes.io/storage-class");
    }

    static DefaultClasses ingress(Listers listers) {
        return new DefaultClasses(
                "DefaultIngressClass",
                listers,
                "networking.k8s.io",
                "ingresses",
                "networking.k8s.io",
                "ingressclasses",
                List.of("ingressclass.kubernetes.io/is-default-class"),
                "ingressClassName",
                "kubernetes.io/ingress.class");
    }

    @Override
    public boolean handles(Operation operation) {
        return operation == Operation.CREATE;
    }

    @Override
    public void mutate(AdmissionAttributes attributes) {
        ObjectNode object = attributes.object();
        if (!attributes.isResource(group, resource) || object == null) {
            return;
        }
        boolean named =
                Trees.at(object, "spec", field) != null
                        || Trees.at(object, "metadata", "annotations", oldAnnotation) != null;
        if (!named) {
            newestDefault()
                    .ifPresent(found -> Trees.child(object, "spec").put(field, Trees.name(found)));
        }
    }

    private Optional<ObjectNode> newestDefault() {
        Comparator<ObjectNode> byAge =
                Comparator.comparing(c -> Trees.text(c, "metadata", "creationTimestamp"));
        return listers.list(classGroup, classResource, "").stream()
                .filter(candidate ->
                        marks.stream()
                                .anyMatch(mark ->
                                        Trees.text(candidate, "metadata", "annotations", mark)
                                                .equals("true")))
                .max(byAge.thenComparing(Comparator.comparing(Trees::name).reversed()));
    }
}
