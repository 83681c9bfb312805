import { join } from 'node:path'
import { test } from 'tap'
import { isUsage, readOutputs as read } from '../helpers/outputs.js'

test('a list of priorities goes to the outputs that have estargz layers, and to no others', async (t) => {
  const prioritizedFile = join(t.testdir({ list: '/bin/sh\n\netc/a,b\r\n/bin/sh' }), 'list')
  const outputs = [
    'type=oci,dest=a,compression=estargz',
    'type=oci,dest=b,"compression=gzip,estargz"',
    'type=oci,dest=c'
  ]
  t.match(await read({ outputs, prioritizedFile }), [
    { prioritized: ['/bin/sh', 'etc/a,b'] },
    { prioritized: ['/bin/sh', 'etc/a,b'] },
    { prioritized: [] }
  ])
})

test('a list of priorities that is none, or that nobody asked for, is refused before any work', async (t) => {
  const directory = t.testdir({ empty: '\n\n', binary: 'a\0b', list: 'a' })
  const outputs = ['type=oci,dest=a,compression=estargz']
  const reading = (name: string) => read({ outputs, prioritizedFile: join(directory, name) })
  await t.rejects(reading('empty'), isUsage(/expected a path a line, found none/))
  await t.rejects(reading('binary'), isUsage(/expected a path a line, found bytes that are no text/))
  await t.rejects(reading('nowhere'), isUsage(/nowhere/))
  await t.rejects(reading('.'), isUsage(/expected a path a line, found a directory/))
  const gzip = read({ outputs: ['type=oci,dest=a'], prioritizedFile: join(directory, 'list') })
  await t.rejects(gzip, isUsage(/compression=estargz/))
  const attribute = read({ outputs: ['type=oci,dest=a,estargz-prioritize=a'] })
  await t.rejects(attribute, isUsage(/expected compression=estargz, found gzip/))
})
