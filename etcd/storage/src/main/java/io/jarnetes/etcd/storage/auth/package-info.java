/**
 * Users, roles, passwords and tokens: {@link io.jarnetes.etcd.storage.auth.AuthStore} is the
 * surface.
 *
 * <p>Invariants: every change of a user or role raises the auth revision by one, enabling does not;
 * whatever costs time or chance (bcrypt, a token) is made before a proposal, never at apply.
 *
 * <p>Threads: the apply thread changes; any thread checks.
 */
@NullMarked
package io.jarnetes.etcd.storage.auth;

import org.jspecify.annotations.NullMarked;
