import { REDESIGN, stepsToRepeat } from '../../engine/read/redesigned-steps.ts';
import { nodeAt } from '../../engine/state/node-at.ts';
import type { Gate } from '../../engine/state/run.ts';
import { quoteBlock } from '../text/clean-block.ts';
import { cleanLine, code } from '../text/clean-text.ts';
import { joinWords } from '../text/format.ts';
import type { ReportInput } from './report-input.ts';

/** The first question after the requirements changed says what its approval causes to be redone. */
export function changedRequirements({ plan, run }: ReportInput, gate: Gate): readonly string[] {
  const context = nodeAt(plan, run, gate.node)?.state.loopContext ?? null;
  const wish = context?.loop === REDESIGN ? context.guidance.at(-1) : undefined;
  if (wish === undefined) return [];
  const steps = stepsToRepeat(plan, run);
  const again = steps.length === 0 ? '' : ` Still to be done again: ${joinWords(steps.map(code))}.`;
  const line = `**The requirements have changed**, says ${cleanLine(wish.by, 40)}.${again} Commits made so far stay on the branch; what was not committed is dropped.`;
  return [`${line}\n\n${quoteBlock(wish.text, 4000)}`];
}
