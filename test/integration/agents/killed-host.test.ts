import { once } from 'node:events';
import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeEach, expect, it, onTestFinished, vi } from 'vitest';
import { createAgents } from '#src/agents/agents.ts';
import { spawnProcess } from '#src/workspace/subprocess.ts';
import { type AgentFixture, openAgentFixture, processesWith } from '#test/support/agent-fixture.ts';

const HOST = fileURLToPath(new URL('../../fixtures/agents-host.ts', import.meta.url));

/** A number of seconds nobody else on this machine sleeps. */
const LONG = 1_000_000_000 + process.pid;

let fixture: AgentFixture;
beforeEach(async () => {
  const steps = [{ text: 'working' }, { shell: `setsid sleep ${LONG} & sleep ${LONG}` }];
  fixture = await openAgentFixture({ prompts: [{ steps }] });
});
afterEach(() => fixture.close());

it('takes its agents along when it is killed, and the next process clears up after it', async () => {
  const scenario = join(fixture.folder, 'scenario.json');
  const host = spawnProcess({
    command: process.execPath,
    args: [HOST, fixture.cwd, fixture.homeRoot, scenario],
    cwd: fixture.folder,
    env: { PATH: '/usr/bin:/bin' },
  });
  onTestFinished(() => void host.stop(0));
  await once(host.stdout, 'data');
  await vi.waitFor(() => expect(processesWith(`sleep ${LONG}`)).not.toEqual([]), {
    timeout: 30_000,
  });

  process.kill(host.pid ?? 0, 'SIGKILL');
  await host.exited;

  await vi.waitFor(() => expect(processesWith(fixture.folder)).toEqual([]), { timeout: 30_000 });
  expect(processesWith(`sleep ${LONG}`)).toEqual([]);
  expect(await readdir(fixture.homeRoot)).toHaveLength(1);
  const next = await createAgents({
    catalog: { agents: {}, fallback: {} },
    secrets: {},
    sandbox: 'required',
    homeRoot: fixture.homeRoot,
    log: { info: () => undefined, warn: () => undefined },
  });
  expect(await readdir(fixture.homeRoot)).toEqual([]);
  await next.close();
});
