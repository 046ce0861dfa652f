import { GATES } from '../../engine/state/gates.ts';
import type { Gate } from '../../engine/state/run.ts';
import { cleanLine } from '../text/clean-text.ts';
import { joinWords } from '../text/format.ts';
import { decidingRole, namedDeciders } from './gates.ts';
import type { ReportInput } from './report-input.ts';

/** Whose decision or answer the gate is waiting for, in one or two sentences. */
export function whoDecides(input: ReportInput, gate: Gate): string {
  const { context, run, settings } = input;
  if (GATES[gate.kind].verdicts.includes('answer')) return whoAnswers(input, gate);
  const mention = settings.mention === 'approvers' ? '@' : '';
  const named = namedDeciders(gate, context.repository.owner, mention);
  const { count } = gate.approvers;
  const access = `with ${decidingRole(gate)} access`;
  const several = count === 1 ? '' : `; it takes ${count}`;
  const who =
    named === ''
      ? `Anybody ${access} can decide${several}`
      : `${named}: ${count} of you can decide`;
  return `${who}${exceptStarter(gate, run.starter)}.${votesSoFar(gate)}`;
}

function whoAnswers({ context, run }: ReportInput, gate: Gate): string {
  const { author } = context.subject;
  const starter = `${cleanLine(run.starter, 40)} who started this run`;
  const writer =
    gate.answersFrom === 'author' && author !== run.starter
      ? `, ${cleanLine(author, 40)} who wrote this`
      : '';
  const { teams, users } = gate.approvers;
  const named = gate.answersFrom === 'starter' ? [] : [...teams, ...users];
  const approvers = named.map((name) => `, ${cleanLine(name, 60)}`).join('');
  return `${starter}${writer}${approvers}, and anybody with write access can answer.`;
}

function votesSoFar({ votes, approvers }: Gate): string {
  if (votes.length === 0) return '';
  const names = votes.map(({ by }) => cleanLine(by, 40));
  return ` Approved so far by ${joinWords(names)} (${votes.length} of ${approvers.count}).`;
}

function exceptStarter({ selfApprove }: Gate, starter: string): string {
  if (selfApprove === 'allow') return '';
  const unless = selfApprove === 'if_alone' ? ', unless nobody else can' : '';
  return `, except ${cleanLine(starter, 40)} who started this run${unless}`;
}
