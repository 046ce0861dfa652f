import type { Denied } from '../../commands/authorize.ts';
import type { VerbName } from '../../commands/verbs.ts';
import type { Refusal } from '../../engine/state/event.ts';
import { cleanLine } from '../text/clean-text.ts';
import { joinWords } from '../text/format.ts';

/** Polite, short, and pointing to somebody who may. */
export function renderDenied(denied: Denied, prefix: string): string {
  return `Not done: ${reasonFor(denied)} ${wayOn(denied, prefix)}`.trim();
}

/** The run itself refused: the gate is closed, the branch has moved, nothing is left to resume. */
export function renderRefused(refusal: Refusal, prefix: string): string {
  const text = cleanLine(refusal.message, 500);
  const sentence = /[.!?…]$/.test(text) ? text : `${text}.`;
  return `Not done: ${lowerFirst(sentence)} (\`/${prefix} status\` shows what is open here.)`;
}

const DOING: Readonly<Record<VerbName, string>> = {
  run: 'starting a workflow',
  workflow: 'starting a workflow',
  plan: 'looking at a plan',
  doctor: 'examining workflows',
  create: 'proposing a workflow',
  list: 'reading the list of workflows',
  status: 'reading the status',
  output: 'reading a result',
  help: 'reading the help',
  approve: 'approving',
  revise: 'sending a result back',
  deny: 'denying',
  edit: 'replacing a result',
  answer: 'answering questions',
  guide: 'giving advice',
  override: 'overriding a check',
  skip: 'skipping a step',
  redesign: 'changing the requirements',
  cancel: 'cancelling a run',
  retry: 'retrying a step',
  resume: 'resuming a run',
};

function reasonFor(denied: Denied): string {
  const who = cleanLine(denied.login, 40);
  const doing = DOING[denied.verb];
  switch (denied.reason) {
    case 'could-not-check':
      return `GitHub did not say which rights ${who} has here, so nothing was changed.`;
    case 'role': {
      const starter = denied.starterMay ? ', or having started the run' : '';
      return `${doing} needs ${denied.needs ?? 'more'} access${starter}, and ${who} has ${denied.has ?? 'none'} here.`;
    }
    case 'not-an-approver':
      return `${doing} needs one of ${approversText(denied)}, and ${who} is not among them.`;
    case 'own-run':
      return `${who} started this run, and this gate asks for somebody else's eyes.`;
    case 'no-gate':
      return 'nothing here waits for a decision.';
  }
}

function approversText({ approvers }: Denied): string {
  const names = [...(approvers?.teams ?? []), ...(approvers?.users ?? [])];
  return joinWords(
    names.slice(0, 10).map((name) => cleanLine(name, 60)),
    'or',
  );
}

function wayOn({ reason, verb }: Denied, prefix: string): string {
  switch (reason) {
    case 'could-not-check':
      return 'Please repeat the command in a minute.';
    case 'role':
      return `Somebody with that access can write the same command; \`/${prefix} help ${verb}\` says more.`;
    case 'own-run':
      return 'You can still send it back or end it.';
    case 'not-an-approver':
    case 'no-gate':
      return `(\`/${prefix} status\` shows what is open here.)`;
  }
}

function lowerFirst(text: string): string {
  return /^[A-Z][a-z]/.test(text) ? text.slice(0, 1).toLowerCase() + text.slice(1) : text;
}
