/** What pulling needs to be allowed (distribution's token scopes). */
export function pullScopes(repository: string): readonly string[] {
  return [`repository:${repository}:pull`]
}

/** What pushing needs, and mounting from other repositories of the host. */
export function pushScopes(repository: string, mountFrom: readonly string[] = []): readonly string[] {
  return [`repository:${repository}:pull,push`, ...mountFrom.flatMap(pullScopes)]
}
