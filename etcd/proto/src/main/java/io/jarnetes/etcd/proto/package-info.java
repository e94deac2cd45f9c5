/**
 * The messages of etcd's files, of its peer protocol and of its services, generated from the .proto
 * files of this module: a sub-package for each of etcd's proto packages.
 *
 * <p>Names and numbers are etcd's; wire and disk bytes are those of upstream's members. {@link
 * ZeroScalars} fills in what upstream's encoder writes although it is zero.
 *
 * <p>Threads: messages are immutable, builders belong to one thread.
 */
@NullMarked
package io.jarnetes.etcd.proto;

import org.jspecify.annotations.NullMarked;
