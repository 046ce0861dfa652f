import { lookup } from 'node:dns/promises';
import { BlockList, isIPv4 } from 'node:net';

const PRIVATE_IPV4: readonly [string, number][] = [
  ['0.0.0.0', 8],
  ['10.0.0.0', 8],
  ['100.64.0.0', 10],
  ['127.0.0.0', 8],
  ['169.254.0.0', 16],
  ['172.16.0.0', 12],
  ['192.0.0.0', 24],
  ['192.0.2.0', 24],
  ['192.168.0.0', 16],
  ['198.18.0.0', 15],
  ['198.51.100.0', 24],
  ['203.0.113.0', 24],
  ['224.0.0.0', 4],
  ['240.0.0.0', 4],
];
/** Besides private and local ones, the ranges that contain an IPv4 address. Mapped ones count as IPv4. */
const PRIVATE_IPV6: readonly [string, number][] = [
  ['::', 96],
  ['64:ff9b::', 96],
  ['64:ff9b:1::', 48],
  ['100::', 64],
  ['2001::', 23],
  ['2001:db8::', 32],
  ['2002::', 16],
  ['fc00::', 7],
  ['fe80::', 10],
  ['ff00::', 8],
];

const privateAddresses = new BlockList();
for (const [net, prefix] of PRIVATE_IPV4) privateAddresses.addSubnet(net, prefix, 'ipv4');
for (const [net, prefix] of PRIVATE_IPV6) privateAddresses.addSubnet(net, prefix, 'ipv6');

/** Whether an IP address belongs to the public internet, not to this machine or its neighbours. */
export function isPublicAddress(address: string): boolean {
  return !privateAddresses.check(address, isIPv4(address) ? 'ipv4' : 'ipv6');
}

/** Resolves a host name; undefined unless every address it stands for is public. */
export async function findPublicAddress(host: string): Promise<string | undefined> {
  const found = await lookup(host, { all: true }).catch(() => []);
  const isPublic = found.length > 0 && found.every(({ address }) => isPublicAddress(address));
  return isPublic ? found[0]?.address : undefined;
}
