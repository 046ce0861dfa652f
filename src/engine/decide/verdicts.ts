import type { Verdict } from '../state/run.ts';
import { approve } from './approve.ts';
import { deny } from './deny.ts';
import { edit } from './edit.ts';
import { answer, guide, override, retry } from './go-on.ts';
import { revise } from './revise.ts';
import type { Settle } from './verdict.ts';

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
