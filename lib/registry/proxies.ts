import { BlockList, isIP } from 'node:net'
import { UsageError } from '../errors.js'

/** What the environment says of proxies. */
export interface Proxies {
  /** URLs; empty for none. */
  readonly http: string
  readonly https: string
  /** Whether the address of a host lies in a network that `NO_PROXY` names. Names of hosts are not looked at here. */
  spares(hostname: string): boolean
}

/**
 * Reads `HTTP_PROXY`, `HTTPS_PROXY` and the networks of `NO_PROXY` as curl and docker do: in lower case they go first,
 * and a proxy without a scheme is one of HTTP.
 *
 * @throws UsageError for a proxy that is no URL
 */
export function readProxies(environment: NodeJS.ProcessEnv = process.env): Proxies {
  const networks = networksIn(variable('NO_PROXY', environment))
  return {
    http: proxyOf('HTTP_PROXY', environment),
    https: proxyOf('HTTPS_PROXY', environment),
    spares(hostname) {
      const address = hostname.replace(/^\[|\]$/g, '')
      const version = isIP(address)
      return version !== 0 && networks.check(address, version === 4 ? 'ipv4' : 'ipv6')
    }
  }
}

function variable(name: string, environment: NodeJS.ProcessEnv): string {
  return environment[name.toLowerCase()] ?? environment[name] ?? ''
}

function proxyOf(name: string, environment: NodeJS.ProcessEnv): string {
  const value = variable(name, environment).trim()
  const text = value === '' || value.includes('://') ? value : `http://${value}`
  if (text === '' || (URL.canParse(text) && SCHEMES.includes(new URL(text).protocol))) return text
  // What it is may hold a password.
  throw new UsageError({
    operation: 'find proxy',
    subject: name,
    expected: '[http://]HOST:PORT',
    found: 'something else',
    advice: 'mend the variable, or unset it'
  })
}

function networksIn(text: string): BlockList {
  const networks = new BlockList()
  for (const entry of text.split(/[,\s]+/)) {
    const [, address = '', prefix = ''] = /^([\da-f.:]+)\/(\d{1,3})$/i.exec(entry) ?? []
    const version = isIP(address)
    if (version === 0 || Number(prefix) > (version === 4 ? 32 : 128)) continue
    networks.addSubnet(address, Number(prefix), version === 4 ? 'ipv4' : 'ipv6')
  }
  return networks
}

const SCHEMES = ['http:', 'https:', 'socks5:', 'socks:']
