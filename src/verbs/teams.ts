import type { Gate } from '../engine/state/run.ts';
import type { LookupRequest } from './request.ts';

/** Those of the gate's teams a person is in. A team is named by its slug, with or without the organisation. */
export async function ownTeams(
  { forge, repository }: Pick<LookupRequest, 'forge' | 'repository'>,
  gate: Gate | null,
  login: string,
): Promise<string[]> {
  const own: string[] = [];
  for (const team of gate?.approvers.teams ?? []) {
    const [org = repository.owner, slug = team] = team.includes('/') ? team.split('/') : [];
    if (await forge.isTeamMember({ org, slug }, login)) own.push(team);
  }
  return own;
}
