import { describe, expect, it } from 'vitest';
import { findPublicAddress, isPublicAddress } from '#src/agents/gateway/public-address.ts';

describe('isPublicAddress', () => {
  it.each(['1.1.1.1', '140.82.121.4', '172.32.0.1', '2606:4700:4700::1111', '2a00:1450:4001::1'])(
    'is true for %s',
    (address) => {
      expect(isPublicAddress(address)).toBe(true);
    },
  );

  it.each([
    '127.0.0.1',
    '10.1.2.3',
    '172.16.0.1',
    '192.168.1.1',
    '169.254.169.254',
    '100.64.0.1',
    '0.0.0.0',
    '224.0.0.1',
    '255.255.255.255',
    '::1',
    '::',
    'fe80::1',
    'fd00:ec2::254',
    '::ffff:127.0.0.1',
    '::ffff:10.0.0.1',
    '64:ff9b::7f00:1',
    '2002:7f00:1::',
  ])('is false for %s', (address) => {
    expect(isPublicAddress(address)).toBe(false);
  });
});

describe('findPublicAddress', () => {
  it.each([
    'localhost',
    '127.0.0.1',
    '127.1',
    '0x7f000001',
    '2130706433',
    '::1',
    'no-such-host.invalid',
  ])('finds none for %j', async (host) => {
    expect(await findPublicAddress(host)).toBeUndefined();
  });
});
