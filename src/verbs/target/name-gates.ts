import type { NamedGate } from '../../render/answer/answer.ts';
import { readPostedLinks } from '../../runs/posted-links.ts';
import type { LookupDeps } from '../verb-deps.ts';
import type { OpenGate } from './resolve-target.ts';

/** What an answer needs to name gates. */
export async function nameGates(
  deps: LookupDeps,
  gates: readonly OpenGate[],
): Promise<NamedGate[]> {
  return Promise.all(
    gates.map(async ({ stored, gate }) => {
      const links = await readPostedLinks(deps.runs, stored.run.id);
      return {
        gate: gate.id,
        run: stored.run.id,
        artefact: gate.subject.output ?? gate.subject.node,
        url: links.gates[gate.id] ?? null,
      };
    }),
  );
}
