import { describe, expect, it } from 'vitest';
import { firstRule, scripted, strangersIn } from '#src/doctor/simulate/cast.ts';
import { type Play, play } from '#src/doctor/simulate/play.ts';
import { parseScript, type Script } from '#src/doctor/simulate/script.ts';
import { aPlan as nativePlan } from '#test/support/language/builders.ts';

const PLAN = nativePlan(`name: a
steps:
  - id: plan
    agent: Planner
    prompt: x
    requires_approval: true
    result: {schema: {type: object, required: [scale], properties: {scale: {enum: [small, large]}}}}
    routes: [{when: result.scale == "large", goto: design}, {default: true, goto: build}]
  - {id: design, agent: Planner, prompt: x}
  - {id: build, agent: Engineer, prompt: x, depends_on: [design], result: {required_keys: [status]}, status_field: status}
loops:
  again: {from: build, to: build, max: 2}
`);

function scriptOf(text: string): Script {
  const parsed = parseScript(text, 'script.yml');
  if (!parsed.ok) throw new Error(JSON.stringify(parsed.problems));
  return parsed.script;
}

const playScript = (text: string): Play => play(PLAN, {}, scripted(PLAN, scriptOf(text)));
const movesOf = ({ acts }: Play): string[] =>
  acts.flatMap(({ move }) => {
    if (move === null) return [];
    if (move.type === 'verdict') return [`${move.node}: ${move.verdict}`];
    return move.type === 'answer' ? [`${move.node}: ${move.answer.outcome}`] : [move.type];
  });

describe('playing without a script', () => {
  it('takes the first route everywhere and approves every gate', () => {
    const played = play(PLAN, {}, firstRule);

    expect(movesOf(played)).toEqual(['plan: ok', 'plan: approve', 'design: ok', 'build: ok']);
    expect(played).toMatchObject({ end: 'over', run: { status: 'succeeded' } });
  });
});

describe('playing a decision script', () => {
  it('works off answers and decisions in order', () => {
    const played = playScript(`
steps:
  plan: [{data: {scale: small}}]
  build: [{data: {status: needs_revision}}, {status: completed}]
gates:
  plan: [{revise: Smaller}, approve]
`);

    expect(movesOf(played)).toEqual([
      'plan: ok',
      'plan: revise',
      'plan: ok',
      'plan: approve',
      'design: ok',
      'build: revise',
      'build: ok',
    ]);
    expect(played.run.status).toBe('succeeded');
  });

  it('tells from the records why each way was taken', () => {
    const played = playScript('steps: {plan: [{data: {scale: small}}]}');

    const skipped = played.acts.flatMap(({ records }) =>
      records.filter(({ kind }) => kind === 'node-skipped'),
    );
    expect(skipped).toMatchObject([{ node: 'design', reasonCode: 'pruned' }]);
  });

  it('ends a run that is denied', () => {
    const played = playScript('gates: {plan: [{deny: Not now}]}');

    expect(played.run).toMatchObject({ status: 'failed', reason: { code: 'denied' } });
  });

  it('fails a step with the reason it is given', () => {
    const played = playScript('steps: {plan: [{fail: out-of-disk}]}');

    expect(played.run).toMatchObject({ status: 'failed', reason: { code: 'out-of-disk' } });
  });

  it('stops where the script decides what the gate does not offer', () => {
    const played = playScript('gates: {plan: [expire]}');

    expect(played).toMatchObject({
      end: 'refused',
      message: 'gate G1 of `plan` never expires.',
    });
  });

  it('knows what of the script was not used', () => {
    const director = scripted(PLAN, scriptOf('steps: {plan: [ok], build: [ok, ok, ok]}'));

    play(PLAN, {}, director);

    expect(director.leftOver()).toEqual(['steps.build: 2 of 3']);
  });
});

describe('a decision script', () => {
  it('may only name steps there are', () => {
    const script = scriptOf('steps: {biuld: [ok]}\ngates: {plan: [approve]}');

    expect(strangersIn(script, PLAN)).toEqual([{ name: 'biuld', suggestion: 'build' }]);
  });

  it.each([
    ['stps: {}', 'script.yml:1:1', 'a script has no key `stps`. Did you mean `steps`?'],
    ['gates: {plan: [aprove]}', 'script.yml:1:16', '`aprove`'],
    ['steps: {plan: ok}', 'script.yml:1:15', 'must be a list'],
  ])('%s is refused with its place', (text, place, message) => {
    const parsed = parseScript(text, 'script.yml');

    const problems = parsed.ok ? [] : parsed.problems;
    expect(problems.map(({ path, line, column }) => `${path}:${line}:${column}`)).toContain(place);
    expect(problems.map((problem) => problem.message).join()).toContain(message);
  });
});
