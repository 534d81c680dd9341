import { ApiProperty } from '@nestjs/swagger';
import { Field, type FieldOptions } from '@app/platform/http/fields.js';
import type { ShownProxy } from './session-proxy.service.js';

const protocols = ['http:', 'https:', 'socks5:'];
const MOST = 1000;

function isProxy(value: unknown): boolean {
  if (typeof value !== 'string' || value.length > MOST || !URL.canParse(value)) return false;
  const { protocol, hostname, pathname, search } = new URL(value);
  return protocols.includes(protocol) && hostname !== '' && ['', '/'].includes(pathname) && search === '';
}

const ProxyUrl = (options: FieldOptions = {}) =>
  Field(
    { type: String, maxLength: MOST, example: 'socks5://name:password@proxy.example.com:1080' },
    { check: isProxy, message: 'must be a URL such as http://host:3128 or socks5://name:password@host:1080' },
    options,
  );

export class SetProxyDto {
  @ProxyUrl({ description: 'With name and password where the proxy wants them; they are never shown again.' })
  url: string;
}

export class TestProxyDto {
  @ProxyUrl({ optional: true, description: 'Without it, the proxy that is set is tried.' }) url?: string;
}

export class ProxyDto implements ShownProxy {
  @ApiProperty({ type: String, nullable: true, description: 'Without name and password; null for none.' })
  url: string | null;
  @ApiProperty() hasCredentials: boolean;
}

export class TestedProxyDto {
  @ApiProperty({ description: 'Until there was a connection to WhatsApp.' }) latencyMs: number;
}
