package io.jarnetes.apiserver.server.registry.rules;

import io.jarnetes.apiserver.schema.codec.Quantity;
import io.jarnetes.apiserver.server.registry.pods.PodParts;
import io.jarnetes.apiserver.server.registry.validation.NameRules;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/** LimitRanges. */
final class LimitRanges {

    private static final List<String> TYPES = List.of("Pod", "Container", "PersistentVolumeClaim");

    private LimitRanges() {}

    static void validate(Field range) {
        Set<String> types = new HashSet<>();
        for (Field limit : range.at("spec").at("limits").items()) {
            Field type = limit.at("type");
            List<String> complaints = NameRules.qualifiedName(type.text());
            type.follows(text -> complaints);
            if (complaints.isEmpty()
                    && !type.text().contains("/")
                    && !TYPES.contains(type.text())) {
                type.invalid("must be a standard limit type or fully qualified");
            }
            if (!types.add(type.text())) {
                type.duplicate();
            }
            limit(limit, type.text());
        }
    }

    private static void limit(Field limit, String type) {
        Set<String> resources = new TreeSet<>();
        names(limit.at("max"), type, resources);
        names(limit.at("min"), type, resources);
        for (String field : List.of("default", "defaultRequest")) {
            if (!type.equals("Pod")) {
                names(limit.at(field), type, resources);
            } else if (!limit.at(field).empty()) {
                limit.at(field).forbidden("may not be specified when `type` is 'Pod'");
            }
        }
        if (type.equals("PersistentVolumeClaim")
                && !limit.at("min").at("storage").set()
                && !limit.at("max").at("storage").set()) {
            limit.at("limits")
                    .required(
                            "either minimum or maximum storage value is required, but neither was"
                                    + " provided");
        }
        names(limit.at("maxLimitRequestRatio"), type, resources);
        resources.forEach(resource -> order(limit, resource, type.equals("Pod")));
    }

    private static void names(Field amounts, String type, Set<String> resources) {
        for (Field amount : amounts.entries().values()) {
            String name =
                    amount.path()
                            .substring(amounts.path().length() + 1, amount.path().length() - 1);
            if (type.equals("Pod") || type.equals("Container")) {
                PodParts.containerResource(name, amount.path(), amount.errors());
            } else {
                PodParts.resource(name, amount.path(), amount.errors());
            }
            resources.add(name);
        }
    }

    private static void order(Field limit, String resource, boolean pod) {
        Quantity min = amount(limit, "min", resource);
        Quantity max = amount(limit, "max", resource);
        Quantity usual = pod ? null : amount(limit, "default", resource);
        Quantity request = pod ? null : amount(limit, "defaultRequest", resource);
        if (above(min, max)) {
            wrong(
                    limit,
                    "min",
                    resource,
                    min,
                    "min value " + min + " is greater than max value " + max);
        }
        if (above(min, request)) {
            wrong(
                    limit,
                    "defaultRequest",
                    resource,
                    request,
                    "min value " + min + " is greater than default request value " + request);
        }
        if (above(request, max)) {
            wrong(
                    limit,
                    "defaultRequest",
                    resource,
                    request,
                    "default request value " + request + " is greater than max value " + max);
        }
        if (above(request, usual)) {
            wrong(
                    limit,
                    "defaultRequest",
                    resource,
                    request,
                    "default request value "
                            + request
                            + " is greater than default limit value "
                            + usual);
        }
        if (above(min, usual)) {
            wrong(
                    limit,
                    "default",
                    resource,
                    min,
                    "min value " + min + " is greater than default value " + usual);
        }
        if (above(usual, max)) {
            wrong(
                    limit,
                    "default",
                    resource,
                    max,
                    "default value " + usual + " is greater than max value " + max);
        }
        ratio(limit, resource, min, max);
        if (!PodParts.mayBeOvercommitted(resource)
                && usual != null
                && request != null
                && usual.compareTo(request) != 0) {
            wrong(
                    limit,
                    "defaultRequest",
                    resource,
                    request,
                    "default value "
                            + usual
                            + " must equal to defaultRequest value "
                            + request
                            + " in "
                            + resource);
        }
    }

    private static void ratio(
            Field limit, String resource, @Nullable Quantity min, @Nullable Quantity max) {
        Quantity ratio = amount(limit, "maxLimitRequestRatio", resource);
        if (ratio == null) {
            return;
        }
        if (ratio.compareTo(Quantity.of(1)) < 0) {
            wrong(
                    limit,
                    "maxLimitRequestRatio",
                    resource,
                    ratio,
                    "ratio " + ratio + " is less than 1");
        }
        if (min == null || max == null) {
            return;
        }
        double most = max.value().doubleValue() / min.value().doubleValue();
        if (ratio.value().doubleValue() > most) {
            wrong(
                    limit,
                    "maxLimitRequestRatio",
                    resource,
                    ratio,
                    "ratio "
                            + ratio
                            + " is greater than max/min = "
                            + String.format(Locale.ROOT, "%f", most));
        }
    }

    private static @Nullable Quantity amount(Field limit, String list, String resource) {
        return limit.at(list).at(resource).quantity();
    }

    private static boolean above(@Nullable Quantity one, @Nullable Quantity other) {
        return one != null && other != null && one.compareTo(other) > 0;
    }

    private static void wrong(
            Field limit, String list, String resource, @Nullable Quantity value, String detail) {
        limit.errors()
                .invalid(
                        limit.path() + "." + list + "[" + resource + "]",
                        String.valueOf(value),
                        detail);
    }
}
