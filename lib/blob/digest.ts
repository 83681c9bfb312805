import { createHash, type Hash, hash } from 'node:crypto'

export type DigestAlgorithm = 'sha256' | 'sha512'

/** `algorithm:hex`, as the OCI image specification spells it (descriptor.md, "Digests"). */
export type Digest = `${DigestAlgorithm}:${string}`

/** The digest of some bytes. */
export function digestOf(bytes: Uint8Array | string, algorithm: DigestAlgorithm = 'sha256'): Digest {
  return `${algorithm}:${hash(algorithm, bytes)}`
}

/** A running digest: feed it with `update`, end it with `finishDigest`. */
export function startDigest(algorithm: DigestAlgorithm = 'sha256'): Hash {
  return createHash(algorithm)
}

export function finishDigest(hash: Hash, algorithm: DigestAlgorithm = 'sha256'): Digest {
  return `${algorithm}:${hash.digest('hex')}`
}

/** Makes the digest of bytes that come in chunks. */
export interface Digester {
  update(chunk: Buffer): void
  /** Call it once all has come. */
  finish(): Promise<Digest>
}

/** @param known the digest, if somebody else makes it of the same bytes; then no work is done here */
export function createDigester(known?: Promise<Digest>): Digester {
  if (known) return { update: () => {}, finish: () => known }
  const hash = startDigest()
  return { update: (chunk) => void hash.update(chunk), finish: async () => finishDigest(hash) }
}

export function isDigest(text: string): text is Digest {
  return /^(?:sha256:[0-9a-f]{64}|sha512:[0-9a-f]{128})$/.test(text)
}

export function algorithmOf(digest: Digest): DigestAlgorithm {
  return digest.startsWith('sha512:') ? 'sha512' : 'sha256'
}

/** The part after the colon: the name of the blob's file in a layout. */
export function hexOf(digest: Digest): string {
  return digest.slice(digest.indexOf(':') + 1)
}
