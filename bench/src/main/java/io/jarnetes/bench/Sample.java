package io.jarnetes.bench;

/**
 * What one stretch of load gave.
 *
 * @param rate operations a second
 * @param p50 milliseconds
 * @param p99 milliseconds
 * @param longest milliseconds
 * @param cpu microseconds of the servers' CPU an operation, all members together
 */
record Sample(double rate, double p50, double p99, double longest, double cpu) {}
