/** A forge's answer about a person in a repository: the role, and the older, coarser `permission`. */
export interface Permission {
  /** Four levels: `maintain` shows as `write`, `triage` as `read`. */
  readonly permission: string;
  /** The real role, or the name of a custom one. */
  readonly roleName: string;
}

export interface Collaborator extends Permission {
  readonly login: string;
  /** `User` is a person. */
  readonly type: string;
}

export interface TeamName {
  readonly org: string;
  readonly slug: string;
}
