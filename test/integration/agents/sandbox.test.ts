import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { mkdtemp, readdir, readFile, rm, symlink, writeFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createAgents } from '#src/agents/agents.ts';
import { findSandbox, SandboxError } from '#src/agents/launch/sandbox.ts';
import { runSubprocess } from '#src/workspace/subprocess.ts';
import {
  type AgentFixture,
  type FixtureOptions,
  openAgentFixture,
} from '#test/support/agent-fixture.ts';
import type { ScriptStep } from '#test/support/scripted/scenario.ts';

/** Plays what a prompt says in a shell, and answers with its output. */
const SHELL: FixtureOptions = {
  stubborn: true,
  prompts: [{ match: '(?<command>.*)', steps: [{ shell: '${command}' }, { text: '${last}' }] }],
};

let fixture: AgentFixture;
beforeEach(async () => {
  fixture = await openAgentFixture(SHELL);
});
afterEach(() => fixture.close());

const shell = async (command: string, request = {}) =>
  (await fixture.run({ access: 'full', prompt: command, ...request })).text;

describe('a step that may only read', () => {
  it('cannot write, even through an agent that ignores a refusal', async () => {
    await writeFile(join(fixture.cwd, 'kept.txt'), 'kept');
    const command = 'echo x > new.txt; echo x > kept.txt; rm kept.txt; mkdir d; cat kept.txt';

    const output = await shell(command, { access: 'readonly' });

    expect(output).toContain('Read-only file system');
    expect(await readdir(fixture.cwd)).toEqual(['.git', 'kept.txt']);
    expect(await readFile(join(fixture.cwd, 'kept.txt'), 'utf8')).toBe('kept');
  });

  it('still has a home and a folder for temporary files', async () => {
    const output = await shell('echo a > ~/a && echo b > $TMPDIR/b && cat ~/a $TMPDIR/b', {
      access: 'readonly',
    });

    expect(output).toBe('a\nb\n');
  });
});

describe('a step that may run commands and write nothing', () => {
  it('runs a command that it asked for, which cannot write to the worktree', async () => {
    const agent = await openAgentFixture({ ...SHELL, stubborn: false });
    await writeFile(join(agent.cwd, 'kept.txt'), 'kept');
    const command =
      'echo ran; echo x > new.txt; echo x > kept.txt; rm kept.txt; echo t > $TMPDIR/t';

    const { text } = await agent.run({ access: 'execute', prompt: command });

    const files = await readdir(agent.cwd);
    const kept = await readFile(join(agent.cwd, 'kept.txt'), 'utf8');
    await agent.close();
    expect(text).toMatch(/^ran\n/);
    expect(text).toContain('Read-only file system');
    expect(files).toEqual(['.git', 'kept.txt']);
    expect(kept).toBe('kept');
  });

  it('is refused where there is no sandbox', async () => {
    const agent = await openAgentFixture({ ...SHELL, agents: { sandbox: 'off' } });

    const outcome = await agent.run({ access: 'execute', prompt: 'echo x > new.txt' });

    const files = await readdir(agent.cwd);
    await agent.close();
    expect(outcome).toMatchObject({
      status: 'failed',
      failure: { class: 'configuration', reason: 'no-sandbox' },
    });
    expect(files).toEqual(['.git']);
  });
});

describe('a step with lists of commands', () => {
  it.each([
    [true, ['.git', 'made']],
    [false, ['.git']],
  ])('runs what its agent asks for only where they let it: %s', async (allowed, expected) => {
    const agent = await openAgentFixture({ ...SHELL, stubborn: false });
    const mayRun = (line: string) => allowed && line === 'touch made';

    await agent.run({ access: 'full', prompt: 'touch made', mayRun });

    const files = await readdir(agent.cwd);
    await agent.close();
    expect(files).toEqual(expected);
  });
});

describe.each(['edit', 'full'] as const)('a step with access %s', (access) => {
  it('can write to the worktree', async () => {
    await shell('mkdir -p src && echo hello > src/new.txt', { access });

    expect(await readFile(join(fixture.cwd, 'src/new.txt'), 'utf8')).toBe('hello\n');
  });

  it('cannot touch what makes the worktree a repository', async () => {
    const output = await shell(
      'echo x > .git; rm -f .git; mv .git away; ln -sf /tmp .git; cat .git',
      { access },
    );

    expect(output).toContain('gitdir: elsewhere');
    expect(await readFile(join(fixture.cwd, '.git'), 'utf8')).toBe('gitdir: elsewhere\n');
  });
});

describe('inside the sandbox', () => {
  it('git can read the history but cannot commit, configure or plant a hook', async () => {
    const bare = join(fixture.folder, 'mirror.git');
    const worktree = join(fixture.folder, 'tree');
    await git(fixture.folder, 'init', '-q', 'origin');
    await git(join(fixture.folder, 'origin'), 'commit', '-q', '--allow-empty', '-m', 'first');
    await git(fixture.folder, 'clone', '-q', '--bare', 'origin', bare);
    await git(bare, 'worktree', 'add', '-q', '-b', 'work', worktree);
    const before = await readdir(join(bare, 'hooks'));
    const command =
      'git log --format=%s; git commit -q --allow-empty -m second; git config core.hooksPath /tmp; ' +
      'H=$(git rev-parse --git-common-dir)/hooks; echo "#!/bin/sh" > $H/pre-commit; git log --format=%s';

    const output = await shell(command, { cwd: worktree, readonlyPaths: [bare] });

    expect(output.split('\n').filter((line) => ['first', 'second'].includes(line))).toEqual([
      'first',
      'first',
    ]);
    expect(output).toContain('Read-only file system');
    expect(await readdir(join(bare, 'hooks'))).toEqual(before);
  });

  it('nothing of this machine is visible but the system and the worktree', async () => {
    await writeFile(join(fixture.folder, 'secret.txt'), 'secret');

    const output = await shell(
      `ls ${fixture.folder}; cat ${fixture.folder}/secret.txt /etc/shadow; ls /root /var`,
    );

    expect(output).toMatch(/^scenario\.json\nworktree\n/);
    expect(output).not.toContain('secret\n');
    expect(output.match(/No such file or directory/g)).toHaveLength(4);
  });

  it('the environment holds nothing of the engine', async () => {
    process.env['ENGINE_SECRET_FOR_TEST'] = 'do-not-tell';

    const output = await shell('env; cat /proc/*/environ');

    delete process.env['ENGINE_SECRET_FOR_TEST'];
    expect(output).toContain('HOME=/home/agent');
    expect(output).not.toContain('do-not-tell');
  });

  it('other processes of this machine cannot be seen', async () => {
    const output = await shell(
      'cat /proc/*/cmdline | tr "\\0" "\\n"; echo; kill -9 ' + String(process.pid),
    );

    expect(output).not.toContain('vitest');
  });

  it.each([false, true])('this machine cannot be reached (network: %s)', async (network) => {
    const server = createServer((_, answer) => answer.end('internal'));
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    const address = server.address();
    const port = typeof address === 'object' && address !== null ? address.port : 0;
    const command =
      `curl -s -m 3 http://127.0.0.1:${port}; curl -s -m 3 -k https://localhost:443; ` +
      `curl -s -m 3 --proxytunnel --noproxy "" -x $LLM_BASE_URL http://127.0.0.1:${port}; ` +
      'curl -s -m 3 --noproxy "" -x $LLM_BASE_URL -o /dev/null -w "%{http_connect} " https://127.0.0.1; ' +
      'curl -s -m 3 --noproxy "" -x $LLM_BASE_URL -o /dev/null -w "%{http_connect}" https://169.254.169.254';

    const output = await shell(command, { network });

    server.close();
    expect(output).toBe(network ? '403 403' : '000 000');
  });

  it('there is no network', async () => {
    const output = await shell(
      'ls /sys/class/net /proc/net/dev 2>/dev/null; cat /proc/net/dev | tail -n +3 | cut -d: -f1',
    );

    expect(output.trim().split(/\s+/).at(-1)).toBe('lo');
  });

  it('the tools of the engine are closed to who has no token', async () => {
    const post = `curl -s -o /dev/null -w '%{http_code} ' -X POST -d '{}'`;

    const output = await shell(
      `${post} $LLM_BASE_URL/mcp; ${post} -H 'Authorization: Bearer x' $LLM_BASE_URL/mcp`,
    );

    expect(output).toBe('401 401 ');
  });
});

it('removes a home that holds read-only folders', async () => {
  await shell('mkdir -p ~/go/pkg/mod && touch ~/go/pkg/mod/x && chmod -R a-w ~/go');

  await fixture.agents.releaseRun('run-1');

  expect(await readdir(fixture.homeRoot)).toEqual([]);
});

describe('without bubblewrap', () => {
  it('a required sandbox refuses to open', async () => {
    const opening = findSandbox('required', fixture.folder);

    await expect(opening).rejects.toThrow(SandboxError);
    await expect(findSandbox('auto', fixture.folder)).resolves.toBeUndefined();
  });

  it('a sandbox that does not work counts as none', async () => {
    await writeFile(join(fixture.folder, 'bwrap'), '#!/bin/sh\necho not permitted >&2; exit 1\n', {
      mode: 0o755,
    });

    await expect(findSandbox('required', fixture.folder)).rejects.toThrow('not permitted');
  });

  it('agents run as they are, with a clean environment and a home of their own', async () => {
    const options = { ...SHELL, agents: { sandbox: 'off' as const } };
    await fixture.close();
    fixture = await openAgentFixture(options);

    const output = await shell('env');

    expect(fixture.agents.isSandboxed).toBe(false);
    expect(output).toContain(`HOME=${fixture.homeRoot}/agent-`);
    expect(output).not.toContain('VITEST');
  });
});

it('carries model calls and tools through a relay of its own where socat is missing', async () => {
  const bin = await mkdtemp(join(tmpdir(), 'bin-'));
  await symlink('/usr/bin/bwrap', join(bin, 'bwrap'));
  await fixture.close();
  const steps: ScriptStep[] = [{ delay: 500 }, { result: { ok: true } }];
  fixture = await openAgentFixture({ prompts: [{ steps }], agents: { systemPath: bin } });

  const outcome = await fixture.run({ resultSchema: { type: 'object' } });

  await rm(bin, { recursive: true });
  expect(outcome).toMatchObject({ status: 'succeeded', result: { ok: true } });
});

it('opens with the sandbox that is required in production', async () => {
  const agents = await createAgents({
    catalog: { agents: {}, fallback: {} },
    secrets: {},
    sandbox: 'required',
    homeRoot: join(fixture.folder, 'others'),
    log: { info: () => undefined, warn: () => undefined },
  });

  expect(agents.isSandboxed).toBe(true);
  await agents.close();
  expect(existsSync(join(fixture.folder, 'others'))).toBe(false);
});

async function git(cwd: string, ...args: string[]): Promise<void> {
  const env = {
    PATH: '/usr/bin:/bin',
    HOME: cwd,
    GIT_CONFIG_NOSYSTEM: '1',
    GIT_AUTHOR_NAME: 'a',
    GIT_AUTHOR_EMAIL: 'a@example.com',
    GIT_COMMITTER_NAME: 'a',
    GIT_COMMITTER_EMAIL: 'a@example.com',
  };
  const done = await runSubprocess({ command: 'git', args, cwd, env });
  expect(done.stderr).toBe('');
}
