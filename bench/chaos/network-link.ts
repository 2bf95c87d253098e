import { connect, createServer, type Server, type Socket } from 'node:net'

/** A TCP proxy on loopback whose connections can be cut: what a network does between two machines. */
export class NetworkLink {
  readonly port: number
  readonly #server: Server
  readonly #sockets: Set<Socket>
  #isCut = false

  private constructor(server: Server, port: number, sockets: Set<Socket>) {
    this.#server = server
    this.port = port
    this.#sockets = sockets
  }

  static async start(targetPort: number): Promise<NetworkLink> {
    const sockets = new Set<Socket>()
    const server = createServer()
    await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve))
    const link = new NetworkLink(server, (server.address() as { port: number }).port, sockets)
    server.on('connection', inward => {
      if (link.#isCut) return void inward.destroy()
      const outward = connect(targetPort, '127.0.0.1')
      for (const [one, other] of [
        [inward, outward],
        [outward, inward],
      ] as const) {
        sockets.add(one)
        one.setNoDelay(true)
        one.on('error', () => other.destroy())
        one.on('close', () => {
          sockets.delete(one)
          other.destroy()
        })
        one.pipe(other)
      }
    })
    return link
  }

  /** Every connection ends in the middle of whatever it carries; no new one for `ms`. */
  async cut(ms: number): Promise<void> {
    this.#isCut = true
    for (const socket of this.#sockets) socket.resetAndDestroy()
    await new Promise(resolve => setTimeout(resolve, ms))
    this.#isCut = false
  }

  close(): void {
    for (const socket of this.#sockets) socket.destroy()
    this.#server.close()
  }
}
