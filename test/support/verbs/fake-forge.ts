import type { Role } from '#src/commands/role.ts';
import type { FileAnswer, Folder, PathAt, ProposedFile } from '#src/forge/contents.ts';
import type { Forge } from '#src/forge/forge.ts';
import type {
  Item,
  LabelChange,
  PullRequestFacts,
  ReactionContent,
  ReactionTarget,
  ThreadComment,
} from '#src/forge/items.ts';
import type { TeamName } from '#src/forge/people.ts';

const MAIN = 'a'.repeat(40);

const COARSE: Readonly<Record<Role, string>> = {
  none: 'none',
  read: 'read',
  triage: 'read',
  write: 'write',
  maintain: 'write',
  admin: 'admin',
};

/** A repository in memory. Tests set what is there, and read what was changed. */
export class FakeForge implements Forge {
  /** Role of everybody who is known there. */
  readonly people = new Map<string, Role>([
    ['alice', 'admin'],
    ['maya', 'maintain'],
    ['bob', 'write'],
    ['tess', 'triage'],
    ['rita', 'read'],
    ['mallory', 'none'],
  ]);
  /** `acme/core` -> its members. */
  readonly teams = new Map<string, readonly string[]>();
  readonly merged = new Set<string>();
  /** Branch -> the commit it points to. */
  readonly branches = new Map<string, string>([['main', MAIN]]);
  /** The same at every commit. */
  readonly files = new Map<string, string>();
  readonly items = new Map<number, Item>();
  readonly pulls = new Map<number, PullRequestFacts>();
  readonly changedPaths = new Map<number, readonly string[]>();
  readonly comments = new Map<number, readonly ThreadComment[]>();
  readonly searches = new Map<string, 'hit' | 'none' | 'refused'>();
  /** Nobody gets an answer about what people may. */
  tellsRights = true;
  /** What was changed, in order: `react eyes comment 7`, `label 3 -sluice:feature`, `propose a.yml`. */
  readonly written: string[] = [];

  async findBranch(name: string) {
    const sha = this.branches.get(name);
    return sha === undefined ? null : { name, sha };
  }

  async findFolder({ path: folder }: PathAt): Promise<Folder | null> {
    const files = [...this.files]
      .filter(([path]) => path.startsWith(`${folder}/`))
      .map(([path, text]) => ({ path, text }));
    return files.length === 0 ? null : { files, skipped: [] };
  }

  async findFile({ path }: PathAt): Promise<FileAnswer | null> {
    const text = this.files.get(path);
    return text === undefined ? null : { type: 'text', text };
  }

  async findMergeBase() {
    return MAIN;
  }

  async findItem(number: number) {
    return this.items.get(number) ?? null;
  }

  async findPullRequest(number: number) {
    return this.pulls.get(number) ?? null;
  }

  async findOpenPullRequests(branchPrefix: string) {
    return [...this.pulls.values()].filter(
      ({ state, headBranch }) => state === 'open' && headBranch.startsWith(branchPrefix),
    );
  }

  async listChangedPaths(number: number, limit: number) {
    return (this.changedPaths.get(number) ?? []).slice(0, limit);
  }

  async listLatestComments(number: number, limit: number) {
    return (this.comments.get(number) ?? []).slice(-limit);
  }

  async searchItems(query: string) {
    return this.searches.get(query) ?? 'none';
  }

  async findPermission(login: string) {
    if (!this.tellsRights) throw new Error('the forge does not answer');
    const role = this.people.get(login);
    return role === undefined ? null : { roleName: role, permission: COARSE[role] };
  }

  async isTeamMember({ org, slug }: TeamName, login: string) {
    return this.teams.get(`${org}/${slug}`)?.includes(login) === true;
  }

  async listCollaborators() {
    return [...this.people]
      .filter(([, role]) => role !== 'none' && role !== 'read')
      .map(([login, role]) => ({
        login,
        type: 'User',
        roleName: role,
        permission: COARSE[role],
      }));
  }

  async hasMergedPullRequest(login: string) {
    return this.merged.has(login);
  }

  async addReaction(target: ReactionTarget, content: ReactionContent) {
    const id = target.type === 'item' ? target.number : target.id;
    this.written.push(`react ${content} ${target.type} ${id}`);
  }

  async changeLabels(number: number, { add, remove }: LabelChange) {
    const item = this.items.get(number);
    if (item === undefined) return;
    const labels = [...item.labels.filter((label) => !remove.includes(label)), ...add];
    this.items.set(number, { ...item, labels });
    const changes = [...add.map((name) => `+${name}`), ...remove.map((name) => `-${name}`)];
    this.written.push(`label ${number} ${changes.join(' ')}`);
  }

  async proposeFile({ branch, baseSha, base, path }: ProposedFile) {
    const number = 1_000 + this.pulls.size;
    const known = [...this.pulls.values()].find(({ headBranch }) => headBranch === branch);
    if (known !== undefined) return known;
    this.branches.set(branch, baseSha);
    const pull = { number, state: 'open', baseBranch: base, headBranch: branch } as const;
    this.pulls.set(number, { ...pull, headSha: baseSha, fromFork: false });
    this.written.push(`propose ${path}`);
    return { number };
  }
}
