/**
 * Between the version of CustomResourceDefinitions that etcd holds and the served one; all others
 * are the schema room's.
 *
 * <p>Pure functions on trees; safe for all threads.
 */
@NullMarked
package io.jarnetes.apiserver.server.registry.conversion;

import org.jspecify.annotations.NullMarked;
