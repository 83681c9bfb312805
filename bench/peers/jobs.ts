import { spawnSync } from 'node:child_process'
import { existsSync } from 'node:fs'
import type { Contestant } from '../measure.js'
import { PROGRAM } from '../program.js'
import type { Scene } from './scene.js'

interface Peer extends Contestant {
  /** Where a daemon does the work, and its CPU time is not the command's. */
  readonly inDaemon?: boolean
}

export interface Job {
  readonly job: string
  readonly ours: Contestant
  readonly theirs: readonly Peer[]
}

/** A directory to an image, an image in another codec, and an image to a directory; of the tools, those installed. */
export function jobsOf(scene: Scene): readonly Job[] {
  return [archive(scene), recompress(scene), unpack(scene)].map(({ theirs, ...job }) => ({
    ...job,
    theirs: theirs.filter(({ command }) => command !== '' && isInstalled(command))
  }))
}

function archive({ context, registry, engine }: Scene): Job {
  return {
    job: 'directory to image archive, gzip',
    ours: ours(`${PROGRAM} export dir:${context}/tree:/app --progress quiet --no-cache -o type=oci,dest=$OUT`),
    theirs: [
      {
        name: 'buildah bud, push',
        command:
          'buildah --storage-driver vfs --root $WORK/root --runroot $WORK/run bud -q -t t ' +
          `${context} && buildah --storage-driver vfs --root $WORK/root --runroot $WORK/run push -q t oci-archive:$OUT`
      },
      {
        name: 'umoci insert, to a layout',
        prepare: 'umoci init --layout $WORK/layout && umoci new --image $WORK/layout:t',
        command: `umoci insert --image $WORK/layout:t ${context}/tree /app`
      },
      {
        name: 'containerify',
        command:
          `${containerify()} --fromImage base:1 --fromRegistry http://${registry}/v2/ --toImage app:1 --folder ${context} ` +
          '--customContent tree --toTar $OUT'
      },
      {
        name: 'BuildKit in Docker, save (not compressed)',
        inDaemon: true,
        command: engine
          ? `DOCKER_BUILDKIT=1 /usr/bin/docker -H ${engine} build -q --no-cache -t t ${context} && ` +
            `/usr/bin/docker -H ${engine} save t -o $OUT`
          : ''
      }
    ]
  }
}

function recompress({ layout }: Scene): Job {
  return {
    job: 'gzip image to zstd',
    ours: ours(
      `${PROGRAM} export oci:${layout} --progress quiet --no-cache -o type=oci,dest=$OUT,compression=zstd,force-compression=true`
    ),
    theirs: [
      { name: 'skopeo copy', command: `skopeo copy -q --dest-compress-format zstd oci:${layout} oci:$WORK/image:t` }
    ]
  }
}

function unpack({ layout }: Scene): Job {
  return {
    job: 'image to directory',
    ours: ours(`${PROGRAM} export oci:${layout} --progress quiet -o type=local,dest=$WORK/rootfs`),
    theirs: [{ name: 'umoci unpack', command: `umoci unpack --image ${layout}:t $WORK/bundle` }]
  }
}

const ours = (command: string): Contestant => ({ name: 'ours', command })

/** The program of the package where it was installed, beside a Node that it runs on: CONTAINERIFY names both. */
function containerify(): string {
  return process.env.CONTAINERIFY ?? 'containerify'
}

function isInstalled(command: string): boolean {
  const program = command.split(' ').find((word) => !word.includes('=')) ?? ''
  return existsSync(program) || spawnSync('which', [program]).status === 0
}
