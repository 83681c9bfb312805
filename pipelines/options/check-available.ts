import { UsageError } from '../../lib/errors.js'

/** Refuses what Buildx has these options for and this program does not do. `subject` is for the error. */
export function checkAvailable(
  { unpack = false, ociArtifact = false }: { readonly unpack?: boolean; readonly ociArtifact?: boolean },
  subject: string
): void {
  if (unpack)
    throw refuse(`${subject}: unpack`, 'an image store that unpacks images', 'one that keeps layouts', UNPACKED)
  if (ociArtifact) throw refuse(`${subject}: oci-artifact`, 'attestations to write as artifacts', 'none', LEAVE_OUT)
}

function refuse(subject: string, expected: string, found: string, advice: string): UsageError {
  return new UsageError({ operation: 'check output', subject, expected, found, advice })
}

const LEAVE_OUT = 'leave it out: attestations are not made here'
const UNPACKED = 'leave it out, and add type=local for the files themselves'
