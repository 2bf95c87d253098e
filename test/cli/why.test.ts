import assert from 'node:assert/strict'
import { spawn } from 'node:child_process'
import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { join } from 'node:path'
import { text } from 'node:stream/consumers'

const program = join(import.meta.dirname, '../../cli/main.ts')

const reasons = {
  text: 'It waits.',
  textZh: '等待中。',
  attempts: [
    { operation: 'payment.authorise', attempt: 4, lastError: 'try again later', giveUpAt: '2026-03-02T02:00Z' },
  ],
  can: [
    { type: 'send_back', step: 'signing', to: 'stock', by: ['role:order-desk', 'role:ops-manager'] },
    { type: 'release', hold: 'customer', by: ['role:order-desk'] },
    { type: 'cancel', by: ['role:ops-manager'], means: { en: 'All of it is undone.', zh: '全部撤销。' } },
  ],
}

describe('nolimbo why', () => {
  let api: Server
  const asked: (string | undefined)[] = []

  before(async () => {
    api = createServer((request, response) => {
      asked.push(`${request.url} ${request.headers.authorization}`)
      const known = request.url === '/api/orders/SO-1/why'
      response.writeHead(known ? 200 : 404, { 'content-type': 'application/json' })
      response.end(JSON.stringify(known ? reasons : { detail: 'there is no order SO-2' }))
    })
    await new Promise<void>(resolve => api.listen(0, '127.0.0.1', resolve))
  })

  after(() => api.close())

  async function why(...args: string[]): Promise<{ code: number | null; out: string; problem: string }> {
    const env = {
      ...process.env,
      HOST: '127.0.0.1',
      PORT: String((api.address() as AddressInfo).port),
      NOLIMBO_AUTH: '',
    }
    const child = spawn(process.execPath, [program, 'why', ...args], { env, stdio: ['ignore', 'pipe', 'pipe'] })
    const ended = new Promise<number | null>(resolve => child.once('exit', resolve))
    const [out, problem, code] = await Promise.all([text(child.stdout), text(child.stderr), ended])
    return { code, out, problem }
  }

  it('[I] says what it waits for, what was tried, and who can do what', async () => {
    const { code, out } = await why('SO-1')
    assert.equal(code, 0)
    assert.deepEqual(out.trimEnd().split('\n'), [
      'It waits.',
      '  payment.authorise: attempt 4, try again later; given up at 2026-03-02T02:00Z',
      '  send_back signing to stock: role:order-desk, role:ops-manager',
      '  release customer: role:order-desk',
      '  cancel: role:ops-manager',
      '    All of it is undone.',
    ])
    assert.equal(asked.at(-1), '/api/orders/SO-1/why Bearer demo-qin')
    const chinese = (await why('SO-1', '--lang', 'zh')).out
    assert.match(chinese, /^等待中。/)
    assert.match(chinese, /cancel: role:ops-manager\n {4}全部撤销。/)
  })

  it('[I] ends with 1 where there is no such order, and with 2 where none is named', async () => {
    const { code, problem } = await why('SO-2')
    assert.deepEqual([code, problem.trim()], [1, 'there is no order SO-2'])
    assert.equal((await why()).code, 2)
    assert.equal((await why('SO-1', '--lang', 'xx')).code, 2)
  })
})
