import { request as ask, createServer } from 'node:http'
import { type AddressInfo, connect } from 'node:net'
import type { Test } from 'tap'

/**
 * A proxy that leads whatever it is asked for to a port of this machine; ends with the test. Gives its URL. As most
 * proxies do, it tunnels to the port of HTTPS only.
 *
 * @param onAsked gets each host that it is asked for
 */
export async function startTunnel(t: Test, port: number, onAsked: (host: string) => void = () => {}): Promise<string> {
  const proxy = createServer((request, response) => {
    const { method = 'GET', headers, url = '' } = request
    const { host, pathname, search } = new URL(url)
    onAsked(host)
    const forwarded = ask({ host: '127.0.0.1', port, method, headers, path: pathname + search }, (answer) => {
      response.writeHead(answer.statusCode ?? 0, answer.headers)
      answer.pipe(response)
    })
    request.pipe(forwarded)
  })
  proxy.on('connect', (request, socket) => {
    onAsked(request.url ?? '')
    if (!request.url?.endsWith(':443')) return void socket.end('HTTP/1.1 403 Forbidden\r\n\r\n')
    const upstream = connect(port, '127.0.0.1', () => socket.write('HTTP/1.1 200 OK\r\n\r\n'))
    upstream.on('error', () => socket.destroy())
    socket.on('error', () => upstream.destroy())
    socket.pipe(upstream).pipe(socket)
  })
  await new Promise<void>((resolve) => proxy.listen(0, '127.0.0.1', resolve))
  t.teardown(() => proxy.close())
  return `http://127.0.0.1:${(proxy.address() as AddressInfo).port}`
}
