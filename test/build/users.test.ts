import { test } from 'tap'
import { type Built, buildOne } from './evaluate.js'

const ownersOf = ({ layers }: Built) => layers.map(({ entries }) => entries.map(({ uid, gid }) => `${uid}:${gid}`))

test('users and groups are those of the image', async (t) => {
  const files = { passwd: 'root:x:0:0::/:\napp:x:7:8::/:\n', group: 'staff:x:9:\n', a: '' }
  const built = await buildOne(
    t,
    [
      'FROM scratch',
      'COPY passwd group /etc/',
      'COPY --chown=app a /1',
      'COPY --chown=app:staff a /2',
      'COPY --chown=3 a /3',
      'USER app',
      'WORKDIR /w/x'
    ],
    files
  )
  t.same(ownersOf(built).slice(1), [['7:8'], ['7:9'], ['3:3'], ['7:8', '7:8']])
})

test('root owns a copy and a working directory in an image that has no /etc/passwd', async (t) => {
  const dockerfile = [
    'FROM scratch',
    'COPY --chown=root a /1',
    'COPY --chown=root:root a /2',
    'USER root',
    'WORKDIR /w'
  ]
  const built = await buildOne(t, dockerfile, { a: '' })
  t.same(ownersOf(built), [['0:0'], ['0:0'], ['0:0']])
})

test('an owner with an empty group has the group of the account, not that of an empty line', async (t) => {
  const files = { passwd: 'app:x:7:8::/:\n', group: 'web:x:9:\n', a: '' }
  const before = ['FROM scratch', 'COPY passwd group /etc/']
  const built = await buildOne(t, [...before, 'COPY --chown=app: a /1', 'COPY --chown=5: a /2'], files)
  t.same(ownersOf(built).slice(1), [['7:8'], ['5:5']])
  await t.rejects(buildOne(t, [...before, 'COPY --chown=:web a /1'], files), {
    message: /expected a user that the image has in \/etc\/passwd, or a number, found nothing/
  })
})
