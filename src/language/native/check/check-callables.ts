import { CALLABLES } from '../../../plan/callables.ts';
import { nearest } from '../../problems/nearest.ts';
import type { PlacedStep, StepScope } from '../syntax/step-scope.ts';
import { type CheckContext, report } from './check-context.ts';

/** Only registered functions may be called, and only with arguments they have. */
export function checkCallables(scope: StepScope, context: CheckContext): void {
  for (const placed of scope.steps) checkCallable(placed, context);
}

function checkCallable({ step, path }: PlacedStep, context: CheckContext): void {
  const call = step.auto_run;
  if (call === undefined) return;
  const at = [...path, 'auto_run', 'callable'];
  const known = Object.hasOwn(CALLABLES, call.callable) ? CALLABLES[call.callable] : undefined;
  if (known === undefined) {
    const names = Object.keys(CALLABLES);
    const message = `there is no function \`${call.callable}\`; there are ${names.join(', ')}.`;
    const suggestion = nearest(call.callable, names);
    return report(context, { code: 'unknown-callable', at, message, suggestion });
  }
  for (const key of ['kwargs', 'input_map'] as const) {
    for (const name of Object.keys(call[key])) {
      if (Object.hasOwn(known.args, name)) continue;
      const message = `\`${call.callable}\` has no argument \`${name}\`.`;
      const suggestion = nearest(name, Object.keys(known.args));
      const place = [...path, 'auto_run', key, name];
      report(context, { code: 'unknown-callable', at: place, key: true, message, suggestion });
    }
  }
  const missing = Object.entries(known.args).filter(
    ([name, arg]) =>
      arg.required && !Object.hasOwn(call.kwargs, name) && !Object.hasOwn(call.input_map, name),
  );
  for (const [name] of missing) {
    const message = `\`${call.callable}\` needs the argument \`${name}\`.`;
    report(context, { code: 'missing-key', at, message });
  }
}
