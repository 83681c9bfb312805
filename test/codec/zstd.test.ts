import { test } from 'tap'
import { zstd } from '../../lib/codec/zstd.js'
import { codecSuite } from '../conformance/codec.js'

test('zstd is a codec', async (t) => codecSuite(t, zstd))
