import { Injectable, type OnModuleInit } from '@nestjs/common';
import type { Actor } from '@app/platform/auth/actor.js';
import { AppError } from '@app/platform/errors/app-error.js';
import type {
  Audience,
  ListedPerson,
  PrivacySetting,
  PrivacySettings,
  StatusAudience,
} from '@app/whatsapp/api/privacy.js';
import type { WaConnection } from '@app/whatsapp/connection.js';
import { command, SessionCommandsService } from '../sessions/session-commands.service.js';

export interface Privacy {
  settings: PrivacySettings;
  /** After how many seconds messages of new chats disappear; 0 for never. */
  defaultDisappearingSeconds: number;
}

/** What is left out stays as it is. */
export type PrivacyPatch = Partial<Record<PrivacySetting, Audience>> & { defaultDisappearingSeconds?: number };

/** Whom a setting leaves out. */
export interface Exceptions<Person = ListedPerson> {
  setting: PrivacySetting;
  people: Person[];
}

const show = command<null, Privacy>('privacy.show');
const change = command<PrivacyPatch, Privacy>('privacy.change');
const showExceptions = command<PrivacySetting[], Exceptions[]>('privacy.exceptions');
const except = command<Exceptions<string>>('privacy.except');
const showStatuses = command<null, StatusAudience>('privacy.statuses');
const setStatuses = command<StatusAudience<string>>('privacy.set-statuses');

/** Who may see what of the account, as WhatsApp keeps it: nothing of it is stored here. */
@Injectable()
export class PrivacyService implements OnModuleInit {
  constructor(private readonly commands: SessionCommandsService) {}

  onModuleInit(): void {
    this.commands.on(show, read);
    this.commands.on(change, async (connection, patch) => {
      await write(connection, patch);
      return read(connection);
    });
    this.commands.on(showExceptions, ({ own: { privacy } }, settings) =>
      Promise.all(settings.map(async (setting) => ({ setting, people: await privacy.exceptions(setting) }))),
    );
    this.commands.on(except, ({ own: { privacy } }, { setting, people }) => privacy.except(setting, people));
    this.commands.on(showStatuses, ({ own: { privacy } }) => privacy.statusAudience());
    this.commands.on(setStatuses, ({ own: { privacy } }, audience) => privacy.setStatusAudience(audience));
  }

  get(actor: Actor, sessionId: string): Promise<Privacy> {
    return this.commands.run(actor, sessionId, show, null);
  }

  /** One setting after the other; a refusal names the one that WhatsApp did not take, those before it stay changed. */
  update(actor: Actor, sessionId: string, patch: PrivacyPatch): Promise<Privacy> {
    return this.commands.run(actor, sessionId, change, patch);
  }

  exceptions(actor: Actor, sessionId: string, settings: PrivacySetting[]): Promise<Exceptions[]> {
    return this.commands.run(actor, sessionId, showExceptions, settings);
  }

  except(actor: Actor, sessionId: string, setting: PrivacySetting, people: string[]): Promise<void> {
    return this.commands.run(actor, sessionId, except, { setting, people });
  }

  statuses(actor: Actor, sessionId: string): Promise<StatusAudience> {
    return this.commands.run(actor, sessionId, showStatuses, null);
  }

  async setStatuses(actor: Actor, sessionId: string, { audience, people }: StatusAudience<string>): Promise<void> {
    const order = { audience, people: audience === 'contacts' ? [] : people };
    await this.commands.run(actor, sessionId, setStatuses, order);
  }
}

async function read({ own: { privacy } }: WaConnection): Promise<Privacy> {
  const [settings, defaultDisappearingSeconds] = await Promise.all([privacy.settings(), privacy.defaultTimer()]);
  return { settings, defaultDisappearingSeconds };
}

async function write({ own: { privacy } }: WaConnection, patch: PrivacyPatch): Promise<void> {
  const { defaultDisappearingSeconds: seconds, ...settings } = patch;
  for (const [setting, audience] of Object.entries(settings))
    await privacy.set(setting as PrivacySetting, audience).catch(namedAfter(setting));
  if (seconds !== undefined) await privacy.setDefaultTimer(seconds).catch(namedAfter('defaultDisappearingSeconds'));
}

const namedAfter = (field: string) => (error: unknown) => {
  if (!(error instanceof AppError)) throw error;
  const { kind, code, detail, extra } = error;
  throw new AppError(kind, code, detail, { ...extra, errors: [{ pointer: `/${field}`, detail: 'was not taken' }] });
};
