/** Of the last hour, by destination. $1 tenant or null. */
export const HOUR_BY_DESTINATION = `
SELECT d.destination_id AS "destinationId", count(*) FILTER (WHERE d.status = 'delivered')::int AS delivered,
  count(*) FILTER (WHERE d.status = 'dead')::int AS dead, sum(jsonb_array_length(d.failures))::int AS "failedAttempts",
  percentile_cont(ARRAY[0.5, 0.95, 0.99]) WITHIN GROUP (ORDER BY d.latency_ms) AS latency
FROM deliveries d WHERE d.created_at > now() - interval '1 hour' AND d.tenant_id = coalesce($1, d.tenant_id)
GROUP BY d.destination_id`;

/** Of the last hour, by type. $1 tenant or null. */
export const HOUR_BY_TYPE = `
SELECT type, count(*)::int AS count FROM events
WHERE timestamp > now() - interval '1 hour' AND tenant_id = coalesce($1, tenant_id) GROUP BY type ORDER BY count DESC, type`;
