import { resolve } from 'node:path'
import { directory, docker, imageOf, local, oci, optionsOf, type Receipt, run } from 'layerpipe'

/**
 * One directory to three outputs, from one pass: an OCI archive, an archive for `docker load`, and a directory. It is
 * walked, packed and digested once, and compressed once for each codec.
 */
export function exportToThree(path: string, into: string): Promise<Receipt[]> {
  const sources = [directory({ path: resolve(path), target: 'srv/app' })]
  const image = imageOf(sources, {
    platforms: ['linux/amd64'],
    changes: ['WORKDIR /srv/app', 'CMD ["node", "index.js"]'],
    labels: {},
    diff: false
  })
  return run([
    oci(image, optionsOf('oci', { destination: `${into}/app.oci.tar`, compression: ['zstd'] })),
    docker(image, optionsOf('docker', { destination: `${into}/app.docker.tar`, names: ['docker.io/example/app:1'] })),
    local(image, optionsOf('local', { destination: `${into}/rootfs` }))
  ])
}
