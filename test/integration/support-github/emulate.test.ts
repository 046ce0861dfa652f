import { describe, expect, it } from 'vitest';
import {
  EMULATE_VERSION,
  installedEmulateVersion,
  loadPlugin,
} from '#test/support/github/emulate/load-plugin.ts';
import { startLocalGitHub } from '#test/support/github/local-github.ts';

describe('emulate', () => {
  it('is the version whose inside we know', () => {
    expect(installedEmulateVersion()).toBe(EMULATE_VERSION);
  });

  it('exports the plugin and the store that the extension needs', async () => {
    const plugin = await loadPlugin();

    expect(plugin.githubPlugin.register).toBeTypeOf('function');
    expect(plugin.getGitHubStore).toBeTypeOf('function');
  });

  it('gives every start a GitHub of its own', async () => {
    const [one, other] = await Promise.all([startLocalGitHub(), startLocalGitHub()]);

    await one.as('bob').createIssue({ title: 'Only here' });

    expect(one.issues()).toHaveLength(1);
    expect(other.issues()).toHaveLength(0);
    await one.close();
    await other.close();
  });
});
