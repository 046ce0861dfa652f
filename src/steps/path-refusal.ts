import type { Failure } from '../engine/state/event.ts';
import { nodeAt } from '../engine/state/node-at.ts';
import { isObject, type Json } from '../plan/json.ts';
import { ofKind } from '../plan/kinds.ts';
import { failure } from './answer.ts';
import type { Attempt } from './attempt.ts';
import { fileMatcher } from './items/file-matcher.ts';

const MAX_NAMED = 5;

/** A step changed what its workflow keeps from it; null if it did not. Denied beats allowed. */
export function pathRefusal(
  { stored, node: key }: Attempt,
  changed: readonly { readonly path: string }[],
): Failure | null {
  const node = nodeAt(stored.plan, stored.run, key)?.node;
  const permissions = ofKind(node, 'agent')?.meta['permissions'];
  const rules = isObject(permissions) ? permissions['write'] : undefined;
  if (!isObject(rules)) return null;
  const denied = deniedPaths(
    changed.map(({ path }) => path),
    { allow: patterns(rules['allow']), deny: patterns(rules['deny']) },
  );
  if (denied.length === 0) return null;
  const named = denied.slice(0, MAX_NAMED).map((path) => `\`${path}\``);
  const more = denied.length > MAX_NAMED ? ` and ${denied.length - MAX_NAMED} more` : '';
  const message = `The step changed ${named.join(', ')}${more}, which its workflow does not let it change. Nothing was pushed.`;
  return failure('policy', 'path-denied', message);
}

export interface PathRules {
  /** Empty allows everything. */
  readonly allow: readonly string[];
  readonly deny: readonly string[];
}

export function deniedPaths(paths: readonly string[], { allow, deny }: PathRules): string[] {
  const allowed = allow.map(fileMatcher);
  const forbidden = deny.map(fileMatcher);
  return paths.filter(
    (path) =>
      forbidden.some((matches) => matches(path) || matches(withoutDots(path))) ||
      (allowed.length > 0 && !allowed.some((matches) => matches(path))),
  );
}

/** `*` skips hidden files; what is forbidden is forbidden for them as well. */
function withoutDots(path: string): string {
  return path.replaceAll(/(^|\/)\.+/g, '$1');
}

function patterns(value: Json | undefined): readonly string[] {
  return Array.isArray(value) ? value.filter((item) => typeof item === 'string') : [];
}
