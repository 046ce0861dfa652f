import {
  findVerb,
  VERB_NAMES,
  VERBS,
  type Verb,
  type VerbName,
  type Who,
} from '../../commands/verbs.ts';
import { code } from '../text/clean-text.ts';

export interface HelpFacts {
  readonly prefix: string;
  readonly bare: boolean;
  readonly workflows: readonly string[];
}

/** Help on a topic: a command, `workflows`, `gate`; anything else gets the overview. */
export function renderHelp(topic: string | null, facts: HelpFacts): string {
  const verb = findVerb(topic ?? '');
  if (topic === 'workflows' || verb === 'workflow') return workflowsHelp(facts);
  if (topic === 'gate' || topic === 'gates') return gateHelp(facts);
  return verb === null ? overview(facts) : verbHelp(verb, facts);
}

function overview(facts: HelpFacts): string {
  const { prefix, workflows, bare } = facts;
  const first = workflows[0] ?? 'feature';
  const short = bare
    ? `On a thread with a live run the short form works too: ${shortForms()}.`
    : 'The prefix is always needed here.';
  return [
    `**Start a workflow** with the label ${code(`${prefix}:${first}`)} or with ${code(`/${prefix} run ${first}`)}.`,
    table(
      VERB_NAMES.filter((name) => name !== 'workflow'),
      prefix,
    ),
    `${short} A command stands at the beginning of a line; quotes and code are never read as commands.`,
    `More: ${code(`/${prefix} help workflows`)}, ${code(`/${prefix} help gate`)}.`,
  ].join('\n\n');
}

function shortForms(): string {
  return VERB_NAMES.filter((name) => VERBS[name].bare)
    .map((name) => code(`/${name}`))
    .join(', ');
}

function table(names: readonly VerbName[], prefix: string): string {
  const rows = names.map((name) => {
    const { usage, help, who } = VERBS[name];
    return `| ${code(`/${prefix} ${usage}`)} | ${help} | ${whoText(who)} |`;
  });
  return ['| Command | Does | Who |', '|---|---|---|', ...rows].join('\n');
}

function whoText(who: Who): string {
  switch (who.type) {
    case 'anyone':
      return 'anybody';
    case 'role':
      return `${who.minimum} access`;
    case 'starter-or':
      return `the starter, or ${who.minimum} access`;
    case 'answerer':
      return 'the starter, write access, or whom the questions are for';
    case 'approver':
      return 'whom the gate names';
  }
}

function verbHelp(name: VerbName, { prefix, bare }: HelpFacts): string {
  const verb: Verb = VERBS[name];
  const also = [
    ...(bare && verb.bare ? [`/${name}`] : []),
    ...verb.aliases.map((alias) => `/${prefix} ${alias}`),
  ];
  return [
    `${code(`/${prefix} ${verb.usage}`)}: ${verb.help}.`,
    `Who may: ${whoText(verb.who)}.${also.length === 0 ? '' : ` Also: ${also.map((line) => code(line)).join(', ')}.`}`,
  ].join('\n\n');
}

function workflowsHelp({ prefix, workflows }: HelpFacts): string {
  const names = workflows.slice(0, 50).map((name) => code(name));
  return [
    names.length === 0 ? 'There are no workflows here.' : `Workflows here: ${names.join(', ')}.`,
    `${code(`/${prefix} list`)} shows what each is for. ${code(`/${prefix} run <workflow>`)} works on this issue or pull request as it is written; with words behind it, those are the task.`,
    `Your own go into ${code(`.github/${prefix}/workflows/`)} on the default branch.`,
  ].join('\n\n');
}

function gateHelp({ prefix }: HelpFacts): string {
  return [
    'A gate is a place where a workflow waits for a person. Its comment shows what is decided and who may.',
    table(['approve', 'revise', 'deny', 'cancel'], prefix),
    `An approval counts for exactly the result and the commit the gate shows: when either changes, the gate is void and a new one opens. With more than one gate open, name it: ${code(`/${prefix} approve G2`)}. The buttons of the check run do the same. A gate that nobody answers expires; it never approves by itself.`,
  ].join('\n\n');
}
