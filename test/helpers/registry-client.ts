import { digestOf } from '../../lib/blob/digest.js'

/** Plain requests to a registry, for tests that look at the protocol itself. */
export function createPlainClient(url: string, repository: string) {
  const base = `${url}/v2/${repository}`
  const send = (method: string, path: string, init: RequestInit = {}): Promise<Response> =>
    fetch(new URL(path, `${base}/`), { method, redirect: 'manual', ...init })
  const begin = async (query = ''): Promise<string> => {
    const response = await send('POST', `blobs/uploads/${query}`)
    return new URL(response.headers.get('location') ?? '', base).href
  }
  const pushBlob = async (bytes: Buffer, algorithm: 'sha256' | 'sha512' = 'sha256'): Promise<string> => {
    const digest = digestOf(bytes, algorithm)
    await send('POST', `blobs/uploads/?digest=${digest}`, { body: bytes })
    return digest
  }
  const putManifest = (reference: string, document: object, type = IMAGE): Promise<Response> =>
    send('PUT', `manifests/${reference}`, { body: JSON.stringify(document), headers: { 'Content-Type': type } })
  return { send, begin, pushBlob, putManifest }
}

export const IMAGE = 'application/vnd.oci.image.manifest.v1+json'
export const INDEX = 'application/vnd.oci.image.index.v1+json'

/** A manifest of an empty image, as the distribution specification's own tests push them. */
export function sampleManifest(fields: object = {}): object {
  const empty = { mediaType: 'application/vnd.oci.image.config.v1+json', digest: digestOf('{}'), size: 2 }
  return { schemaVersion: 2, mediaType: IMAGE, config: empty, layers: [], ...fields }
}

export async function errorCode(response: Response): Promise<string | undefined> {
  const body = (await response.json()) as { errors: { code: string }[] }
  return body.errors[0]?.code
}
