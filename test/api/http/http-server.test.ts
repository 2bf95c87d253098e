import assert from 'node:assert/strict'
import type { Server } from 'node:http'
import { type AddressInfo, connect } from 'node:net'
import { createHttpServer } from '../../../api/http/http-server.ts'

describe('the HTTP server', () => {
  let server: Server
  before(async () => {
    const limits = { headerBytes: 16_384, headersMs: 300, requestMs: 600, checkEveryMs: 50 }
    server = createHttpServer((request, response) => {
      request.resume().once('end', () => response.end('done'))
    }, limits)
    await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve))
  })
  after(() => {
    server.closeAllConnections()
    server.close()
  })

  /** What comes back until the server closes, if this is sent piece by piece. */
  async function exchanged(pieces: readonly string[], pauseMs = 0): Promise<string> {
    const socket = connect((server.address() as AddressInfo).port, '127.0.0.1')
    let answer = ''
    const closed = new Promise<void>(resolve => socket.once('close', () => resolve()))
    socket.on('data', chunk => {
      answer += chunk
    })
    socket.on('error', () => {})
    for (const piece of pieces) {
      if (socket.destroyed) break
      socket.write(piece)
      await new Promise(resolve => setTimeout(resolve, pauseMs))
    }
    await closed
    return answer
  }

  const codeOf = (answer: string) => {
    assert.match(answer, /Content-Type: application\/problem\+json/)
    const [head = '', body = ''] = answer.split('\r\n\r\n')
    return `${head.split(' ')[1]} ${(JSON.parse(body) as { code: string }).code}`
  }

  it('[I] answers a request that comes as it should', async () => {
    const { port } = server.address() as AddressInfo
    assert.equal(await (await fetch(`http://127.0.0.1:${port}/`, { method: 'POST', body: 'x' })).text(), 'done')
  })

  it('[I] lets nobody hold a connection by sending headers ever so slowly', async () => {
    const drops = Array.from({ length: 40 }, (_, drop) => `X-${drop}: 1\r\n`)
    assert.equal(codeOf(await exchanged(['GET / HTTP/1.1\r\nHost: x\r\n', ...drops], 50)), '408 too_slow')
  })

  it('[I] nor by sending a body ever so slowly', async () => {
    const head = 'POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 1000\r\n\r\n'
    assert.equal(codeOf(await exchanged([head, ...Array<string>(40).fill('x')], 50)), '408 too_slow')
  })

  it('[I] refuses headers and addresses that are too long, and what is not HTTP', async () => {
    const long = 'x'.repeat(17_000)
    assert.equal(codeOf(await exchanged([`GET /${long} HTTP/1.1\r\nHost: x\r\n\r\n`])), '431 headers_too_large')
    assert.equal(codeOf(await exchanged([`GET / HTTP/1.1\r\nHost: x\r\nX: ${long}\r\n\r\n`])), '431 headers_too_large')
    assert.equal(codeOf(await exchanged(['hello\r\n\r\n'])), '400 malformed_request')
    const smuggled = 'POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 1\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n'
    assert.equal(codeOf(await exchanged([smuggled])), '400 malformed_request')
  })
})
