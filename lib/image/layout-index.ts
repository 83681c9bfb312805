import type { Descriptor } from '../blob/descriptor.js'
import { parseReference } from './reference.js'

/** Annotation of a descriptor in index.json: the full name, by which containerd and Docker know the image. */
export const IMAGE_NAME = 'io.containerd.image.name'
/** Annotation of a descriptor in index.json: what OCI tools call it (image-spec, annotations.md). */
export const REF_NAME = 'org.opencontainers.image.ref.name'

/**
 * The descriptors that index.json lists for a root: one per name, or one without a name.
 *
 * @param names full, as `formatReference` spells them
 */
export function namedDescriptors(root: Descriptor, names: readonly string[]): readonly Descriptor[] {
  if (names.length === 0) return [root]
  return names.map((name) => withNames(root, { [IMAGE_NAME]: name, ...refName(parseReference(name).tag) }))
}

/**
 * The descriptor that the image store lists for a root and a name. There many repositories share one index.json, so
 * its ref.name is the full name: a tag alone would be that of all of them.
 */
export function storedDescriptor(root: Descriptor, name: string): Descriptor {
  return withNames(root, { [IMAGE_NAME]: name, [REF_NAME]: name })
}

/**
 * A layout's descriptors after others were added to it. A new one takes the place of those of the same name, and one
 * without a name that of its like; all others stay.
 */
export function mergeDescriptors(present: readonly Descriptor[], added: readonly Descriptor[]): readonly Descriptor[] {
  const kept = present.filter((descriptor) => !added.some((other) => isSameEntry(descriptor, other)))
  return [...kept, ...added]
}

function isSameEntry(present: Descriptor, added: Descriptor): boolean {
  const [name, other] = [added.annotations?.[IMAGE_NAME], present.annotations?.[IMAGE_NAME]]
  const [tag, otherTag] = [added.annotations?.[REF_NAME], present.annotations?.[REF_NAME]]
  if (name === undefined) return other === undefined && otherTag === undefined && present.digest === added.digest
  return other === undefined ? tag !== undefined && tag === otherTag : name === other
}

function withNames(root: Descriptor, annotations: Readonly<Record<string, string>>): Descriptor {
  return { ...root, annotations: { ...root.annotations, ...annotations } }
}

function refName(tag: string | undefined): Readonly<Record<string, string>> {
  return tag === undefined ? {} : { [REF_NAME]: tag }
}
