import assert from 'node:assert/strict'
import { spawn } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { text } from 'node:stream/consumers'
import type { Event } from '../../domain/core/events/event.ts'
import type { OrderState } from '../../domain/core/state.ts'
import { project } from '../../domain/view/projection.ts'
import { openStore, type Store } from '../../store/open-store.ts'
import { does, given, mondayMorning, type OrderCase, passes, placed, told } from '../domain/specification.ts'
import { putStoreInto } from '../new-store.ts'
import { sampleOrder } from '../store/sample.ts'

const program = join(import.meta.dirname, '../../cli/main.ts')

const approval = `
process: approved
flow: none
steps:
  - { id: approval, kind: task, status: pending_approval, owner: role:finance, ladder: [{ after: 1d, remind: owner }, { after: 3d, fallback: cancel }] }
`

async function keep(store: Store, orderNo: string, { definition, journal, state }: OrderCase): Promise<void> {
  const key = { organisation: 'main', orderNo }
  const startInput = { definition, order: state.order }
  await store.insertOrder(
    sampleOrder('main', orderNo, { startInput, createdAt: mondayMorning, processId: definition.id }),
  )
  await store.append({ ...key, events: journal }, (before, events) =>
    project(definition, before as OrderState | null, events as readonly Event[]),
  )
}

describe('nolimbo audit', function () {
  this.timeout(180_000)
  let dataFolder: string
  let api: Server
  const asked: (string | undefined)[] = []

  before(async () => {
    dataFolder = mkdtempSync(join(tmpdir(), 'nolimbo-audit-'))
    api = createServer((request, response) => {
      asked.push(request.url)
      response.writeHead(200, { 'content-type': 'application/json' })
      response.end(
        JSON.stringify({ result: 'kept', orders: 7, open: 0, events: 70, until: '', longest: {}, broken: [] }),
      )
    })
    await new Promise<void>(resolve => api.listen(0, '127.0.0.1', resolve))
  })
  after(() => {
    api.close()
    rmSync(dataFolder, { recursive: true, force: true })
  })

  async function audit(...args: string[]): Promise<{ code: number | null; out: string; problem: string }> {
    const { port } = api.address() as AddressInfo
    const environment = { HOST: '127.0.0.1', PORT: String(port), NOLIMBO_DATA: dataFolder, DATABASE_URL: '' }
    const env = { ...process.env, NOLIMBO_AUTH: '', ...environment }
    const child = spawn(process.execPath, [program, 'audit', ...args], { env, stdio: ['ignore', 'pipe', 'pipe'] })
    const ended = new Promise<number | null>(resolve => child.once('exit', resolve))
    const [out, problem, code] = await Promise.all([text(child.stdout), text(child.stderr), ended])
    return { code, out, problem }
  }

  it('[I] ends with 2 where there is nothing to read, or what is asked makes no sense', async () => {
    const { code, problem } = await audit()
    assert.equal(code, 2)
    assert.match(problem, /there is no store in/)
    assert.equal((await audit('--since', 'lately')).code, 2)
    assert.equal((await audit('SO-1')).code, 2)
  })

  it('[I] ends with 0 where everybody was told in time, and with 1 where not, with order and time', async () => {
    const good = given(approval, placed(), told(), passes('2h'), does('fang', 'approve', { step: 'approval' }))
    const bad = given(
      approval.replace('approved', 'late'),
      placed(),
      told(),
      passes('80h'),
      does('fang', 'approve', { step: 'approval' }),
    )
    putStoreInto(dataFolder)
    const store = await openStore({ dataFolder })
    await keep(store, 'GOOD', good)
    await keep(store, 'BAD', bad)
    await store.close()
    const kept = await audit('--process', 'approved')
    assert.deepEqual([kept.code, kept.problem], [0, ''])
    assert.match(kept.out, /^1 orders \(0 open/)
    assert.match(kept.out, /main\/GOOD .*: 2\.0 working hours, 2\.0 hours on the wall/)
    assert.match(kept.out, /the silence bound was kept/)
    const broken = await audit('--since', '2026-03-05')
    assert.equal(broken.code, 1)
    assert.match(
      broken.out,
      /BROKEN {2}main\/BAD \(pending_approval\) from 2026-03-02T01:00:00\.000Z to 2026-03-05T09:00:00\.000Z.*: 80\.0 working/,
    )
    assert.equal((await audit('--since', '2026-03-06')).code, 0)
  })

  it('[I] asks the API where a running nolimbo has the store open', async () => {
    const store = await openStore({ dataFolder })
    const { code, out } = await audit('--since', '2026-03-06', '--process', 'sales')
    await store.close()
    assert.equal(code, 0)
    assert.match(out, /^7 orders/)
    assert.deepEqual(asked, ['/api/audit?process=sales&since=2026-03-06T00%3A00%3A00.000Z'])
  })
})
