import { test } from 'tap'
import { createDroppedXattrs } from '../../lib/stages/dropped-xattrs.js'

test('attributes that a layer does not keep went without a word: they are said once per kind, with a count', (t) => {
  const notes: string[] = []
  const dropped = createDroppedXattrs((message) => notes.push(message))
  for (const name of ['user.a', 'user.b', 'security.selinux', 'user.a', 'strange']) dropped.add(name)
  dropped.report()
  dropped.report()
  t.same(notes, [
    'extended attributes user.* left out, which xattrs=all would keep: 3',
    'extended attributes security.* left out, which xattrs=all would keep: 1',
    'extended attributes of no known namespace left out, which xattrs=all would keep: 1'
  ])
  t.end()
})
