import { UsageError } from '../errors.js'
import type { Provision } from '../graph/index.js'
import { isHost } from '../image/reference.js'
import { createRegistryClient, noteRegistry, type RegistryClient, registryResource } from '../registry/client.js'
import { readFlagFile } from './flag-file.js'

/** How registries are spoken to, as flags have it. */
export interface RegistryFlags {
  /** A file of certificates, or null. */
  readonly ca: string | null
  readonly insecureRegistries?: readonly string[]
}

/** The client that the flags want. Close it. */
export async function openRegistryClient({ ca, insecureRegistries = [] }: RegistryFlags): Promise<RegistryClient> {
  insecureRegistries.forEach(checkHost)
  const trusted = ca === null ? {} : { ca: [await readCertificates('--ca', ca)] }
  return createRegistryClient({ note: noteRegistry, insecure: insecureRegistries, ...trusted })
}

function checkHost(text: string): void {
  if (isHost(text)) return
  throw new UsageError({
    operation: 'read --insecure-registry',
    subject: JSON.stringify(text),
    expected: 'HOST[:PORT] as in names of images',
    found: 'something else'
  })
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
