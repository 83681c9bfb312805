import { createServer } from 'node:http'
import { type AddressInfo, connect } from 'node:net'
import type { Test } from 'tap'

/**
 * A proxy that tunnels whatever it is asked for to a port of this machine; ends with the test. Gives its URL.
 *
 * @param onConnect gets each host that it is asked for
 */
export async function startTunnel(
  t: Test,
  port: number,
  onConnect: (host: string) => void = () => {}
): Promise<string> {
  const proxy = createServer()
  proxy.on('connect', (request, socket) => {
    onConnect(request.url ?? '')
    const upstream = connect(port, '127.0.0.1', () => socket.write('HTTP/1.1 200 OK\r\n\r\n'))
    upstream.on('error', () => socket.destroy())
    socket.on('error', () => upstream.destroy())
    socket.pipe(upstream).pipe(socket)
  })
  await new Promise<void>((resolve) => proxy.listen(0, '127.0.0.1', resolve))
  t.teardown(() => proxy.close())
  return `http://127.0.0.1:${(proxy.address() as AddressInfo).port}`
}
