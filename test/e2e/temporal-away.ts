import assert from 'node:assert/strict'
import { createServer, type Server } from 'node:net'
import { setTimeout as pause } from 'node:timers/promises'
import { readRunning } from '../../cli/running.ts'
import { kill, type RunningNolimbo } from './running-nolimbo.ts'
import { command, place, report, until, view } from './shop.ts'

/** Temporal is killed and kept from coming back: 503 for what needs it, the rest answers, and then all goes on. */
export async function outlastTemporal(nolimbo: RunningNolimbo): Promise<void> {
  assert.equal((await place(nolimbo, 'away-1', 'large')).status, 201)
  await until('it waits for approval', 20_000, async () => {
    return (await view(nolimbo, 'away-1')).status === 'pending_approval'
  })
  const blocker = await killTemporal(nolimbo)
  const approve = () => command(nolimbo, 'mei', 'away-1', 'approve')
  const ready = () => nolimbo.ask('', 'GET', '/readyz')
  try {
    const [approved, placed, reported] = await Promise.all([
      approve(),
      place(nolimbo, 'away-2'),
      report(nolimbo, 'away-1', 'stock.reserved'),
    ])
    for (const reply of [approved, placed, reported]) {
      assert.deepEqual([reply.status, reply.body.code], [503, 'unavailable'], JSON.stringify(reply.body))
      assert.equal(reply.headers.get('retry-after'), '2')
    }
    const readiness = await ready()
    assert.deepEqual([readiness.status, readiness.body.temporal, readiness.body.store], [503, 'away', 'ok'])
    assert.equal((await view(nolimbo, 'away-1')).status, 'pending_approval')
    for (const path of ['/api/orders', '/api/board', '/api/tasks?mine=true', '/healthz', '/api/orders/away-2']) {
      assert.equal((await nolimbo.ask('mei', 'GET', path)).status, 200, path)
    }
  } finally {
    await new Promise(resolve => blocker.close(resolve))
  }
  const answers: string[] = []
  await until('the approval is taken', 30_000, async () => {
    const { status, body } = await approve()
    answers.push(`${status} ${body.code ?? ''}`)
    return status === 200
  })
  assert.ok(
    answers.slice(0, -1).every(answer => answer === '503 unavailable'),
    answers.join(', '),
  )
  assert.equal((await ready()).status, 200)
  const onItsWay = async (orderNo: string) =>
    ['in_transit', 'completed'].includes((await view(nolimbo, orderNo)).status)
  await until('what was accepted meanwhile is started, and both go on', 30_000, async () => {
    return (await onItsWay('away-1')) && (await onItsWay('away-2'))
  })
}

/** Its port is taken at once, so that it stays away until the answered server is closed. */
async function killTemporal(nolimbo: RunningNolimbo): Promise<Server> {
  for (;;) {
    const temporal = readRunning(nolimbo.place.folder).find(({ name }) => name === 'temporal')
    if (temporal !== undefined) kill(temporal.pid, 'SIGKILL')
    const blocker = createServer(socket => socket.destroy())
    const listens = await new Promise(resolve => {
      blocker.once('error', () => resolve(false))
      blocker.listen(nolimbo.place.ports.temporal, '127.0.0.1', () => resolve(true))
    })
    if (listens) return blocker
    await pause(5)
  }
}
