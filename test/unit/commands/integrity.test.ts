import { expect, it } from 'vitest';
import { type Integrity, integrityOf, isTrusted } from '#src/commands/integrity.ts';

const as = (roleName: string, permission: string) => ({ roleName, permission });

it.each<[string, Parameters<typeof integrityOf>[0], Integrity]>([
  ['may write', { permission: as('maintain', 'write'), merged: false }, 'write'],
  [
    'has a custom role made from write',
    { permission: as('robot', 'write'), merged: false },
    'write',
  ],
  ['may only read but has merged', { permission: as('read', 'read'), merged: true }, 'read-known'],
  ['may only triage', { permission: as('triage', 'read'), merged: false }, 'any'],
  ['is unknown', { permission: null, merged: false }, 'any'],
])('knows an author who %s', (_, author, level) => {
  expect(integrityOf(author)).toBe(level);
});

it('takes a higher level for a lower one, and never the other way round', () => {
  expect(isTrusted('write', 'any')).toBe(true);
  expect(isTrusted('read-known', 'read-known')).toBe(true);
  expect(isTrusted('any', 'read-known')).toBe(false);
  expect(isTrusted('read-known', 'write')).toBe(false);
});
