/** GitHub's roles in a repository, from the least to the most. */
export const ROLES = ['read', 'triage', 'write', 'maintain', 'admin'] as const;
