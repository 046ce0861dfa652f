import { globSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { loadBuiltinWorkflows } from '#src/builtin-workflows.ts';
import { ConfigSchema } from '#src/config.ts';
import { GATE_KINDS, NODE_STATUSES, RUN_STATUSES } from '#src/engine/state/run.ts';
import { compileWorkflow } from '#src/language/native/compile/compile.ts';
import { JOB_NAMES } from '#src/queue/jobs.ts';
import { parseText } from '#test/support/language/parse-text.ts';
import { blocksOf, codesOf, PAGES, type Page, ROOT, readPage, readText } from './read-pages.ts';

const architecture = readPage('ARCHITECTURE.md');

describe.each(PAGES)('$path', (page) => {
  it('names only scripts that package.json has', () => {
    const { scripts } = JSON.parse(readText('package.json')) as { scripts: object };

    const named = [...page.text.matchAll(/npm run ([\w:-]+)/g)].map(([, name]) => name);

    expect(named.filter((name) => !Object.hasOwn(scripts, name ?? ''))).toEqual([]);
  });

  it('names only variables that are read', () => {
    const read = new Set([...Object.keys(ConfigSchema.shape), ...variablesOfTests()]);

    const named = [...page.text.matchAll(/\bSLUICE_[A-Z_]*[A-Z]\b/g)].map(([name]) => name);

    expect(named.filter((name) => !read.has(name))).toEqual([]);
  });

  it('shows only workflow files that start without a problem', () => {
    expect(workflowsIn(page).flatMap(problemsOf)).toEqual([]);
  });
});

function variablesOfTests(): string[] {
  const texts = globSync('test/**/*.ts', { cwd: ROOT }).map(readText);
  return texts.flatMap((text) =>
    [...text.matchAll(/process\.env\['(\w+)'\]/g)].map(([, name = '']) => name),
  );
}

function workflowsIn(page: Page): string[] {
  return blocksOf(page, 'yaml').filter((block) => /^name: .*^steps:/ms.test(block));
}

const builtin = loadBuiltinWorkflows(`${ROOT}/workflows`);

function problemsOf(text: string): string[] {
  const parsed = parseText(text, {
    path: 'example.yml',
    personas: builtin.personas,
    readFile: () => undefined,
  });
  if (!parsed.ok) return parsed.problems.map(({ message }) => message);
  const compiled = compileWorkflow(parsed.definition, {
    resolve: (name) => builtin.definitions.get(name),
    workflowNames: [...builtin.definitions.keys()],
    personas: builtin.personas,
    source: { origin: 'repository', path: 'example.yml', commit: null, digest: '' },
  });
  return compiled.ok ? [] : compiled.problems.map(({ message }) => message);
}

describe('README.md', () => {
  it('names every built-in workflow', () => {
    const named = codesOf(readPage('README.md'));

    expect(named).toEqual(expect.arrayContaining([...builtin.definitions.keys()]));
  });
});

describe('ARCHITECTURE.md', () => {
  const named = codesOf(architecture);
  const sources = globSync('src/**/*.ts', { cwd: ROOT });

  it.each([
    ['status of a run', RUN_STATUSES],
    ['status of a node', NODE_STATUSES],
    ['kind of gate', GATE_KINDS],
    ['kind of job', JOB_NAMES],
  ])('names every %s', (_, names) => {
    expect(named).toEqual(expect.arrayContaining([...names]));
  });

  it('has every folder of the sources in its map and its table', () => {
    const folders = [...new Set(sources.map((path) => path.split('/')[1] ?? ''))];
    const rows = [...architecture.text.matchAll(/^\| `(\w+)\//gm)].map(([, name = '']) => name);
    const [, map = ''] =
      /## The house on one screen\n\n```text\n(.*?)```/s.exec(architecture.text) ?? [];
    const drawn = new Set(map.match(/\b[a-z]+\b/g));
    const rooms = folders.filter((name) => !name.endsWith('.ts'));

    expect(new Set(rows)).toEqual(new Set(rooms));
    expect(rooms.filter((name) => !drawn.has(name))).toEqual([]);
  });

  it('names only files and functions of today', () => {
    const code = sources.map(readText).join('\n');
    const files = named.filter((name) => /^[\w/-]+\.ts$/.test(name));
    const symbols = named.flatMap(
      (name) => /^([a-z]+[A-Z]\w*|[A-Z_]{4,}|[A-Z]\w+[a-z])(?:\(|$)/.exec(name)?.[1] ?? [],
    );

    const paths = [...sources, ...globSync('scripts/**/*.ts', { cwd: ROOT })];
    const isThere = (file: string) => paths.some((path) => `/${path}`.endsWith(`/${file}`));
    expect(files.filter((file) => !isThere(file))).toEqual([]);
    expect(symbols.filter((name) => !new RegExp(`\\b${name}\\b`).test(code))).toEqual([]);
  });
});

describe('docs/operations.md and docs/troubleshooting.md', () => {
  it('quote only messages that are logged', () => {
    const code = globSync('src/**/*.ts', { cwd: ROOT }).map(readText).join('\n');
    const pages = [readPage('docs/operations.md'), readPage('docs/troubleshooting.md')];

    const messages = pages
      .flatMap(codesOf)
      .filter((text) => /^[A-Za-z,;]+( [\w,;()-]+){3,}/.test(text));
    const unknown = messages.filter((message) =>
      message.split(/…|:/).some((part) => !code.includes(part.trim())),
    );

    expect(unknown).toEqual([]);
  });
});
