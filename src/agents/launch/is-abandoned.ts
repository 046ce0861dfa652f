import { createHash, randomBytes } from 'node:crypto';
import { hostname } from 'node:os';

const host = createHash('sha256').update(hostname()).digest('hex').slice(0, 8);
const life = randomBytes(3).toString('hex');

/** Prefix of every home this process makes, so that a later one can tell what it left behind. */
export const OWN_PREFIX = `agent-${host}-${process.pid}-${life}-`;

/** True for a home of a process of this machine that has ended. Those of other machines are not our business. */
export function isAbandoned(name: string): boolean {
  const [, owner, pid, lifeOfOwner] = /^agent-([0-9a-f]{8})-(\d+)-([0-9a-f]{6})-/.exec(name) ?? [];
  if (owner !== host || lifeOfOwner === life) return false;
  // After a restart in a container, the process id is often our own.
  return Number(pid) === process.pid || !isAlive(Number(pid));
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return error instanceof Error && 'code' in error && error.code === 'EPERM';
  }
}
