import { test } from 'tap'
import { gzip } from '../../lib/codec/gzip.js'
import { codecSuite } from '../conformance/codec.js'

test('gzip is a codec', async (t) => codecSuite(t, gzip))
