import type { Settings } from '../settings.ts';

/** A verb as it must be typed after the slash in this installation. */
export function typed(verb: string, { prefix, bareCommands }: Settings): string {
  return bareCommands ? verb : `${prefix} ${verb}`;
}
