/** localhost, 127.0.0.0/8 and [::1]: where plain HTTP needs no asking. */
export function isLoopback(hostname: string): boolean {
  return (
    hostname === 'localhost' || hostname === '[::1]' || hostname === '::1' || /^127(?:\.\d{1,3}){3}$/.test(hostname)
  )
}

/** The host that answers for a name's host: Docker Hub's is another than it says. */
export function apiHostOf(host: string): string {
  return host === 'docker.io' || host === 'index.docker.io' ? 'registry-1.docker.io' : host
}

/** Whether an error says that the other end does not speak TLS at all, or that nobody is there to speak it. */
export function isNotTls(error: unknown): boolean {
  for (let each = error; each instanceof Error; each = each.cause) {
    if ('code' in each && typeof each.code === 'string' && NOT_TLS.has(each.code)) return true
  }
  return false
}

// A server of plain HTTP takes a handshake for rubbish: it says so in HTTP, or just closes the connection. A proxy may
// refuse to tunnel there.
const NOT_TLS = new Set([
  'ERR_SSL_WRONG_VERSION_NUMBER',
  'ERR_SSL_PACKET_LENGTH_TOO_LONG',
  'ERR_SSL_HTTP_REQUEST',
  'EPROTO',
  'ECONNREFUSED',
  'ECONNRESET',
  'UND_ERR_ABORTED',
  'UND_ERR_SOCKET'
])
