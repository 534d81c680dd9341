import { existsSync } from 'node:fs';
import { resolve } from 'node:path';
import { CreateQueueCommand, SQSClient } from '@aws-sdk/client-sqs';
import { ServerProcess } from './server-process.js';

/** Installed by `npm run test:services`. */
const FOLDER = resolve('test/services/node_modules/fauxqs/dist');
const PROGRAM = `${FOLDER}/server.js`;

export const hasSqs = (): boolean => existsSync(PROGRAM);

/** A server of the SQS protocol; in memory, takes any keys. */
export async function anSqsBroker() {
  const server = await ServerProcess.create();
  const env = { FAUXQS_PORT: String(server.port), FAUXQS_LOGGER: 'false' };
  const endpoint = `http://127.0.0.1:${server.port}`;
  // By itself it gives its queues addresses below sqs.<region>.localhost, which not every system finds, and refuses
  // characters above U+FFFF, which Amazon takes.
  const script = `import { SqsStore } from '${FOLDER}/sqs/sqsStore.js';
    import { INVALID_MESSAGE_BODY_CHAR } from '${FOLDER}/sqs/sqsTypes.js';
    SqsStore.prototype.buildQueueUrl = (name) => '${endpoint}/000000000000/' + name;
    INVALID_MESSAGE_BODY_CHAR.test = (text) => /[^\\x09\\x0A\\x0D\\x20-\\uD7FF\\uE000-\\uFFFD\\u{10000}-\\u{10FFFF}]/u.test(text);
    await import('${PROGRAM}');`;
  const args = ['--input-type=module', '-e', script];
  const start = () => server.start({ command: process.execPath, args, env });
  await start();
  const credentials = { accessKeyId: 'AKIATEST', secretAccessKey: 'secret-of-sqs' };
  // The client writes into what it is given.
  const client = new SQSClient({ endpoint, region: 'us-east-1', credentials: { ...credentials } });
  return {
    client,
    credentials,
    start,
    kill: () => server.kill(),
    /** Its URL. */
    async queue(name: string): Promise<string> {
      const Attributes = name.endsWith('.fifo') ? { FifoQueue: 'true' } : undefined;
      const { QueueUrl = '' } = await client.send(new CreateQueueCommand({ QueueName: name, Attributes }));
      return QueueUrl;
    },
    async stop() {
      client.destroy();
      await server.dispose();
    },
  };
}
