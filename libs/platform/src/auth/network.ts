import ipaddr from 'ipaddr.js';

/** An IPv4 address, or the /64 of an IPv6 one, since every host has a whole /64 to send from. */
export function networkOf(ip: string): string {
  if (!ipaddr.isValid(ip)) return ip;
  const address = ipaddr.process(ip);
  if (address.kind() === 'ipv4') return address.toString();
  return address.toByteArray().slice(0, 8).join('.');
}
