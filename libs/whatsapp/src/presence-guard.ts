import type { AuthenticationCreds, WASocket } from '@whiskeysockets/baileys';

/**
 * Baileys announces a changed push name with `<presence name=…>` and no type, which WhatsApp reads as "available": the
 * phone stops ringing. Worse, any `creds.update` that does not carry `me` counts as a change. Here every update carries
 * the name, and the name is in the credentials before Baileys compares the two, so that the stanza is never sent.
 */
export function keepPresenceQuiet(ev: WASocket['ev'], creds: AuthenticationCreds): void {
  const emit = ev.emit.bind(ev);
  ev.emit = (event, data) => {
    if (event !== 'creds.update') return emit(event, data);
    const update = data as Partial<AuthenticationCreds>;
    const me = update.me ?? creds.me;
    if (me) creds.me = { ...creds.me, ...me };
    return emit(event, { ...update, ...(creds.me && { me: creds.me }) } as typeof data);
  };
}
