/** The quota of the tenant $1; no row when it has none. */
export const FIND_QUOTA = {
  name: 'quota.find',
  text: `
SELECT messages_per_day AS "perDay", messages_per_month AS "perMonth" FROM tenants
WHERE id = $1 AND (messages_per_day IS NOT NULL OR messages_per_month IS NOT NULL)`,
};

/**
 * Counts a message of the tenant $1 on the day $2 of the month that begins on $3; no row when that would be more than $4
 * on the day or $5 in the month. Exact for concurrent calls: they wait for the row of the day, other days do not change.
 */
export const COUNT_MESSAGE = {
  name: 'quota.count',
  text: `
WITH before AS (
  SELECT coalesce(sum(count), 0) AS count FROM message_usage WHERE tenant_id = $1 AND day >= $3::date AND day <> $2::date)
INSERT INTO message_usage AS u (tenant_id, day, count)
SELECT $1, $2::date, 1 FROM before
WHERE coalesce($4::int, 1) >= 1 AND (EXISTS (SELECT FROM message_usage WHERE tenant_id = $1 AND day = $2::date)
  OR $5::int IS NULL OR before.count < $5)
ON CONFLICT (tenant_id, day) DO UPDATE SET count = u.count + 1
WHERE ($4::int IS NULL OR u.count < $4) AND ($5::int IS NULL OR u.count + (SELECT count FROM before) < $5)
RETURNING u.count AS today`,
};

export const UNCOUNT_MESSAGE = {
  name: 'quota.uncount',
  text: `UPDATE message_usage SET count = count - 1 WHERE tenant_id = $1 AND day = $2::date AND count > 0`,
};
