import { mkdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { compareWithBuildah } from './buildah.js'

async function prepare(context: string): Promise<void> {
  const at = (path: string) => join(context, path)
  await mkdir(at('keep/not'), { recursive: true })
  await writeFile(at('keep/not/x'), 'x')
  await writeFile(at('keep/yes'), 'y')
  await writeFile(at('a'), 'a')
  await writeFile(at('b.log'), 'b')
  await writeFile(at('.dockerignore'), '# logs\n*.log\nkeep/*\n!keep/yes\n')
}

compareWithBuildah(
  [
    { name: 'a stage', dockerfile: ['FROM scratch AS one', 'COPY a /a', 'FROM scratch', 'COPY --from=one /a /b'] },
    { name: 'a stage by index', dockerfile: ['FROM scratch', 'COPY a /d/a', 'FROM scratch', 'COPY --from=0 /d /e'] },
    { name: 'a stage as base', dockerfile: ['FROM scratch AS one', 'COPY a /a', 'ENV x=y', 'FROM one', 'COPY a /b'] },
    {
      name: 'owners come along between stages',
      dockerfile: ['FROM scratch AS one', 'COPY --chown=3:4 a /a', 'FROM scratch', 'COPY --from=one /a /']
    },
    { name: 'a target', dockerfile: ['FROM scratch AS one', 'COPY a /a', 'FROM scratch', 'COPY a /b'], target: 'one' },
    { name: 'an ignore file', dockerfile: ['FROM scratch', 'COPY keep /k', 'COPY a /'] },
    {
      name: 'arguments',
      dockerfile: ['ARG base=scratch', 'FROM $base', 'ARG a=1', 'ARG b', 'ENV c=$a$b'],
      arguments: { b: '2' }
    },
    {
      name: 'ENV in both forms',
      dockerfile: ['FROM scratch', 'ENV a=1 b="x y" c=$a', 'ENV old some value', 'ENV a=2']
    },
    {
      name: 'operators',
      dockerfile: ['FROM scratch', 'ENV e=1', 'ENV a=@{n:-d} b=@{e:+s} c=@{e}@{n}'.replaceAll('@', '$')]
    },
    { name: 'LABEL', dockerfile: ['FROM scratch', 'LABEL a=1 "b c"="d e"', 'LABEL a=2'] },
    { name: 'WORKDIR', dockerfile: ['FROM scratch', 'WORKDIR /a', 'WORKDIR b/c', 'WORKDIR ../d'] },
    { name: 'USER', dockerfile: ['FROM scratch', 'USER app:staff'] },
    { name: 'EXPOSE', dockerfile: ['FROM scratch', 'EXPOSE 80 443/tcp 53/udp'] },
    { name: 'VOLUME', dockerfile: ['FROM scratch', 'COPY a /v/', 'COPY a /w/', 'VOLUME /v', 'VOLUME ["/w"]'] },
    { name: 'CMD and ENTRYPOINT as words', dockerfile: ['FROM scratch', 'CMD ["a", "b"]', 'ENTRYPOINT ["e"]'] },
    { name: 'CMD and ENTRYPOINT as text', dockerfile: ['FROM scratch', 'ENTRYPOINT exec e', 'CMD a  "b"'] },
    { name: 'SHELL', dockerfile: ['FROM scratch', 'SHELL ["/bin/bash", "-c"]'] },
    { name: 'STOPSIGNAL', dockerfile: ['FROM scratch', 'STOPSIGNAL SIGINT'] },
    {
      name: 'HEALTHCHECK',
      dockerfile: ['FROM scratch', 'HEALTHCHECK --interval=5s --timeout=1m --retries=2 CMD ["a"]']
    },
    { name: 'HEALTHCHECK NONE', dockerfile: ['FROM scratch', 'HEALTHCHECK NONE'] },
    { name: 'ONBUILD', dockerfile: ['FROM scratch', 'ONBUILD COPY a /a'] },
    { name: 'comments and continued lines', dockerfile: ['FROM scratch', 'ENV a=1 \\', '# comment', '  b=2'] }
  ],
  prepare
)
