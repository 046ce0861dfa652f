import { redesignedSteps } from '../../engine/read/redesigned-steps.ts';
import { isSettled } from '../../engine/state/is-settled.ts';
import { openGates } from '../../engine/state/open-gates.ts';
import type { Gate, GateKind, Run } from '../../engine/state/run.ts';
import { code } from '../text/clean-text.ts';
import { joinWords } from '../text/format.ts';
import type { ReportInput } from './report-input.ts';
import { workRows } from './step-rows.ts';

/** A way on: what to write, word for word, and what it leads to. */
export interface Exit {
  /** As it must be typed; the person fills in what is in `<…>`. */
  readonly line: string;
  readonly effect: string;
}

/** Every way a person can move a run on from where it is. Each line is one the parser accepts. */
export function exitsFor(input: ReportInput): readonly Exit[] {
  const { run, context, settings } = input;
  if (!isSettled(run.status)) {
    const gates = openGates(run);
    const asked = gates.flatMap((gate) => gateExits(gate, input));
    return [...asked, ...redesignExits(input), cancelExit(input)];
  }
  if (run.status === 'succeeded') {
    const line = `/${settings.prefix} run ${context.workflow}`;
    return [{ line, effect: 'runs it again' }];
  }
  // An escalated run is still asking: it can also be ended for good.
  const end = run.status === 'escalated' ? [cancelExit(input)] : [];
  return [...retryExits(input), resumeExit(input), ...redesignExits(input), ...end];
}

/** What can be said to one gate. Its id is included if more than one is open. */
export function gateExits(gate: Gate, input: ReportInput): readonly Exit[] {
  const id = openGates(input.run).length > 1 ? ` ${gate.id}` : '';
  const { verdicts, revise } = gate;
  const exits: Exit[] = [];
  if (verdicts.includes('approve')) {
    exits.push({ line: command(input, `approve${id}`), effect: APPROVED[gate.kind](gate) });
  }
  if (verdicts.includes('revise') && revise !== null && revise.left > 0) {
    const effect = `back to ${code(revise.to)} with your words, ${revise.left} of ${revise.max} rounds left`;
    exits.push({ line: command(input, `revise${id} what to change`), effect });
  }
  if (verdicts.includes('edit')) {
    const line = command(input, `edit${id} <the whole new text, in a fenced block below>`);
    exits.push({ line, effect: 'goes on with your text instead of the result' });
  }
  if (verdicts.includes('answer')) {
    const line = command(input, `answer${id} your answers`);
    exits.push({ line, effect: 'the step starts again with your answers' });
  }
  if (verdicts.includes('guide')) {
    const line = command(input, `guide${id} your advice`);
    exits.push({ line, effect: 'tries again, with your advice' });
  }
  if (verdicts.includes('override')) {
    const line = command(input, `override${id} why it may pass`);
    exits.push({
      line,
      effect: 'counts it as passed; takes maintain access, and the reason is kept',
    });
  }
  if (verdicts.includes('retry')) {
    exits.push({ line: command(input, `retry ${gate.node}`), effect: 'tries the step once more' });
  }
  if (verdicts.includes('deny')) {
    exits.push({ line: command(input, `deny${id} reason`), effect: 'the run ends' });
  }
  return exits;
}

/** Changed requirements go back farther than any gate; if a gate goes there as well, it says so itself. */
export function redesignExits(input: ReportInput): readonly Exit[] {
  const { plan, run } = input;
  const isOpen = !isSettled(run.status) || run.status === 'escalated';
  const steps = redesignedSteps(plan, run);
  const asksThere = openGates(run).some(({ revise }) => revise?.to === plan.policies.redesign?.to);
  if (!isOpen || steps.length === 0 || asksThere) return [];
  const again = joinWords(steps.map(code));
  const effect = `the requirements have changed: stops what runs, and does ${again} again with your words; commits stay`;
  return [{ line: command(input, 'redesign what is wanted now'), effect }];
}

/** What approving leads to. */
const APPROVED: Readonly<Record<GateKind, (gate: Gate) => string>> = {
  approval: goesOn,
  consent: goesOn,
  'stop-point': goesOn,
  confidence: goesOn,
  checkpoint: goesOn,
  escalation: goesOn,
  question: goesOn,
  budget: () => 'lets the run go on beyond this limit',
  'open-items': () => 'accepts the open items as they are and lets the step run',
};

function goesOn({ when, subject }: Gate): string {
  if (when === 'before') return 'lets the step run';
  return `continue with the ${(subject.output ?? 'result').replaceAll('_', ' ')} exactly as shown`;
}

/** As it must be typed on the run's own thread in its current state. */
function command({ run, settings }: ReportInput, words: string): string {
  return settings.bare && !isSettled(run.status) ? `/${words}` : `/${settings.prefix} ${words}`;
}

function cancelExit(input: ReportInput): Exit {
  return { line: command(input, 'cancel'), effect: 'stops the run; its branch stays' };
}

function resumeExit(input: ReportInput): Exit {
  return {
    line: command(input, 'resume'),
    effect: 'goes on from here; finished steps keep their results',
  };
}

/** One failed step can be retried on its own; with several, `resume` takes them all. */
function retryExits(input: ReportInput): readonly Exit[] {
  const failed = failedSteps(input.plan, input.run);
  const [only, ...others] = failed;
  if (only === undefined || others.length > 0) return [];
  return [{ line: command(input, `retry ${only}`), effect: 'tries that step once more' }];
}

function failedSteps(plan: ReportInput['plan'], run: Run): readonly string[] {
  return workRows(plan, run)
    .filter(({ state }) => state.status === 'failed')
    .map(({ key }) => key);
}
