import { wildcardFits } from '../../wildcards.ts';

/** Whether a command begins as a pattern says; `*` in it stands for anything. */
export function patternFits(pattern: string, command: string): boolean {
  return wildcardFits(pattern, command) || wildcardFits(`${pattern} *`, command);
}
