import { createServer } from 'node:net'

/**
 * A port of this machine that is free now: `port` itself, or any when it is 0.
 * @throws if `port` is taken, with `what` it is for and `mend`
 */
export const freePort = (host: string, port: number, what: string, mend: string): Promise<number> =>
  new Promise((resolve, reject) => {
    const server = createServer()
    server.once('error', (error: NodeJS.ErrnoException) => {
      if (error.code !== 'EADDRINUSE') reject(error)
      else reject(new Error(`Port ${port} for ${what} is taken by another program. ${mend}`))
    })
    server.listen(port, host, () => {
      const address = server.address()
      const free = address !== null && typeof address === 'object' ? address.port : port
      server.close(() => resolve(free))
    })
  })
