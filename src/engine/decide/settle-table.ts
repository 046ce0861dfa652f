import type { Verdict } from '../state/run.ts';
import { approve } from './approve.ts';
import type { Settle } from './close-gate.ts';
import { deny } from './deny.ts';
import { edit } from './edit.ts';
import { answer, guide, override, retry } from './retry-and-guide.ts';
import { revise } from './revise.ts';

export const SETTLE: Readonly<Record<Verdict, Settle>> = {
  approve,
  deny,
  revise,
  edit,
  retry,
  guide,
  override,
  answer,
};
