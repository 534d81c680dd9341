import { unavailable } from '@app/platform/errors/app-error.js';
import type { OutboundSockets } from '@app/platform/outbound/outbound-sockets.js';
import { GetQueueAttributesCommand, SendMessageCommand, SQSClient } from '@aws-sdk/client-sqs';
import { Agent as HttpAgent } from 'node:http';
import { Agent as HttpsAgent } from 'node:https';
import type { SqsSettings } from '@app/database/broker-settings.js';
import type { DeliveryTarget } from '../../destinations/targets.service.js';
import { CONNECT_TIMEOUT_MS, labelsOf, type BrokerStatistics, type Link } from './link.js';
import type { Shipment } from './transport.js';

const CONNECTIONS = 32;
const REQUEST_TIMEOUT_MS = 15_000;

export async function openSqs({ url, settings, secrets }: DeliveryTarget, sockets: OutboundSockets): Promise<Link> {
  const { origin, hostname } = new URL(url);
  sockets.assertAllowed(hostname);
  const agent = { keepAlive: true, maxSockets: CONNECTIONS, lookup: sockets.lookup };
  const { accessKeyId = '', secretAccessKey = '', sessionToken } = secrets.credentials ?? {};
  const client = new SQSClient({
    region: (settings as SqsSettings).region,
    endpoint: origin,
    // Always those of the destination: without them the client would look for the ones of this very machine.
    credentials: { accessKeyId, secretAccessKey, sessionToken },
    requestHandler: {
      httpAgent: new HttpAgent(agent),
      httpsAgent: new HttpsAgent(agent),
      connectionTimeout: CONNECT_TIMEOUT_MS,
      requestTimeout: REQUEST_TIMEOUT_MS,
    },
    maxAttempts: 1,
  });
  return new SqsLink(client, url);
}

class SqsLink implements Link {
  readonly isOpen = true;

  constructor(
    private readonly client: SQSClient,
    private readonly queueUrl: string,
  ) {}

  /** A queue of the kind that keeps the order is told which events belong together, and drops repeats by itself. */
  async publish(shipment: Shipment): Promise<void> {
    const { id, ...labels } = labelsOf(shipment);
    const attributes = Object.entries({ eventId: id, ...labels });
    const inOrder = {
      MessageGroupId: shipment.event.sessionId ?? (shipment.event.tenantId || 'none'),
      MessageDeduplicationId: id,
    };
    const message = new SendMessageCommand({
      QueueUrl: this.queueUrl,
      MessageBody: shipment.json,
      MessageAttributes: Object.fromEntries(
        attributes.map(([name, value]) => [name, { DataType: 'String', StringValue: value }]),
      ),
      ...(this.queueUrl.endsWith('.fifo') ? inOrder : {}),
    });
    await this.client.send(message).catch(explain);
  }

  async check(): Promise<void> {
    await this.attributes();
  }

  async statistics(): Promise<BrokerStatistics> {
    const { ApproximateNumberOfMessages } = await this.attributes();
    const name = this.queueUrl.slice(this.queueUrl.lastIndexOf('/') + 1);
    return { name, messages: Number(ApproximateNumberOfMessages), consumers: null };
  }

  async close(): Promise<void> {
    this.client.destroy();
  }

  private async attributes() {
    const ask = { QueueUrl: this.queueUrl, AttributeNames: ['ApproximateNumberOfMessages' as const] };
    const { Attributes = {} } = await this.client.send(new GetQueueAttributesCommand(ask)).catch(explain);
    return Attributes;
  }
}

const refusals: Record<string, string> = {
  QueueDoesNotExist: 'There is no such queue.',
  'AWS.SimpleQueueService.NonExistentQueue': 'There is no such queue.',
  InvalidClientTokenId: 'The access key is not known there.',
  InvalidAccessKeyId: 'The access key is not known there.',
  UnrecognizedClientException: 'The access key is not known there.',
  SignatureDoesNotMatch: 'The secret access key is wrong.',
  AccessDenied: 'The keys do not allow it.',
  AccessDeniedException: 'The keys do not allow it.',
  InvalidMessageContents: 'The event has characters that SQS does not take.',
  RequestThrottled: 'SQS asks to be called less often.',
  TimeoutError: 'There was no answer in time.',
};

function explain(error: Error): never {
  const refusal = refusals[error.name];
  if (refusal) throw unavailable('destination.refused', refusal, error);
  throw error;
}
