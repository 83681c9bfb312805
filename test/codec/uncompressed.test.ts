import { test } from 'tap'
import { uncompressed } from '../../lib/codec/uncompressed.js'
import { codecSuite } from '../conformance/codec.js'

test('uncompressed is a codec', async (t) => codecSuite(t, uncompressed))
