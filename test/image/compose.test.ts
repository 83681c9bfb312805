import { test } from 'tap'
import { memoryBlob } from '../../lib/blob/blob.js'
import { dateRoot } from '../../lib/image/compose.js'

const CREATED = 'org.opencontainers.image.created'
const mediaType = 'application/vnd.oci.image.manifest.v1+json'

test('the time that a root was annotated with gave way to that of its config', (t) => {
  const annotations = { [CREATED]: '2000-01-01T00:00:00Z', other: 'kept' }
  const annotated = memoryBlob(Buffer.from('{}'), { mediaType, annotations })
  t.same(dateRoot(annotated, '2020-01-02T03:04:05Z').descriptor.annotations, annotations)
  const plain = memoryBlob(Buffer.from('{}'), { mediaType })
  t.same(dateRoot(plain, '2020-01-02T03:04:05Z').descriptor.annotations, { [CREATED]: '2020-01-02T03:04:05Z' })
  t.end()
})
