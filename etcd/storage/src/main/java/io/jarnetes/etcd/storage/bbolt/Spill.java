package io.jarnetes.etcd.storage.bbolt;

import java.util.ArrayList;
import java.util.List;

/**
 * Splits what has grown beyond a page and gives all nodes their new pages, children before parents;
 * small buckets move into their parent's leaf. Nothing is written yet.
 */
final class Spill {
    private static final int LEAST_KEYS_A_PAGE = 2;

    private final Tx tx;

    Spill(Tx tx) {
        this.tx = tx;
    }

    /** Places a bucket and those inside it; its {@link Bucket#rootId()} is right afterwards. */
    void bucket(Bucket bucket) {
        nested(bucket);
        Node root = bucket.rootNode();
        if (root != null) {
            placeRoot(bucket, root);
        }
    }

    /** Places the buckets inside a bucket, which makes nodes of it where one has changed. */
    private void nested(Bucket bucket) {
        for (Bucket child : bucket.opened()) {
            nested(child);
            Node root = child.rootNode();
            if (root != null) {
                bucket.putHeader(child, headerOf(child, root));
            }
        }
    }

    private void placeRoot(Bucket bucket, Node root) {
        List<Node> parts = place(root, bucket.fillPercent());
        while (parts.size() > 1) {
            parts = pages(branchOver(parts), bucket.fillPercent());
        }
        bucket.rootNode(parts.getFirst());
    }

    private byte[] headerOf(Bucket child, Node root) {
        if (fitsInline(root)) {
            tx.free(root);
            root.pageId = 0;
            root.pages = 0;
            return child.inlineValue(root);
        }
        placeRoot(child, root);
        return child.headerValue();
    }

    private boolean fitsInline(Node root) {
        if (!root.leaf()) {
            return false;
        }
        for (Entry entry : root.entries) {
            if (entry.isBucket()) {
                return false;
            }
        }
        return root.sizeBytes() <= tx.pageSize() / 4;
    }

    private static Node branchOver(List<Node> children) {
        Node top = Node.of(false, null, new ArrayList<>());
        addTo(top, children);
        return top;
    }

    private static void addTo(Node parent, List<Node> children) {
        for (Node child : children) {
            Entry entry = Entry.branch(child.firstKey(), child.pageId);
            entry.child = child;
            child.parent = parent;
            parent.entries.add(entry);
        }
    }

    private List<Node> place(Node node, double fill) {
        if (!node.leaf()) {
            List<Entry> before = node.entries;
            node.entries = new ArrayList<>(before.size() + 4);
            for (Entry entry : before) {
                if (entry.child == null) {
                    node.entries.add(entry);
                } else {
                    addTo(node, place(entry.child, fill));
                }
            }
        }
        return pages(node, fill);
    }

    private List<Node> pages(Node node, double fill) {
        tx.free(node);
        List<Node> parts = split(node, fill);
        for (Node part : parts) {
            tx.place(part);
        }
        return parts;
    }

    private List<Node> split(Node node, double fill) {
        int pageSize = tx.pageSize();
        long left = node.sizeBytes();
        int count = node.count();
        if (count <= 2 * LEAST_KEYS_A_PAGE || left < pageSize) {
            return List.of(node);
        }
        long threshold = (long) (pageSize * fill);
        List<Node> parts = new ArrayList<>();
        int from = 0;
        while (count - from > 2 * LEAST_KEYS_A_PAGE && left >= pageSize) {
            long size = Format.PAGE_HEADER_BYTES;
            int to = from;
            for (; to < count - LEAST_KEYS_A_PAGE; to++) {
                long more = Node.entryBytes(node.entries.get(to));
                if (to - from >= LEAST_KEYS_A_PAGE && size + more > threshold) {
                    break;
                }
                size += more;
            }
            parts.add(part(node, from, to));
            left -= size - Format.PAGE_HEADER_BYTES;
            from = to;
        }
        parts.add(part(node, from, count));
        return parts;
    }

    private static Node part(Node node, int from, int to) {
        Node part = Node.of(node.leaf(), null, new ArrayList<>(node.entries.subList(from, to)));
        for (Entry entry : part.entries) {
            if (entry.child != null) {
                entry.child.parent = part;
            }
        }
        return part;
    }
}
