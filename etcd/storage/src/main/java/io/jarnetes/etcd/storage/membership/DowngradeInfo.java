package io.jarnetes.etcd.storage.membership;

/**
 * The state of a downgrade job.
 *
 * @param targetVersion the version to go down to, "3.5.0"; empty when there is no job
 * @param enabled whether a job is in progress
 */
public record DowngradeInfo(String targetVersion, boolean enabled) {
    /** No job. */
    public static final DowngradeInfo NONE = new DowngradeInfo("", false);
}
