import { Injectable } from '@nestjs/common';
import { InjectRepository } from '@nestjs/typeorm';
import { Session } from '@app/database/entities/session.entity.js';
import type { Actor } from '@app/platform/auth/actor.js';
import { AuditLog } from '@app/platform/auth/audit-log.js';
import { conflict, notFound } from '@app/platform/errors/app-error.js';
import { OutboundSockets } from '@app/platform/outbound/outbound-sockets.js';
import { KeyRing } from '@app/platform/secrets/key-ring.js';
import { WaProxies } from '@app/whatsapp/proxy/wa-proxies.js';
import { Repository } from 'typeorm';
import { openProxy, sealProxy } from './sealed-proxy.js';
import { SessionsService } from './sessions.service.js';

/** A proxy as it may be shown. */
export interface ShownProxy {
  /** Without name and password; null for none. */
  url: string | null;
  hasCredentials: boolean;
}

/** The proxy that everything of a session goes through: its socket, its uploads and its downloads. */
@Injectable()
export class SessionProxyService {
  constructor(
    @InjectRepository(Session) private readonly rows: Repository<Session>,
    private readonly sessions: SessionsService,
    private readonly proxies: WaProxies,
    private readonly outbound: OutboundSockets,
    private readonly keys: KeyRing,
    private readonly audit: AuditLog,
  ) {}

  async get(actor: Actor, id: string): Promise<ShownProxy> {
    const { proxyUrl, sealedProxy } = await this.sessions.get(actor, id);
    const opened = openProxy(this.keys, id, sealedProxy);
    return { url: proxyUrl, hasCredentials: opened !== null && new URL(opened).username !== '' };
  }

  /** A session that is started connects anew, through the proxy. Throws `outbound.refused`. */
  async set(actor: Actor, id: string, url: string | null): Promise<ShownProxy> {
    if (url !== null) this.outbound.assertAllowed(new URL(url).hostname, '/url');
    const { desiredState } = await this.sessions.get(actor, id);
    const sealedProxy = url === null ? null : sealProxy(this.keys, id, url);
    await this.rows.manager.transaction(async (tx) => {
      await tx.update(Session, { id, tenantId: actor.tenantId }, { proxyUrl: url && withoutLogin(url), sealedProxy });
      const action = url === null ? 'session.proxy-removed' : 'session.proxy';
      await this.audit.record(tx, { actor, tenantId: actor.tenantId, action, target: id });
    });
    if (desiredState === 'started') await this.sessions.restart(actor, id);
    return this.get(actor, id);
  }

  /** Milliseconds until there was a connection to WhatsApp, through the given proxy or the one that is set. */
  async test(actor: Actor, id: string, url: string | null): Promise<number> {
    const { sealedProxy } = await this.sessions.get(actor, id);
    const proxy = url ?? openProxy(this.keys, id, sealedProxy);
    if (proxy === null) throw conflict('proxy.none', 'The session has no proxy; give one to try.');
    this.outbound.assertAllowed(new URL(proxy).hostname, '/url');
    return this.proxies.test(proxy);
  }

  /** With name and password, for whatever is downloaded in the name of a session. */
  async urlOf(id: string): Promise<string | null> {
    const row = await this.rows.findOne({ select: { id: true, sealedProxy: true }, where: { id }, withDeleted: true });
    if (!row) throw notFound('session', id);
    return openProxy(this.keys, id, row.sealedProxy);
  }
}

function withoutLogin(url: string): string {
  const { protocol, host } = new URL(url);
  return `${protocol}//${host}`;
}
