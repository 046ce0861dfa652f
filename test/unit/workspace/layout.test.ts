import { describe, expect, it } from 'vitest';
import { layoutOf, mirrorPath, treePath, worktreeName } from '#src/workspace/layout.ts';

const layout = layoutOf('/data');

const mirrorOf = (owner: string, repo: string, host = 'github.com') =>
  mirrorPath(layout, { owner, repo, cloneUrl: `https://${host}/x/y.git` });

describe('the layout', () => {
  it('gives repositories that GitHub takes for one the same mirror, and others another', () => {
    expect(mirrorOf('Acme', 'Demo')).toBe(mirrorOf('acme', 'demo'));
    expect(mirrorOf('acme', 'demo', 'github.example:8443')).not.toBe(mirrorOf('acme', 'demo'));
    expect(mirrorOf('acme', 'demo')).toBe('/data/mirrors/github.com/acme/demo.git');
  });

  it('keeps members apart whose ids differ only in what a path cannot hold', () => {
    expect(treePath(layout, 'r1', 'a/b')).not.toBe(treePath(layout, 'r1', 'a-b'));
    expect(treePath(layout, 'r1', '../../x')).toMatch(/^\/data\/runs\/r1\/members\/[\w-]+$/);
  });

  it('names worktrees so that the run is told by what comes before the dot', () => {
    expect(worktreeName('r1')).toBe('r1');
    expect(worktreeName('r1', 'a.b')).toMatch(/^r1\.[\w-]+$/);
  });
});
