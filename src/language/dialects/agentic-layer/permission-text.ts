import type { Json, JsonObject } from '../../../plan/json.ts';
import { CONFIG_NAMES } from './layer/layer-schema.ts';
import { OPERATIONS, type Permissions } from './permissions.ts';

/** Tells the agent what its phase may and may not do. */
export function permissionText({ allowed, limits }: Permissions): string {
  const named = CONFIG_NAMES.flatMap((category) =>
    Object.entries(OPERATIONS[category]).map(
      ([operation, words]) => [`${category}.${operation}`, words] as const,
    ),
  );
  const may = named.filter(([name]) => allowed.has(name)).map(([, words]) => words);
  const not = named.filter(([name]) => !allowed.has(name)).map(([, words]) => words);
  const runs = named.some(([name]) => name.startsWith('code_execution.') && allowed.has(name));
  const lines = [
    `You may ${may.join('; ')}.`,
    not.length === 0 ? '' : `You may not ${not.join('; ')}.`,
    pathLine('Read', limits.read),
    allowed.has('file_system.write') ? pathLine('Change', limits.write) : '',
    runs ? commandLine(limits.commands) : '',
    limits.protectedBranches.length === 0
      ? ''
      : `Leave these branches alone: ${limits.protectedBranches.join(', ')}.`,
  ];
  return `## What this phase may use\n\n${lines.filter((line) => line !== '').join('\n')}`;
}

function pathLine(verb: string, { allow = [], deny = [] }: JsonObject): string {
  const only = list(allow);
  const never = list(deny);
  return [
    only === '' ? '' : `${verb} only files that match ${only}.`,
    never === '' ? '' : `Never ${verb.toLowerCase()} files that match ${never}.`,
  ]
    .filter((part) => part !== '')
    .join(' ');
}

function commandLine({ allow = [], deny = [], timeout_ms: timeout = null }: JsonObject): string {
  const only = list(allow);
  const never = list(deny);
  return [
    only === '' ? '' : `Run only these commands: ${only}.`,
    never === '' ? '' : `Never run ${never}.`,
    typeof timeout === 'number' ? `A command may take ${Math.round(timeout / 1000)} seconds.` : '',
  ]
    .filter((part) => part !== '')
    .join(' ');
}

function list(items: Json): string {
  return Array.isArray(items) ? items.map((item) => `\`${String(item)}\``).join(', ') : '';
}
