import type { Failure } from '../engine/state/event.ts';
import type { PushResult } from '../workspace/push.ts';
import { failure } from './answer.ts';

type Refused = Extract<PushResult, { status: 'refused' }>;

/** Why a commit is not on its branch, for people: what happened, where, and what they can do. */
export function pushRefusal(branch: string, { reason, detail }: Refused): Failure {
  const { what, next } = WORDS[reason];
  const said = detail === '' ? '' : ` (${detail.replace(/\.$/, '')})`;
  const message = `Nothing was pushed to \`${branch}\`: ${what}${said}. ${next}`;
  return failure('policy', reason, message);
}

interface Words {
  readonly what: string;
  readonly next: string;
}

const WORDS: Readonly<Record<Refused['reason'], Words>> = {
  'protected-branch': {
    what: 'the branch is protected',
    next: 'Take the protection off the branches of this app, or have it use another prefix, and resume the run.',
  },
  'non-fast-forward': {
    what: 'somebody else has pushed to it since the step began',
    next: 'Resuming the run goes on from what is there now.',
  },
  'workflow-files': {
    what: 'the step changed files below `.github/workflows`, which this app may not write',
    next: 'Make that change by hand, and resume the run.',
  },
  'remote-rejected': {
    what: 'a rule of the repository refuses the commit',
    next: 'Change the rule, or what the step commits, and resume the run.',
  },
};
