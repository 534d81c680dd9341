/**
 * Groups as WhatsApp describes them. What was told since $4, when they were asked for, is newer and stays. Answers those
 * that were stored.
 */
export const SAVE_GROUPS = {
  name: 'groups.save',
  text: `
INSERT INTO wa_groups AS g (session_id, tenant_id, group_id, subject, subject_at, subject_by_id, description, description_id,
  description_at, description_by_id, owner_id, founded_at, addressing, is_announcement, is_locked, disappearing_seconds,
  members_may_add, needs_approval, is_community, is_announcement_group, is_general_chat, community_id, size, members, own_role)
SELECT $1, $2, r."groupId", r.subject, r."subjectAt", r."subjectById", r.description, r."descriptionId", r."descriptionAt",
  r."descriptionById", r."ownerId", r."foundedAt", r.addressing, r."isAnnouncement", r."isLocked", r."disappearingSeconds",
  r."membersMayAdd", r."needsApproval", r."isCommunity", r."isAnnouncementGroup", r."isGeneralChat", r."communityId", r.size,
  r.members, r."ownRole"
FROM jsonb_to_recordset($3::jsonb) AS r("groupId" text, subject text, "subjectAt" timestamptz, "subjectById" text,
  description text, "descriptionId" text, "descriptionAt" timestamptz, "descriptionById" text, "ownerId" text,
  "foundedAt" timestamptz, addressing text, "isAnnouncement" boolean, "isLocked" boolean, "disappearingSeconds" integer,
  "membersMayAdd" boolean, "needsApproval" boolean, "isCommunity" boolean, "isAnnouncementGroup" boolean,
  "isGeneralChat" boolean, "communityId" text, size integer, members jsonb, "ownRole" text)
ORDER BY r."groupId"
ON CONFLICT (session_id, group_id) DO UPDATE SET subject = excluded.subject, subject_at = excluded.subject_at,
  subject_by_id = excluded.subject_by_id, description = excluded.description, description_id = excluded.description_id,
  description_at = excluded.description_at, description_by_id = excluded.description_by_id, owner_id = excluded.owner_id,
  founded_at = excluded.founded_at, addressing = excluded.addressing, is_announcement = excluded.is_announcement,
  is_locked = excluded.is_locked, disappearing_seconds = excluded.disappearing_seconds,
  members_may_add = excluded.members_may_add, needs_approval = excluded.needs_approval,
  is_community = excluded.is_community, is_announcement_group = excluded.is_announcement_group,
  is_general_chat = excluded.is_general_chat, community_id = excluded.community_id, size = excluded.size,
  members = excluded.members, own_role = excluded.own_role, is_stale = false, changed_at = now()
WHERE g.changed_at < $4
RETURNING group_id AS "groupId"`,
};

/** Groups that changed while they were asked for: whether the answer knew of it nobody can tell. */
export const MARK_STALE = {
  name: 'groups.mark-stale',
  text: `UPDATE wa_groups SET is_stale = true WHERE session_id = $1 AND group_id = ANY ($2)`,
};

/** The account is in no others; $3 is when they were asked for. Answers which it was in. */
export const LEAVE_OTHERS = {
  name: 'groups.leave-others',
  text: `
UPDATE wa_groups SET own_role = NULL, changed_at = now()
WHERE session_id = $1 AND NOT group_id = ANY ($2) AND changed_at < $3 AND own_role IS NOT NULL
RETURNING group_id AS "groupId"`,
};

/** Remembers that a group was known. */
export const FORGET_GROUP = {
  name: 'groups.forget',
  text: `
UPDATE group_syncs SET forgotten_ids = array_append(array_remove(forgotten_ids, $2), $2) WHERE session_id = $1`,
};

/** What has to be known to write into a group; nothing of one that has to be read again. */
export const FIND_SENDABLE = {
  name: 'groups.find-sendable',
  text: `
SELECT group_id AS "groupId", addressing, disappearing_seconds AS "disappearingSeconds",
  is_announcement_group AS "isAnnouncementGroup", members
FROM wa_groups WHERE session_id = $1 AND group_id = $2 AND own_role IS NOT NULL AND NOT is_stale`,
};
