import { type FigureName, SESSIONS } from '../options.js';
import { measureAppend, measureDeliver } from './events.js';
import { type Bench, type Figure, startBare } from './figure.js';
import { measureHttp } from './http.js';
import { type IdleSessions, measureMemory, measureReconnect } from './idle.js';
import { measureNeighbour } from './neighbour.js';
import { measureReceive } from './receive.js';
import { measureSend } from './send.js';
import { measureSimulator } from './simulator.js';

const CONNECTIONS = 64;

type Say = (text: string) => void;

/** All figures that are asked for. Those of idle sessions get fresh processes: traffic leaves memory behind. */
export async function* runFigures(bench: Bench, say: Say): AsyncGenerator<Figure> {
  const wants = (...names: FigureName[]) => names.some((name) => bench.options.only.includes(name));
  if (wants('simulator')) yield* measureSimulator(bench, say);
  if (!wants('http', 'send1', 'send20', 'receive', 'events', 'neighbour', 'memory', 'reconnect')) return;
  await bench.gateway.start(CONNECTIONS);
  if (wants('events')) yield* events(bench, say);
  if (wants('neighbour')) {
    say('deliveries beside a slow destination …');
    const title = 'delivery p99, alone and beside a slow one';
    yield await measureNeighbour(bench, { name: 'neighbour', title, goal: { of: 'ratio', atMost: 1.1 } });
  }
  if (!wants('http', 'send1', 'send20', 'receive', 'memory', 'reconnect')) return;
  say(`pairing ${SESSIONS} sessions …`);
  await bench.gateway.pair(await bench.simulator.owners(SESSIONS));
  if (wants('http', 'send1', 'send20', 'receive')) yield* traffic(bench, say);
  if (wants('memory', 'reconnect')) {
    if (wants('http', 'send1', 'send20', 'receive')) {
      await bench.gateway.stop();
      await bench.gateway.start(CONNECTIONS);
      await bench.gateway.untilConnected(bench.gateway.sessions);
    }
    yield* idle(bench, say);
  }
}

async function* events(bench: Bench, say: Say): AsyncGenerator<Figure> {
  say('events …');
  const goal = { of: 'gateway', atLeast: 1000 } as const;
  yield await measureAppend(bench, { name: 'events.append', title: 'events appended', goal });
  yield await measureDeliver(bench, { name: 'events.deliver', title: 'events delivered', goal });
}

async function* traffic(bench: Bench, say: Say): AsyncGenerator<Figure> {
  const { options, gateway } = bench;
  const { sizes, only } = options;
  if (only.includes('http')) {
    say('HTTP …');
    const title = 'HTTP: p99 of POST …/messages';
    const about = { name: 'http', title, goal: { of: 'gateway', atMost: 10 } } as const;
    yield await measureHttp(bench, about, gateway.sessions);
  }
  if (only.includes('send1')) {
    say('sending from one session …');
    const about = { name: 'send1', title: 'send, 1 session', goal: { of: 'ratio', atLeast: 0.7 } } as const;
    yield await measureSend(bench, about, gateway.sessions.slice(0, 1), sizes.sendOne);
  }
  if (only.includes('send20')) {
    say(`sending from ${SESSIONS} sessions …`);
    const title = `send, ${SESSIONS} sessions`;
    const about = { name: 'send20', title, goal: { of: 'ratio', atLeast: 1.3 } } as const;
    yield await measureSend(bench, about, gateway.sessions, sizes.sendMany);
  }
  if (only.includes('receive')) {
    say('receiving …');
    const title = `receive, ${SESSIONS} sessions`;
    const about = { name: 'receive', title, goal: { of: 'ratio', atLeast: 0.9 } } as const;
    const figure = await measureReceive(bench, about, gateway.sessions);
    if (figure) yield figure;
    else say('  left out: this build has no webhooks');
  }
}

async function* idle(bench: Bench, say: Say): AsyncGenerator<Figure> {
  const { from, to } = bench.options.sizes.memory;
  say(`idle sessions, ${from} to ${to} …`);
  const barePns = await bench.simulator.owners(from);
  const sessions: IdleSessions = { bare: await startBare(bench, 'bare-idle', { pns: barePns }), barePns };
  const title = 'memory per idle session';
  const about = { name: 'memory', title, goal: { of: 'gateway', atMost: 3 } } as const;
  yield await measureMemory(bench, about, sessions);
  if (bench.options.only.includes('reconnect')) {
    const title = `reconnect, ${barePns.length} sessions`;
    say(`${title} …`);
    const goal = { of: 'ratio', atMost: 0.3 } as const;
    yield await measureReconnect(bench, { name: 'reconnect', title, goal }, sessions);
  }
  await sessions.bare.stop();
}
