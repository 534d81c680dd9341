import { people } from './ready-tenant.mjs';

/** What a newcomer needs to see: addresses, tokens and three lines to paste. */
export function welcome({ gateway, simulator, tenant, seconds, isChaos }) {
  const session = `${gateway.url}/v1/sessions/${tenant.sessionId}`;
  const auth = `-H 'Authorization: Bearer ${tenant.token}'`;
  const json = `-H 'Content-Type: application/json'`;
  // The session may have given up waiting for somebody to scan; until it is back the QR code is answered with 503.
  const start = `curl -s -o /dev/null -X POST ${session}/start ${auth}`;
  const qr = `curl -sf --retry 10 --retry-delay 1 ${session}/qr ${auth} | node -p 'JSON.parse(fs.readFileSync(0)).qr'`;
  const order = (path, more = '') =>
    `curl -sf ${simulator.url}${path} -H 'Authorization: Bearer ${simulator.token}' ${more}`.trim();
  const scan = `${order('/pair', json)} -d "{\\"pn\\":\\"${people.owner}\\",\\"qr\\":\\"$(${qr})\\"}"`;
  const connected = `until curl -s ${session} ${auth} | grep '"status":"connected"'; do sleep 1; done`;
  const text = JSON.stringify({ to: people.echo, type: 'text', text: 'Hello!' });
  const send = `curl -s '${session}/messages?wait=server_ack' ${auth} ${json} -d '${text}' && sleep 1`;
  const list = (chat, limit) => `curl -s '${session}/messages?chatId=${chat}&limit=${limit}' ${auth}`;
  const question = JSON.stringify({ to: people.owner, text: 'Can you bring dessert?' });
  const ana = `${order(`/accounts/${people.ana}/send`, json)} -d '${question}' && sleep 2 && ${list(people.ana, 1)}`;
  const mood = isChaos
    ? `Chaos is on: ${order('/faults')} shows what goes wrong.`
    : 'For a bad day: npm run sandbox -- --chaos';
  return `
Switchboard's sandbox is ready after ${seconds.toFixed(1)} s. Its WhatsApp network is simulated: nothing reaches anybody.

  API            ${gateway.url}
  API docs       ${gateway.url}/docs
  Admin token    ${gateway.adminToken}
  Tenant token   ${tenant.token}
  Session        ${tenant.sessionId}
  Simulator      ${simulator.url}
     its token   ${simulator.token}

1. Link the session: the phone of +${people.owner} scans its QR code.

${start}; ${scan} && ${connected}

2. Send a message to +${people.echo}, a contact that sends everything back.

${send}

3. See the message and the reply.

${list(people.echo, 2)}

4. Let Ana write to you, and see it.

${ana}

Who else is there, and what they can do: docs/sandbox.md. ${mood}

Data is kept in ${gateway.dataDir}. Ctrl-C ends the sandbox.
`;
}
