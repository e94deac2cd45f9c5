/**
 * Upstream's plugins, by upstream's names and reasons. Each is stateless; {@link
 * io.jarnetes.scheduler.plugins.DefaultPlugins} has them in upstream's order with their weights.
 */
@NullMarked
package io.jarnetes.scheduler.plugins;

import org.jspecify.annotations.NullMarked;
