// Tests a bot against Switchboard and its simulated network: nothing to install but Node.js, no phone, no mocks.
// Node 22.18 or newer runs it as it is, `node --test bot.test.ts`; for older versions: `npx tsx --test bot.test.ts`.
// Needs SWITCHBOARD_URL, ADMIN_TOKEN, SIMULATOR_URL and SIMULATOR_TOKEN in the environment, and BOT_HOST if the gateway finds
// this machine under another name than 127.0.0.1, as from a container.
import assert from 'node:assert/strict';
import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';

const { SWITCHBOARD_URL = '', ADMIN_TOKEN = '', SIMULATOR_URL = '', SIMULATOR_TOKEN = '' } = process.env;
const { BOT_HOST = '127.0.0.1' } = process.env;

/** `call('POST', url, token, body)`; anything but success fails the test. */
async function call<T>(method: string, url: string, token: string, payload?: object): Promise<T> {
  const headers = { authorization: `Bearer ${token}`, ...(payload && { 'content-type': 'application/json' }) };
  const response = await fetch(url, { method, headers, body: payload ? JSON.stringify(payload) : null });
  const text = await response.text();
  assert.ok(response.ok, `${method} ${url}: ${response.status} ${text}`);
  return (text ? JSON.parse(text) : null) as T;
}

/** Asks until there is an answer; use a condition, never a fixed pause. */
async function until<T>(what: string, probe: () => Promise<T | undefined | false>): Promise<T> {
  for (const deadline = Date.now() + 20_000; Date.now() < deadline; await sleep(50)) {
    const answer = await probe();
    if (answer) return answer;
  }
  throw new Error(`not in time: ${what}`);
}

/** The bot under test: told of messages by webhook, it answers those that ask for the price. */
async function startBot(reply: (to: string, text: string) => Promise<unknown>): Promise<string> {
  const server = createServer((request, response) => {
    void (async () => {
      let body = '';
      for await (const chunk of request) body += String(chunk);
      const { data } = JSON.parse(body) as { data: { message: { chatId: string; text: string } } };
      if (/price/i.test(data.message.text)) await reply(data.message.chatId, 'Ten euros.');
      response.writeHead(204).end();
    })();
  });
  server.listen(0, BOT_HOST === '127.0.0.1' ? BOT_HOST : '0.0.0.0').unref();
  await once(server, 'listening');
  return `http://${BOT_HOST}:${(server.address() as AddressInfo).port}`;
}

void test('the bot tells the price to whoever asks', async () => {
  const admin = `${SWITCHBOARD_URL}/v1/admin/tenants`;
  const { token } = await call<{ token: string }>('POST', admin, ADMIN_TOKEN, { name: 'Bot test' });
  const session = await call<{ id: string }>('POST', `${SWITCHBOARD_URL}/v1/sessions`, token, { name: 'Bot' });
  const url = `${SWITCHBOARD_URL}/v1/sessions/${session.id}`;

  const bot = await startBot((to, text) => call('POST', `${url}/messages`, token, { to, type: 'text', text }));
  await call('POST', `${SWITCHBOARD_URL}/v1/webhooks`, token, { url: bot, types: ['message.received'] });

  // The phone of a person on the simulated network scans the QR code.
  await call('POST', `${url}/start`, token);
  const { qr } = await until('a QR code', async () => {
    const answer = await fetch(`${url}/qr`, { headers: { authorization: `Bearer ${token}` } });
    return answer.ok && ((await answer.json()) as { qr: string });
  });
  const pn = `4930${String(Date.now()).slice(-9)}`;
  await call('POST', `${SIMULATOR_URL}/pair`, SIMULATOR_TOKEN, { pn, qr });
  const status = () => call<{ status: string }>('GET', url, token);
  await until('connected', async () => (await status()).status === 'connected');

  // Somebody asks …
  const order = { name: 'Ana', behaviour: 'reader' };
  const people = await call<{ items: { pn: string }[] }>('POST', `${SIMULATOR_URL}/accounts`, SIMULATOR_TOKEN, order);
  const ana = people.items[0]?.pn;
  const question = { to: pn, text: 'What is the price?' };
  await call('POST', `${SIMULATOR_URL}/accounts/${ana}/send`, SIMULATOR_TOKEN, question);

  // … and has an answer, decrypted by her phone.
  const answer = await until('an answer', async () => {
    const seen = `${SIMULATOR_URL}/messages?account=${ana}&peer=${pn}`;
    return (await call<{ items: { text: string }[] }>('GET', seen, SIMULATOR_TOKEN)).items[0];
  });
  assert.equal(answer.text, 'Ten euros.');
});
