/**
 * Empties namespaces that are being deleted, pods first, and takes the finalizer {@code kubernetes}
 * from them when nothing is left.
 */
@NullMarked
package io.jarnetes.controllermanager.namespace;

import org.jspecify.annotations.NullMarked;
