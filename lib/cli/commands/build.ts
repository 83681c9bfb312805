import { build, buildStages } from '../../build/build.js'
import { createTemporaryDirectory } from '../../graph/temporary.js'
import type { buildFlags } from '../build-flags.js'
import { readArguments, readBuild } from '../build-request.js'
import { checkDockerfile, refuseFatal } from '../check-dockerfile.js'
import type { Invocation } from '../command.js'
import { exportImage } from '../export-image.js'
import { readCaching } from '../read-caching.js'
import type { RequestedImage } from '../sources.js'

/** Builds a Dockerfile and exports it to all outputs. */
export async function buildImage({ operands, flags, signal }: Invocation<typeof buildFlags>): Promise<void> {
  const temporary = createTemporaryDirectory()
  try {
    const caching = readCaching(flags)
    const stages = caching?.mode === 'max'
    const given = readArguments(flags)
    const readParameters = () => readBuild(operands[0] ?? '.', flags, given, temporary.fresh)
    if (flags.check || flags.call === 'check') {
      return await checkDockerfile(await readParameters())
    }
    const readImage = async (): Promise<RequestedImage> => {
      const parameters = await readParameters()
      refuseFatal(parameters)
      const node = build(parameters, { stages })
      return { node, platforms: parameters.platforms, ...(stages && { forCaches: buildStages(parameters) }) }
    }
    await exportImage({ work: 'Building', readImage, sourceDateEpoch: given.SOURCE_DATE_EPOCH, caching }, flags, signal)
  } finally {
    await temporary.remove()
  }
}
