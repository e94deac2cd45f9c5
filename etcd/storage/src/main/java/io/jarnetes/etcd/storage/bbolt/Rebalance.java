package io.jarnetes.etcd.storage.bbolt;

import java.util.List;

/**
 * Merges nodes that deletions left smaller than a quarter of a page, or with too few keys, with a
 * neighbour; upstream's thresholds. Children are done before their parents.
 */
final class Rebalance {
    private final Tx tx;

    Rebalance(Tx tx) {
        this.tx = tx;
    }

    void bucket(Bucket bucket) {
        for (Bucket child : bucket.opened()) {
            bucket(child);
        }
        Node root = bucket.rootNode();
        if (root != null) {
            children(root);
            bucket.rootNode(collapsed(root));
        }
    }

    private void children(Node node) {
        if (node.leaf()) {
            return;
        }
        // First below all children, for a merge takes over what is below a neighbour.
        for (Entry entry : node.entries) {
            if (entry.child != null) {
                children(entry.child);
            }
        }
        for (Entry entry : List.copyOf(node.entries)) {
            Node child = entry.child;
            // A node that was merged away meanwhile has no parent any more.
            if (child != null && child.parent == node && child.shrunk) {
                merge(node, child);
            }
        }
    }

    private void merge(Node parent, Node node) {
        node.shrunk = false;
        int least = node.leaf() ? 1 : 2;
        if (node.sizeBytes() > tx.pageSize() / 4 && node.count() > least) {
            return;
        }
        int index = indexOf(parent, node);
        if (node.count() == 0) {
            remove(parent, index, node);
        } else if (parent.count() > 1) {
            int left = index == 0 ? 0 : index - 1;
            Node into = parent.childNode(left, tx);
            Node from = parent.childNode(left + 1, tx);
            for (Entry moved : from.entries) {
                if (moved.child != null) {
                    moved.child.parent = into;
                }
                into.entries.add(moved);
            }
            remove(parent, left + 1, from);
        }
        // A node without neighbours stays: its parent is merged, or goes, in its turn.
    }

    private static int indexOf(Node parent, Node node) {
        for (int i = 0; i < parent.count(); i++) {
            if (parent.entries.get(i).child == node) {
                return i;
            }
        }
        throw new IllegalStateException("a node that its parent does not know");
    }

    private void remove(Node parent, int index, Node node) {
        parent.entries.remove(index);
        parent.shrunk = true;
        node.parent = null;
        tx.free(node);
    }

    /** A root branch with a single child gives way to it; one without becomes an empty leaf. */
    private Node collapsed(Node root) {
        Node top = root;
        while (!top.leaf() && top.count() == 1) {
            Node child = top.childNode(0, tx);
            child.parent = null;
            tx.free(top);
            top = child;
        }
        if (!top.leaf() && top.count() == 0) {
            tx.free(top);
            top = Node.emptyLeaf();
        }
        return top;
    }
}
