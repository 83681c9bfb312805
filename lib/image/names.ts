/** A repository name (distribution-spec, "Pulling manifests"), without a host. */
export function isRepository(text: string): boolean {
  return text.length <= LONGEST_REPOSITORY && REPOSITORY.test(text)
}

/** A tag (distribution-spec, "Pulling manifests"). */
export function isTag(text: string): boolean {
  return TAG.test(text)
}

/**
 * Characters of a repository's name. Registries and clients agree on 255, host included; docker-registry, and
 * RepositoryNameTotalLengthMax of the distribution project's reference package, count the name alone.
 */
export const LONGEST_REPOSITORY = 255

const COMPONENT = '[a-z0-9]+(?:(?:\\.|_|__|-+)[a-z0-9]+)*'
const REPOSITORY = new RegExp(`^${COMPONENT}(?:/${COMPONENT})*$`)
const TAG = /^[a-zA-Z0-9_][a-zA-Z0-9._-]{0,127}$/
