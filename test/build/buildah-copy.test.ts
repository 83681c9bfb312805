import { chmod, link, mkdir, symlink, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { runPeer } from '../helpers/peers.js'
import { compareWithBuildah } from './buildah.js'

/** A context with all that a copy can meet. */
async function prepare(context: string): Promise<void> {
  const at = (path: string) => join(context, path)
  await mkdir(at('src/sub/deep'), { recursive: true })
  await mkdir(at('empty'))
  await writeFile(at('a.txt'), 'a')
  await writeFile(at('b.txt'), 'bb')
  await writeFile(at('c.md'), 'ccc')
  await writeFile(at('with space'), 's')
  await writeFile(at('src/run'), '#!/bin/sh\n')
  await chmod(at('src/run'), 0o755)
  await writeFile(at('src/private'), 'p')
  await chmod(at('src/private'), 0o600)
  await writeFile(at('src/sub/deep/f'), 'f')
  await chmod(at('src/sub'), 0o711)
  await link(at('src/private'), at('src/same'))
  await symlink('run', at('src/to-run'))
  await symlink('src', at('to-src'))
  await writeFile(at('passwd'), 'root:x:0:0:root:/root:/bin/sh\napp:x:1000:1001::/:/bin/sh\n')
  await writeFile(at('group'), 'root:x:0:\napp:x:1001:\nstaff:x:50:\n')
  await runPeer('tar', 'czf', at('archive.tar.gz'), '--owner=7', '--group=8', '-C', context, 'src', 'a.txt')
  await runPeer('tar', 'cf', at('archive.tar'), '-C', context, 'src/sub', 'b.txt')
}

const USERS = ['FROM scratch', 'COPY passwd group /etc/']

compareWithBuildah(
  [
    { name: 'a file to a name', dockerfile: ['FROM scratch', 'COPY a.txt /x'] },
    { name: 'a file into a directory that is not there', dockerfile: ['FROM scratch', 'COPY a.txt /x/y/'] },
    { name: 'a file into a directory that is there', dockerfile: ['FROM scratch', 'COPY empty /x/', 'COPY a.txt /x'] },
    { name: 'a directory', dockerfile: ['FROM scratch', 'COPY src /x'] },
    { name: 'a directory with a slash', dockerfile: ['FROM scratch', 'COPY src/ /x/'] },
    { name: 'a directory into the root', dockerfile: ['FROM scratch', 'COPY src /'] },
    { name: 'an empty directory', dockerfile: ['FROM scratch', 'COPY empty /x/'] },
    { name: 'directories merge', dockerfile: ['FROM scratch', 'COPY src /x', 'COPY src/sub /x'] },
    { name: 'a file is replaced', dockerfile: ['FROM scratch', 'COPY a.txt /x', 'COPY b.txt /x'] },
    {
      name: 'several files, by names and by patterns with a star, a question mark and a class',
      dockerfile: ['FROM scratch', 'COPY group pass* ?.txt [bc].* /x/']
    },
    { name: 'a pattern over directories', dockerfile: ['FROM scratch', 'COPY src/s* /x/'] },
    { name: 'a JSON array with a space', dockerfile: ['FROM scratch', 'COPY ["with space", "/x y/"]'] },
    {
      name: 'relative to the working directory',
      dockerfile: ['FROM scratch', 'WORKDIR /w/d', 'COPY a.txt .', 'COPY b.txt ../e/']
    },
    { name: 'a variable', dockerfile: ['FROM scratch', 'ENV f=a.txt d=/x', 'COPY $f $' + '{d}/y'] },
    { name: 'the owner by number', dockerfile: ['FROM scratch', 'COPY --chown=5:6 src /x'] },
    { name: 'the owner by name', dockerfile: [...USERS, 'COPY --chown=app:staff src /x'] },
    {
      name: 'the owner by number alone, and the mode of a file',
      dockerfile: ['FROM scratch', 'COPY --chown=5 --chmod=640 a.txt /x']
    },
    { name: 'a tar is unpacked', dockerfile: ['FROM scratch', 'ADD archive.tar /x'] },
    { name: 'a compressed tar is unpacked, with its owners', dockerfile: ['FROM scratch', 'ADD archive.tar.gz /x/'] },
    { name: 'a tar is unpacked below a link', dockerfile: ['FROM scratch', 'COPY merged /', 'ADD below.tar /'] },
    { name: 'a tar is copied by COPY', dockerfile: ['FROM scratch', 'COPY archive.tar.gz /x/'] },
    { name: 'a file is added', dockerfile: ['FROM scratch', 'ADD a.txt src /x/'] },
    {
      name: 'here-documents',
      dockerfile: ['FROM scratch', 'ENV v=a', 'COPY <<one <<two /x/', '$v', 'one', 'bb', 'two'],
      theirs: ['FROM scratch', 'ENV v=a', 'ADD here /x/']
    },
    { name: '--link', dockerfile: ['FROM scratch', 'COPY --link src /x'], theirs: ['FROM scratch', 'COPY src /x'] },
    {
      name: '--exclude',
      dockerfile: ['FROM scratch', 'COPY --exclude=b.* *.txt /x/', 'COPY --exclude=sub --exclude=private src /y/'],
      theirs: ['FROM scratch', 'ADD excluded.tar /']
    },
    {
      name: '--parents',
      dockerfile: ['FROM scratch', 'COPY --parents src/sub/deep/f src/sub/./deep /x/'],
      theirs: ['FROM scratch', 'ADD parents.tar /x/']
    }
  ],
  async (context) => {
    await prepare(context)
    const at = (path: string) => join(context, path)
    await mkdir(at('here'))
    await writeFile(at('here/one'), 'a\n')
    await writeFile(at('here/two'), 'bb\n')
    await mkdir(at('merged/usr/lib'), { recursive: true })
    await symlink('usr/lib', at('merged/lib'))
    await mkdir(at('below/lib'), { recursive: true })
    await writeFile(at('below/lib/x.so'), 'x')
    await runPeer('tar', 'cf', at('below.tar'), '--owner=0', '--group=0', '-C', at('below'), 'lib/x.so')
    const excluded = ['--no-recursion', 'a.txt', 'src', 'src/run', 'src/same', 'src/to-run']
    const renamed = ['--transform', 's,^a,x/a,', '--transform', 's,^src,y,']
    await runPeer('tar', 'cf', at('excluded.tar'), '--owner=0', '--group=0', ...renamed, '-C', context, ...excluded)
    await mkdir(at('tree/deep'), { recursive: true })
    await writeFile(at('tree/deep/f'), 'f')
    await runPeer(
      'tar',
      'cf',
      at('parents.tar'),
      '--owner=0',
      '--group=0',
      '-C',
      context,
      '--no-recursion',
      'src',
      'src/sub',
      'src/sub/deep',
      'src/sub/deep/f',
      '-C',
      at('tree'),
      'deep',
      'deep/f'
    )
    await chmod(at('tree'), 0o755)
  }
)
