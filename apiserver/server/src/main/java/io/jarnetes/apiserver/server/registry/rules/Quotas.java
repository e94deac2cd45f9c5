package io.jarnetes.apiserver.server.registry.rules;

import io.jarnetes.apiserver.schema.codec.Quantity;
import io.jarnetes.apiserver.server.registry.FieldError;
import io.jarnetes.apiserver.server.registry.Meta;
import io.jarnetes.apiserver.server.registry.pods.PodParts;
import io.jarnetes.apiserver.server.registry.validation.InternalForm;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import tools.jackson.databind.JsonNode;

/** ResourceQuotas. */
final class Quotas {

    /** What is counted, and so never in parts. */
    private static final Set<String> COUNTS =
            Set.of(
                    "pods",
                    "resourcequotas",
                    "services",
                    "replicationcontrollers",
                    "secrets",
                    "configmaps",
                    "persistentvolumeclaims",
                    "services.nodeports",
                    "services.loadbalancers");

    private static final Set<String> AMOUNTS =
            Set.of(
                    "cpu",
                    "memory",
                    "ephemeral-storage",
                    "requests.cpu",
                    "requests.memory",
                    "requests.storage",
                    "requests.ephemeral-storage",
                    "limits.cpu",
                    "limits.memory",
                    "limits.ephemeral-storage");

    private static final Set<String> COMPUTE =
            Set.of(
                    "pods",
                    "cpu",
                    "memory",
                    "limits.cpu",
                    "limits.memory",
                    "requests.cpu",
                    "requests.memory");
    private static final Set<String> CLAIMS = Set.of("persistentvolumeclaims", "requests.storage");

    private static final Set<String> SCOPES =
            Set.of(
                    "Terminating",
                    "NotTerminating",
                    "BestEffort",
                    "NotBestEffort",
                    "PriorityClass",
                    "VolumeAttributesClass",
                    "CrossNamespacePodAffinity");
    private static final Set<String> WITHOUT_VALUES =
            Set.of(
                    "Terminating",
                    "NotTerminating",
                    "BestEffort",
                    "NotBestEffort",
                    "CrossNamespacePodAffinity");

    private Quotas() {}

    static void validate(Field quota) {
        Field spec = quota.at("spec");
        amounts(spec.at("hard"));
        Set<String> limited = new TreeSet<>(spec.at("hard").entries().keySet());
        scopes(spec, limited);
        selector(spec, limited);
    }

    static void update(Field quota, JsonNode old) {
        validate(quota);
        Field scopes = quota.at("spec").at("scopes");
        Set<String> before = new HashSet<>(Meta.strings(old.path("spec").path("scopes")));
        if (!before.equals(new HashSet<>(Meta.strings(scopes.value())))) {
            scopes.invalid(Field.IMMUTABLE);
        }
    }

    static void status(Field quota, JsonNode old) {
        amounts(quota.at("status").at("hard"));
        amounts(quota.at("status").at("used"));
    }

    private static void amounts(Field list) {
        list.entries()
                .forEach((name, amount) -> {
                    PodParts.resource(name, amount.path(), amount.errors());
                    boolean huge =
                            name.startsWith("hugepages-") || name.startsWith("requests.hugepages-");
                    if (!name.contains("/")
                            && !huge
                            && !COUNTS.contains(name)
                            && !AMOUNTS.contains(name)) {
                        amount.errors()
                                .invalid(
                                        amount.path(),
                                        name,
                                        "must be a standard resource for quota");
                    }
                    Quantity quantity = amount.quantity();
                    if (quantity == null) {
                        return;
                    }
                    if (quantity.compareTo(Quantity.ZERO) < 0) {
                        amount.errors().invalid(amount.path(), quantity.toString(), Field.NEGATIVE);
                    }
                    if (COUNTS.contains(name) && quantity.toString().endsWith("m")) {
                        amount.errors()
                                .invalid(amount.path(), quantity.toString(), "must be an integer");
                    }
                });
    }

    private static void scopes(Field spec, Set<String> limited) {
        Field scopes = spec.at("scopes");
        Set<String> seen = new HashSet<>();
        for (String scope : Meta.strings(scopes.value())) {
            if (!SCOPES.contains(scope)) {
                scopes.invalid("unsupported scope");
            }
            for (String resource : limited) {
                if (standard(resource) && !covers(scope, resource)) {
                    scopes.invalid("unsupported scope applied to resource");
                }
            }
            seen.add(scope);
        }
        conflicts(scopes, scopes, seen);
    }

    private static void conflicts(Field at, Field scopes, Set<String> seen) {
        for (String scope : List.of("BestEffort", "Terminating")) {
            if (seen.contains(scope) && seen.contains("Not" + scope)) {
                scopes.called(at.path()).invalid("conflicting scopes");
            }
        }
    }

    private static boolean standard(String resource) {
        return COUNTS.contains(resource) || AMOUNTS.contains(resource);
    }

    private static boolean covers(String scope, String resource) {
        return switch (scope) {
            case "BestEffort" -> resource.equals("pods");
            case "VolumeAttributesClass" -> CLAIMS.contains(resource);
            case "Terminating",
                    "NotTerminating",
                    "NotBestEffort",
                    "PriorityClass",
                    "CrossNamespacePodAffinity" ->
                    COMPUTE.contains(resource);
            default -> true;
        };
    }

    private static void selector(Field spec, Set<String> limited) {
        Field terms = spec.at("scopeSelector").at("matchExpressions");
        Set<String> seen = new HashSet<>();
        for (Field term : terms.items()) {
            String scope = term.at("scopeName").text();
            if (!SCOPES.contains(scope)) {
                term.at("scopeName")
                        .called(terms.path() + ".scopeName")
                        .invalid("unsupported scope");
            }
            for (String resource : limited) {
                if (standard(resource) && !covers(scope, resource)) {
                    terms.errors()
                            .add(
                                    FieldError.invalid(
                                            terms.path(),
                                            InternalForm.of(
                                                    "ScopeSelector",
                                                    spec.at("scopeSelector").value()),
                                            "unsupported scope applied to resource"));
                }
            }
            operator(term, terms.path(), WITHOUT_VALUES.contains(scope));
            seen.add(scope);
        }
        conflicts(terms, spec.at("scopes"), seen);
    }

    private static void operator(Field term, String path, boolean alone) {
        Field operator = term.at("operator").called(path + ".operator");
        Field values = term.at("values").called(path + ".values");
        if (alone && !operator.text().equals("Exists")) {
            operator.invalid(
                    "must be 'Exists' when scope is any of ResourceQuotaScopeTerminating,"
                            + " ResourceQuotaScopeNotTerminating, ResourceQuotaScopeBestEffort,"
                            + " ResourceQuotaScopeNotBestEffort or"
                            + " ResourceQuotaScopeCrossNamespacePodAffinity");
        }
        switch (operator.text()) {
            case "In", "NotIn" -> {
                if (values.empty()) {
                    values.required(
                            "must be at least one value when `operator` is 'In' or 'NotIn' for"
                                    + " scope selector");
                }
            }
            case "Exists", "DoesNotExist" -> {
                if (!values.empty()) {
                    values.invalid(
                            "must be no value when `operator` is 'Exist' or 'DoesNotExist' for"
                                    + " scope selector");
                }
            }
            default -> operator.invalid("not a valid selector operator");
        }
    }
}
