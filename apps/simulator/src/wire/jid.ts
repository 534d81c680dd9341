/** The service itself, as sender of bulletins and target of queries. */
export const SERVICE = '@s.whatsapp.net';

/** The two address families of a person: phone number and opaque id. */
export type Family = 'pn' | 'lid';

/** An address taken apart; `device` is 0 for the phone and for addresses that name no device. */
export interface Jid {
  user: string;
  device: number;
  server: string;
}

const servers: Record<Family, string> = { pn: 's.whatsapp.net', lid: 'lid' };

/** Splits `user:device@server`; undefined when there is no user part. */
export function parseJid(jid: string | undefined): Jid | undefined {
  const at = jid?.indexOf('@') ?? -1;
  if (jid === undefined || at < 1) return undefined;
  const colon = jid.indexOf(':');
  const hasDevice = colon > 0 && colon < at;
  const user = jid.slice(0, hasDevice ? colon : at);
  return { user, device: hasDevice ? Number(jid.slice(colon + 1, at)) : 0, server: jid.slice(at + 1) };
}

/** The address family of a person's address; undefined for groups, newsletters and the like. */
export function familyOf(jid: string | undefined): Family | undefined {
  if (jid?.endsWith('@lid')) return 'lid';
  return jid?.endsWith('@s.whatsapp.net') ? 'pn' : undefined;
}

/** The address of a person's device; the phone (device 0) is written without a device part. */
export function userJid(family: Family, user: string, device = 0): string {
  return device === 0 ? `${user}@${servers[family]}` : `${user}:${device}@${servers[family]}`;
}
