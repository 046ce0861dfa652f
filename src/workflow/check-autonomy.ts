import { type CheckContext, warn } from './check-context.ts';
import type { Workflow } from './schema/workflow.ts';

/** A native file says step by step where people decide; nothing adds or takes away what it says. */
export function checkAutonomy({ autonomy }: Partial<Workflow>, context: CheckContext): void {
  if (autonomy === undefined || autonomy === 'autonomous') return;
  const message = `\`autonomy: ${autonomy}\` is not supported yet: people are asked only where a step says so, with \`requires_approval\` or \`stop\`.`;
  warn(context, { code: 'not-supported', at: ['autonomy'], key: true, message });
}
