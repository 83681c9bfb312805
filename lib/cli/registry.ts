import { UsageError } from '../errors.js'
import type { Provision } from '../graph/index.js'
import { createRegistryClient, noteRegistry, type RegistryClient, registryResource } from '../registry/client.js'
import { readFlagFile } from './flag-file.js'

/** The client that the flags want. Close it. */
export async function openRegistryClient({ ca }: { readonly ca: string | null }): Promise<RegistryClient> {
  return createRegistryClient({ note: noteRegistry, ...(ca !== null && { ca: [await readCertificates('--ca', ca)] }) })
}

/** A client, as a run is given it. */
export function provideClient(client: RegistryClient): Provision {
  return registryResource.provide(client)
}

/** The text of a PEM file that a flag names. */
export async function readCertificates(flag: string, path: string): Promise<string> {
  const file = { operation: 'read certificates', subject: `${flag} ${path}`, expected: 'a PEM file' }
  const text = (await readFlagFile(path, file)).toString()
  if (text.includes('-----BEGIN ')) return text
  throw new UsageError({ ...file, found: 'something else' })
}
