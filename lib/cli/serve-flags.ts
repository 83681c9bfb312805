import type { OptionTable } from '../options/option.js'
import { storeFlags } from './flags.js'

/** Where `serve` listens, and to whom. */
export const serveFlags = {
  listen: {
    key: 'listen',
    kind: 'text',
    default: '127.0.0.1:5000',
    placeholder: 'HOST:PORT',
    help: 'where to listen; port 0 takes a free one'
  },
  readOnly: {
    key: 'read-only',
    kind: 'boolean',
    default: false,
    help: 'refuse everything that would change something'
  },
  htpasswd: {
    key: 'htpasswd',
    kind: 'text',
    default: null,
    placeholder: 'FILE',
    help: 'let in only its users; lines of `htpasswd -B`'
  },
  certificate: {
    key: 'tls-cert',
    kind: 'text',
    default: null,
    placeholder: 'FILE',
    help: 'serve HTTPS with this certificate'
  },
  privateKey: { key: 'tls-key', kind: 'text', default: null, placeholder: 'FILE', help: 'the key of the certificate' },
  ...storeFlags
} as const satisfies OptionTable
