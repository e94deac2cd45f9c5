/**
 * Command lines as spf13/cobra has them, which etcdctl and etcdutl are built on: commands below
 * commands, found by unique prefixes too; usage texts; errors to the letter.
 *
 * <p>A tree of {@link io.jarnetes.etcd.ctl.command.Command}s is made for one call, since its flags
 * hold what was given.
 */
@NullMarked
package io.jarnetes.etcd.ctl.command;

import org.jspecify.annotations.NullMarked;
