import { Transform } from 'node:stream'
import { algorithmOf, type Digest, finishDigest, startDigest } from '../blob/digest.js'
import { decompressAny } from '../codec/decompress.js'
import { InputError } from '../errors.js'
import { type Body, createBody, mapBody } from '../streams/body.js'
import { digestBlocks, type TarSummary } from '../tar/digest-blocks.js'
import { extractEntries } from '../tar/extract.js'
import { splitTar } from '../tar/split.js'
import type { StoredLayer } from './items.js'

/** What a stored layer holds, as EntryBatches; its tar is checked against its diffID when the last one has passed. */
export function entriesOf(layer: StoredLayer): Body {
  const extract = () => extractEntries(subjectOf(layer), { verified: true })
  const isVerified = layer.blob.descriptor.digest === layer.diffID // its bytes are, whoever opens it
  return mapBody(tarOf(layer), () => (isVerified ? [extract()] : [checkBytes(layer), extract()]))
}

/** What is told of a tar that passes. */
export interface TarListener {
  onEnd(summary: TarSummary): void
  /** The length of each block. */
  onBytes?(bytes: number): void
}

/** A stored layer's own tar as TarBlocks, byte for byte, checked against its diffID when the last one has passed. */
export function blocksOf(layer: StoredLayer, listener: TarListener): Body {
  return mapBody(tarOf(layer), () => [splitTar(subjectOf(layer), { verified: true }), checkDiffID(layer, listener)])
}

function tarOf(layer: StoredLayer): Body {
  const open = () => layer.blob.open()
  return mapBody(createBody(open, { again: open }), () => [decompressAny(subjectOf(layer))])
}

function checkDiffID(layer: StoredLayer, { onEnd, onBytes }: TarListener): Transform {
  return digestBlocks((summary) => {
    if (summary.diffID !== layer.diffID) throw wrongDiffID(layer, summary.diffID)
    onEnd(summary)
  }, onBytes)
}

/** Passes the bytes of the tar on. */
function checkBytes(layer: StoredLayer): Transform {
  const algorithm = algorithmOf(layer.diffID)
  const running = startDigest(algorithm)
  return new Transform({
    transform(chunk: Buffer, _encoding, done) {
      running.update(chunk)
      done(null, chunk)
    },
    flush(done) {
      const found = finishDigest(running, algorithm)
      done(found === layer.diffID ? null : wrongDiffID(layer, found))
    }
  })
}

function wrongDiffID(layer: StoredLayer, found: Digest): InputError {
  return new InputError({
    operation: 'read layer',
    subject: subjectOf(layer),
    expected: `the diffID that the config names, ${layer.diffID}`,
    found,
    advice: 'the config and the layers of this image do not belong together; fetch it again'
  })
}

function subjectOf(layer: StoredLayer): string {
  return `layer ${layer.blob.descriptor.digest}`
}
