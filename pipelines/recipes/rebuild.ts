import {
  build,
  oci,
  openOwnCaches,
  openStore,
  optionsOf,
  provideEarlierWork,
  type Receipt,
  readInputs,
  run
} from 'layerpipe'

/** Builds a context's Dockerfile to an archive, and anew only what has changed since the last time with this store. */
export async function rebuild(context: string, destination: string, directory: string): Promise<Receipt | undefined> {
  const store = openStore(directory)
  const caches = openOwnCaches(store)
  const inputs = await readInputs({ context, file: null }, () => Promise.reject(new TypeError('not a directory')))
  const image = build({
    ...inputs,
    contexts: {},
    target: null,
    arguments: {},
    platforms: ['linux/amd64'],
    labels: {},
    epoch: null
  })
  try {
    const provide = [...provideEarlierWork(store), ...caches.provide]
    const [receipt] = await run([oci(image, optionsOf('oci', { destination }))], { provide })
    return receipt
  } finally {
    await caches.close()
  }
}
