import ipaddr from 'ipaddr.js';
import { isIP } from 'node:net';

type Range = [ipaddr.IPv4 | ipaddr.IPv6, number];

/** The host agent of every virtual machine in Azure, which sits among the public addresses. */
const AZURE_HOST_AGENT = '168.63.129.16';

/** Which addresses a caller may make us talk to: public ones, and what OUTBOUND_ALLOW opens. */
export class AddressPolicy {
  private readonly ranges: Range[];
  private readonly hosts: string[];

  /** `allow` lists CIDRs, addresses and host names, `*.example.com` among them. */
  constructor(allow: string[]) {
    const isAddress = (entry: string) => isIP(entry.split('/')[0] ?? '') > 0;
    this.ranges = allow.filter(isAddress).map(toRange);
    this.hosts = allow.filter((entry) => !isAddress(entry)).map((host) => host.toLowerCase());
  }

  /** Whether a connection to `address` is fine, which `host` was found to be (or is, as a literal). */
  allows(address: string, host: string): boolean {
    if (this.hosts.some((pattern) => matches(host, pattern))) return true;
    if (!ipaddr.isValid(address)) return false;
    const ip = ipaddr.process(address);
    return isPublic(ip) || this.ranges.some(([range, bits]) => range.kind() === ip.kind() && ip.match(range, bits));
  }
}

/** Unicast in IPv6 means more than public there: `::127.0.0.1` counts. Only 2000::/3 has been given out. */
function isPublic(ip: ipaddr.IPv4 | ipaddr.IPv6): boolean {
  if (ip.range() !== 'unicast' || ip.toString() === AZURE_HOST_AGENT) return false;
  return ip.kind() === 'ipv4' || ip.match(ipaddr.parse('2000::'), 3);
}

function matches(host: string, pattern: string): boolean {
  const name = host.toLowerCase().replace(/\.$/, '');
  return pattern.startsWith('*.') ? name.endsWith(pattern.slice(1)) : name === pattern;
}

function toRange(entry: string): Range {
  const [address = '', bits] = entry.split('/');
  const ip = ipaddr.process(address);
  return [ip, bits === undefined ? (ip.kind() === 'ipv4' ? 32 : 128) : Number(bits)];
}
