/** Small services to nodes: the TTL annotation and pod address ranges. */
@NullMarked
package io.jarnetes.controllermanager.node;

import org.jspecify.annotations.NullMarked;
