import { expect, test } from 'vitest';
import { addressCheck } from '../../../../agent/policy/addresses.ts';
import { isPublic, readRange } from '../../../../shared/runtime/public-address.ts';

test.each([
  '8.8.8.8',
  '1.1.1.1',
  '100.63.255.255',
  '100.128.0.0',
  '172.15.255.255',
  '172.32.0.0',
  '2606:4700::1111',
  '2a00:1450::1',
  '::ffff:8.8.8.8',
  '64:ff9b::808:808',
])('%s is public', (address) => expect(isPublic(address)).toBe(true));

test.each([
  ...[
    '127.0.0.1',
    '127.255.255.254',
    '0.0.0.0',
    '10.0.0.1',
    '172.16.0.1',
    '172.31.255.255',
    '192.168.0.1',
    '169.254.169.254',
    '100.64.0.1',
  ],
  ...[
    '224.0.0.1',
    '255.255.255.255',
    '198.18.0.1',
    '::1',
    '::',
    'fe80::1',
    'fe80::1%eth0',
    'fc00::1',
    'fd00:ec2::254',
    'ff02::1',
    'fec0::1',
  ],
  ...['::ffff:127.0.0.1', '::ffff:7f00:1', '0:0:0:0:0:ffff:7f00:0001', '::127.0.0.1', '64:ff9b::7f00:1', '64:ff9b:1::1', '2002:7f00:1::'],
  ...['2001::1', '2001:db8::1', '100::1', '', 'localhost', '127.1', '0x7f.1', '2130706433'],
])('%s is not', (address) => expect(isPublic(address)).toBe(false));

test('ranges that are listed are open, and nothing beside them', () => {
  const check = addressCheck(['10.1.0.0/16', '192.168.0.7', 'fd00::/8']);
  for (const address of ['10.1.2.3', '::ffff:10.1.2.3', '192.168.0.7', 'fd12::1', '8.8.8.8']) expect(check(address)).toBeUndefined();
  for (const address of ['10.2.0.1', '192.168.0.8', 'fe80::1', '127.0.0.1']) expect(check(address)).toContain('no public address');
});

test.each(['10.0.0.0/33', '10.0.0.0/-1', '10.0.0/8', 'fd00::/129', 'x', '', '10.0.0.0/8/8', 'fe80::1%eth0/64', '10.0.0.0/'])(
  '%j is no range',
  (text) => expect(readRange(text)).toBeUndefined(),
);
