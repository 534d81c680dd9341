import { Child } from './child.js';
import { eventually } from './eventually.js';
import { HttpClient } from './http-client.js';

export interface SimulatedContact {
  pn: string;
  lid: string;
  name: string;
}

/** What a simulated contact or phone has decrypted. */
export interface SeenMessage {
  id: string;
  from: string;
  to: string;
  text: string;
  repeat: boolean;
}

export interface SeenStats {
  received: number;
  distinct: number;
  repeats: number;
  undecryptable: number;
}

/** A WhatsApp network in a process of its own. */
export class SimulatorProcess {
  private constructor(
    private readonly child: Child,
    readonly api: HttpClient,
    /** Settings that make a gateway use this network. */
    readonly gatewayEnv: Record<string, string>,
  ) {}

  static async start(env: Record<string, string> = {}): Promise<SimulatorProcess> {
    const child = new Child('dist/apps/simulator/src/main.js', { SIMULATOR_PORT: '0', ...env });
    const [line] = await child.printed(/^\{"event":"listening".*\}$/);
    const said = JSON.parse(line) as Record<'url' | 'token' | 'socketUrl' | 'rootKey' | 'mediaHost' | 'caFile', string>;
    const api = new HttpClient(() => said.url, said.token);
    return new SimulatorProcess(child, api, {
      WA_SOCKET_URL: said.socketUrl,
      WA_ROOT_KEY: said.rootKey,
      WA_MEDIA_HOST: said.mediaHost,
      WA_TLS_CA: said.caFile,
    });
  }

  async stop(): Promise<void> {
    await this.child.stop();
  }

  async aContact(behaviour: string, options: Record<string, unknown> = {}): Promise<SimulatedContact> {
    const { items } = await this.api.ok<{ items: SimulatedContact[] }>('POST /accounts', { behaviour, ...options });
    if (!items[0]) throw new Error('no contact was made');
    return items[0];
  }

  /** Lets a contact write to an account; answers the message ids. */
  async send(from: string, to: string, message: Record<string, unknown>): Promise<string[]> {
    const { ids } = await this.api.ok<{ ids: string[] }>(`POST /accounts/${from}/send`, { to, ...message });
    return ids;
  }

  async messages(account: string, peer?: string): Promise<SeenMessage[]> {
    const query = peer ? `account=${account}&peer=${peer}` : `account=${account}`;
    return (await this.api.ok<{ items: SeenMessage[] }>(`GET /messages?${query}`)).items;
  }

  stats(account: string): Promise<SeenStats> {
    return this.api.ok<SeenStats>(`GET /messages/stats?account=${account}`);
  }

  /** Ends the connections of an account: `closeSocket`, `resetTcp`, or a stream error by its code. */
  kick(account: string, how: string | number): Promise<unknown> {
    const body = typeof how === 'number' ? { how: 'streamError', error: how } : { how };
    return this.api.ok(`POST /connections/${account}/kick`, body);
  }

  /** The account as the network sees it, once it is connected or not. */
  async connected(account: string, expected = true): Promise<void> {
    await eventually(`${account} is ${expected ? '' : 'not '}connected`, async () => {
      const { body } = await this.api.call<{ connected?: boolean }>(`GET /accounts/${account}`);
      return Boolean(body.connected) === expected;
    });
  }
}
