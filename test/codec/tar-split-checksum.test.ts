import fc from 'fast-check'
import { test } from 'tap'
import { startTarSplitChecksum } from '../../lib/codec/tar-split-checksum.js'
import { checksumOf } from '../helpers/zstd-chunked-reader.js'

test("the checksum of digits is the one that Go's crc64 gives for ISO", async (t) => {
  const checksum = startTarSplitChecksum()
  checksum.update(Buffer.from('123456789'))
  t.equal(checksum.digest().toString('hex'), 'b90956c775a41001')
})

test('however bytes are cut, the checksum is that of the polynomial', async () => {
  fc.assert(
    fc.property(fc.array(fc.uint8Array({ maxLength: 40 })), (parts) => {
      const checksum = startTarSplitChecksum()
      for (const part of parts) checksum.update(Buffer.from(part))
      return checksum.digest().toString('base64') === checksumOf(Buffer.concat(parts))
    })
  )
})

test('wherever bytes begin in memory, the checksum is the same', async () => {
  fc.assert(
    fc.property(fc.uint8Array({ minLength: 8, maxLength: 40 }), fc.nat(7), fc.nat(40), (memory, start, length) => {
      const bytes = Buffer.from(memory.buffer, memory.byteOffset, memory.length).subarray(start, start + length)
      const checksum = startTarSplitChecksum()
      checksum.update(bytes)
      return checksum.digest().toString('base64') === checksumOf(bytes)
    })
  )
})
