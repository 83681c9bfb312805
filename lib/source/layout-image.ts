import type { Descriptor } from '../blob/descriptor.js'
import { InputError } from '../errors.js'
import { blobPath } from '../image/docker-manifest.js'
import { checkLayoutMarker, parseLayoutIndex } from '../image/documents.js'
import { IMAGE_NAME, REF_NAME } from '../image/layout-index.js'
import { formatReference, parseReference } from '../image/reference.js'
import type { ImageAccess } from '../image/resolved-image.js'
import { checkKind } from './check-kind.js'
import { demandMember, type Members, memberBlob, readDocument, readVerified } from './members.js'

/** Where the documents and blobs of an OCI layout are (image-spec, image-layout.md). */
export function accessLayout(members: Members): ImageAccess {
  const { subject } = members
  return {
    subject,
    document: (descriptor) => readVerified(members, blobPath(descriptor.digest), descriptor),
    async blob(descriptor) {
      const member = await demandMember(members, blobPath(descriptor.digest), 'blob')
      return memberBlob(member, descriptor, subject)
    }
  }
}

/**
 * The descriptors in a layout's index.json that `name` stands for: a tag, a full name or a digest. Without a name
 * there must be only one image; unnamed manifests of several platforms are one, too.
 */
export async function findRoots(members: Members, name: string | null): Promise<readonly Descriptor[]> {
  const { subject } = members
  await checkKind(members, 'layout')
  checkLayoutMarker(await readDocument(members, 'oci-layout', 'layout'), `${subject}, oci-layout`)
  const { manifests } = parseLayoutIndex(await readDocument(members, 'index.json', 'layout'), `${subject}, index.json`)
  const found = name === null ? manifests : manifests.filter((each) => goesBy(name, each))
  const isOne = new Set(found.map(({ digest }) => digest)).size === 1 || found.every(isUnnamed) || name !== null
  if (found.length > 0 && isOne) return found
  const present = manifests.map((each) => namesOf(each)[0] ?? each.digest)
  throw new InputError({
    operation: 'find image',
    subject,
    expected: name ?? 'one image',
    found: present.join(', ') || 'none',
    ...(present.length > 0 && { advice: 'name one of those behind a colon' })
  })
}

function namesOf({ annotations }: Descriptor): readonly string[] {
  return [annotations?.[IMAGE_NAME] ?? annotations?.[REF_NAME] ?? []].flat()
}

function isUnnamed(descriptor: Descriptor): boolean {
  return namesOf(descriptor).length === 0
}

function goesBy(name: string, { annotations, digest }: Descriptor): boolean {
  const [tag, full] = [annotations?.[REF_NAME], annotations?.[IMAGE_NAME]]
  return name === tag || name === digest || (full !== undefined && sameName(name, full))
}

/** Whether both are the same name, completed or not. */
export function sameName(left: string, right: string): boolean {
  return left === right || completed(left) === completed(right)
}

function completed(name: string): string {
  try {
    return formatReference(parseReference(name))
  } catch {
    return name // a name of another kind, which is compared as it is
  }
}
