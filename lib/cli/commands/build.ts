import { build } from '../../build/build.js'
import { createTemporaryDirectory } from '../../graph/temporary.js'
import type { buildFlags } from '../build-flags.js'
import { readBuild } from '../build-request.js'
import type { Invocation } from '../command.js'
import { exportImage } from '../export-image.js'
import { readCaching } from '../read-caching.js'

/** Builds a Dockerfile and exports it to all outputs. */
export async function buildImage({ operands, flags, signal }: Invocation<typeof buildFlags>): Promise<void> {
  const temporary = createTemporaryDirectory()
  try {
    const readImage = async () => {
      const parameters = await readBuild(operands[0] ?? '.', flags, temporary.fresh)
      return { node: build(parameters), platforms: parameters.platforms }
    }
    await exportImage({ work: 'Building', readImage, caching: readCaching(flags) }, flags, signal)
  } finally {
    await temporary.remove()
  }
}
