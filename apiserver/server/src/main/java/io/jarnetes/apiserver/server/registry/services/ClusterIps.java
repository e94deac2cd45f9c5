package io.jarnetes.apiserver.server.registry.services;

import io.jarnetes.apiserver.server.registry.AdmissionHook;
import io.jarnetes.apiserver.server.registry.ApiException;
import io.jarnetes.apiserver.server.registry.DeleteOptions;
import io.jarnetes.apiserver.server.registry.ListOptions;
import io.jarnetes.apiserver.server.registry.Meta;
import io.jarnetes.apiserver.server.registry.RequestContext;
import io.jarnetes.apiserver.server.registry.Store;
import io.jarnetes.apiserver.server.registry.validation.IpAddress;
import io.jarnetes.apiserver.server.storage.StoredObject;
import java.math.BigInteger;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Supplier;
import java.util.random.RandomGenerator;
import tools.jackson.databind.node.ObjectNode;

/**
 * Gives addresses away by creating IPAddress objects: who creates one, has it. Random addresses
 * come from the upper part of the range first, as upstream's, so that fixed ones in the lower part
 * stay free.
 */
public final class ClusterIps {

    private static final int MAX_TRIES = 4_096;
    private static final int MIN_STATIC = 16;
    private static final int MAX_STATIC = 256;
    private static final int STATIC_SHARE = 16;

    private final List<AddressRange> ranges;
    private final Supplier<Store> addresses;
    private final Supplier<Store> cidrs;
    private final RandomGenerator random;

    /**
     * @param ranges {@code --service-cluster-ip-range}; the first one's family is the primary
     * @param addresses the store of IPAddress objects
     * @param cidrs the store of ServiceCIDR objects
     */
    public ClusterIps(
            List<AddressRange> ranges,
            Supplier<Store> addresses,
            Supplier<Store> cidrs,
            RandomGenerator random) {
        this.cidrs = cidrs;
        this.ranges = List.copyOf(ranges);
        this.addresses = addresses;
        this.random = random;
    }

    String primaryFamily() {
        return ranges.isEmpty() ? "IPv4" : ranges.getFirst().family();
    }

    boolean hasFamily(String family) {
        return ranges.stream().anyMatch(range -> range.family().equals(family));
    }

    int families() {
        return (int) ranges.stream().map(AddressRange::family).distinct().count();
    }

    /** Takes this very address. */
    void take(String address, ObjectNode service, boolean dryRun) throws AllocationException {
        byte[] bytes = IpAddress.bytes(address);
        boolean inside = bytes != null && (gives(ranges, bytes) || gives(added(), bytes));
        if (!inside) {
            throw new AllocationException("the provided network does not match the current range");
        }
        if (!create(address, service, dryRun)) {
            throw new AllocationException("provided IP is already allocated");
        }
    }

    private static boolean gives(List<AddressRange> ranges, byte[] address) {
        return ranges.stream().anyMatch(range -> range.gives(address));
    }

    /** Those of ServiceCIDR objects that are ready and not going. */
    private List<AddressRange> added() {
        List<AddressRange> found = new ArrayList<>();
        RequestContext context = RequestContext.internal("");
        for (StoredObject each : cidrs.get().list(context, ListOptions.ALL).items()) {
            ObjectNode cidr = each.tree();
            if (!Meta.deleting(cidr)) {
                Meta.strings(cidr.path("spec").path("cidrs"))
                        .forEach(text -> found.add(AddressRange.parse(text)));
            }
        }
        return found;
    }

    /** Takes any free address of a family. */
    String takeAny(String family, ObjectNode service, boolean dryRun) throws AllocationException {
        for (AddressRange range : ranges) {
            if (!range.family().equals(family)) {
                continue;
            }
            BigInteger size = range.size();
            BigInteger fixed = staticPart(size);
            String taken = walk(range, fixed, size, service, dryRun);
            if (taken.isEmpty()) {
                taken = walk(range, BigInteger.ZERO, fixed, service, dryRun);
            }
            if (!taken.isEmpty()) {
                return taken;
            }
        }
        throw new AllocationException("range is full");
    }

    /** The lower part, which is for addresses that are asked for. */
    private static BigInteger staticPart(BigInteger size) {
        BigInteger share = size.divide(BigInteger.valueOf(STATIC_SHARE));
        BigInteger bounded =
                share.max(BigInteger.valueOf(MIN_STATIC)).min(BigInteger.valueOf(MAX_STATIC));
        return bounded.compareTo(size) >= 0 ? BigInteger.ZERO : bounded;
    }

    private String walk(
            AddressRange range,
            BigInteger from,
            BigInteger to,
            ObjectNode service,
            boolean dryRun) {
        BigInteger width = to.subtract(from);
        if (width.signum() <= 0) {
            return "";
        }
        BigInteger start = BigInteger.valueOf(random.nextLong() & Long.MAX_VALUE).mod(width);
        int tries = width.min(BigInteger.valueOf(MAX_TRIES)).intValue();
        for (int i = 0; i < tries; i++) {
            BigInteger index = start.add(BigInteger.valueOf(i)).mod(width).add(from);
            String address = range.at(index);
            if (create(address, service, dryRun)) {
                return address;
            }
        }
        return "";
    }

    private boolean create(String address, ObjectNode service, boolean dryRun) {
        ObjectNode object = Meta.object();
        object.put("kind", "IPAddress");
        object.put("apiVersion", "networking.k8s.io/v1");
        ObjectNode metadata = object.putObject("metadata");
        metadata.put("name", address);
        ObjectNode labels = metadata.putObject("labels");
        labels.put("ipaddress.kubernetes.io/ip-family", address.indexOf(':') < 0 ? "IPv4" : "IPv6");
        labels.put("ipaddress.kubernetes.io/managed-by", "ipallocator.k8s.io");
        ObjectNode parent = object.putObject("spec").putObject("parentRef");
        parent.put("resource", "services");
        parent.put("namespace", Meta.namespace(service));
        parent.put("name", Meta.name(service));
        try {
            RequestContext context = RequestContext.internal("");
            addresses
                    .get()
                    .create(dryRun ? context.dry() : context, "", object, AdmissionHook.NONE);
            return true;
        } catch (ApiException e) {
            if (e.is("AlreadyExists")) {
                return false;
            }
            throw e;
        }
    }

    /** Gives one back; nothing happens if nobody has it. */
    void release(String address) {
        try {
            addresses
                    .get()
                    .delete(
                            RequestContext.internal(""),
                            address,
                            DeleteOptions.DEFAULT,
                            AdmissionHook.NONE);
        } catch (ApiException e) {
            if (!e.is("NotFound")) {
                throw e;
            }
        }
    }
}
