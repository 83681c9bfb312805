import { InputError } from '../errors.js'
import type { Members } from './members.js'

/** What tells the two kinds of image archives apart, and the prefix that each is named with. */
const KINDS = {
  layout: { mark: 'oci-layout', name: 'an OCI layout', prefix: 'oci: or oci-archive:' },
  docker: { mark: 'manifest.json', name: 'an archive of docker save', prefix: 'docker-archive:' }
} as const

/** Fails unless `members` are of this kind; says so where they are of the other one. */
export async function checkKind(members: Members, kind: 'layout' | 'docker'): Promise<void> {
  const [expected, other] = kind === 'layout' ? [KINDS.layout, KINDS.docker] : [KINDS.docker, KINDS.layout]
  if (await members.find(expected.mark)) return
  const isOther = (await members.find(other.mark)) !== null
  throw new InputError({
    operation: 'open image',
    subject: members.subject,
    expected: `${expected.name}, with ${expected.mark} in it`,
    found: isOther ? other.name : `no ${expected.mark}`,
    advice: isOther ? `write ${other.prefix} before its path` : 'check that this is the right path, and complete'
  })
}
