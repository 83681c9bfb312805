import { imageOf, optionsOf, type Receipt, type RunOptions, registry, run, tarball } from 'layerpipe'

/** A tar from standard input to a registry: `debootstrap … | tar c . | node this-program.js`. */
export async function pushStandardInput(name: string, options: RunOptions = {}): Promise<Receipt | undefined> {
  const image = imageOf([tarball({ path: '-', content: null })], {
    platforms: [],
    changes: ['CMD ["/bin/sh"]'],
    labels: {},
    diff: false
  })
  const [receipt] = await run([registry(image, optionsOf('registry', { names: [name] }))], options)
  return receipt
}
