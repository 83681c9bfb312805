import { once } from 'node:events'
import { UsageError } from '../../errors.js'
import { createStoreStorage, startRegistry } from '../../registry/server/index.js'
import { listen, type NoteEvent, noteChannel } from '../../trace.js'
import type { Invocation } from '../command.js'
import { readCertificates } from '../registry.js'
import type { serveFlags } from '../serve-flags.js'
import { storeOf } from '../store.js'

/** Serves the store until it is interrupted, and says what went wrong meanwhile. */
export async function serveStore({ flags, signal }: Invocation<typeof serveFlags>): Promise<void> {
  const store = storeOf(flags.store)
  const tls = await readTls(flags.certificate, flags.privateKey)
  const server = await startRegistry({
    ...parseListen(flags.listen),
    storage: createStoreStorage(store),
    readOnly: flags.readOnly,
    ...(flags.htpasswd !== null && { htpasswd: flags.htpasswd }),
    ...(tls && { tls })
  })
  const stop = listen<NoteEvent>(noteChannel, ({ message }) => void process.stderr.write(`${message}\n`))
  process.stderr.write(`serving ${store.directory} at ${server.url}\n`)
  if (!signal.aborted) await once(signal, 'abort')
  await server.close()
  stop()
}

function parseListen(text: string): { readonly host: string; readonly port: number } {
  const [, bracketed, plain, port] = /^(?:\[([0-9a-f:]+)\]|([^:[\]]*)):(\d{1,5})$/i.exec(text) ?? []
  if (port !== undefined && Number(port) < 65536) return { host: bracketed ?? (plain || '0.0.0.0'), port: Number(port) }
  throw new UsageError({ operation: 'read --listen', subject: text, expected: 'HOST:PORT', found: 'something else' })
}

async function readTls(certificate: string | null, key: string | null) {
  if (certificate === null && key === null) return null
  if (certificate === null || key === null) {
    throw new UsageError({
      operation: 'serve',
      subject: 'HTTPS',
      expected: '--tls-cert and --tls-key',
      found: 'one of them'
    })
  }
  return {
    certificate: await readCertificates('--tls-cert', certificate),
    key: await readCertificates('--tls-key', key)
  }
}
