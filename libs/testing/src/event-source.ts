import { once } from 'node:events';
import { get, type IncomingMessage } from 'node:http';
import { text } from 'node:stream/consumers';
import type { EventBody } from './gateway-process.js';

interface Frame {
  id?: string;
  event?: string;
  data?: string;
}

/** Reads a stream of server-sent events as a browser does, without coming back by itself. */
export class EventSourceClient {
  readonly events: EventBody[] = [];
  readonly others: Frame[] = [];
  comments = 0;
  lastId: string | null = null;
  readonly ended: Promise<void>;

  private constructor(private readonly response: IncomingMessage) {
    this.ended = this.read().catch(() => undefined);
  }

  /** Fails with the body of the answer when it is no stream. Not by `fetch`, whose pool opens connections in advance. */
  static async open(url: string, headers: Record<string, string> = {}): Promise<EventSourceClient> {
    const [response] = (await once(get(url, { headers, agent: false }), 'response')) as [IncomingMessage];
    response.setEncoding('utf8');
    if (response.statusCode === 200) return new EventSourceClient(response);
    throw new Error(`${response.statusCode} ${await text(response)}`);
  }

  get contentType(): string | undefined {
    return this.response.headers['content-type'];
  }

  close(): Promise<void> {
    this.response.destroy();
    return this.ended;
  }

  private async read(): Promise<void> {
    let rest = '';
    for await (const chunk of this.response) {
      rest += String(chunk);
      for (let end = rest.indexOf('\n\n'); end >= 0; end = rest.indexOf('\n\n')) {
        this.take(rest.slice(0, end));
        rest = rest.slice(end + 2);
      }
    }
  }

  private take(block: string): void {
    const fields = block.split('\n').map((line) => /^(\w*): ?(.*)$/s.exec(line) ?? []);
    if (fields.some(([, name]) => name === '')) this.comments += 1;
    const named = fields.map(([, name = '', value]): [string, string | undefined] => [name, value]);
    const frame: Frame = Object.fromEntries<string | undefined>(named);
    if (frame.id !== undefined) this.lastId = frame.id;
    if (frame.event !== undefined) this.others.push(frame);
    else if (frame.data !== undefined) this.events.push(JSON.parse(frame.data) as EventBody);
  }
}
