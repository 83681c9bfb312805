import { storedFiles } from '../../blob/collect.js'
import { createVerifiedFiles } from '../../blob/verified.js'
import { type VerifiedBlobs, verifyFiles } from '../../blob/verify-store.js'

/** Reads every blob of a registry, as `createRegistryStorage` lays it out. Changes nothing. */
export async function verifyRegistry(root: string): Promise<VerifiedBlobs> {
  return verifyFiles(await storedFiles(root), createVerifiedFiles(null))
}
