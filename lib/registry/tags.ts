import { isTag } from '../image/names.js'
import type { Remote } from './client.js'
import { readPages } from './pages.js'

/** All tags of a repository (distribution-spec, "Listing Tags"), in the registry's order. */
export async function listTags(remote: Remote, signal?: AbortSignal): Promise<readonly string[]> {
  const to = `/v2/${remote.repository}/tags/list?n=${PAGE}`
  const pages = await readPages(remote, { operation: 'list tags', subject: remote.subject, to, signal })
  return pages.flatMap(({ document }) => tagsIn(document))
}

function tagsIn(document: unknown): readonly string[] {
  const tags = typeof document === 'object' && document !== null && 'tags' in document ? document.tags : null
  return Array.isArray(tags) ? tags.filter((tag): tag is string => typeof tag === 'string' && isTag(tag)) : []
}

/** Some registries refuse more. */
const PAGE = 1000
