import assert from 'node:assert/strict'
import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { openStore, type Store } from '../../store/open-store.ts'
import { putStoreInto } from '../new-store.ts'
import { type HttpReceiver, httpReceiver } from './receivers.ts'
import { describeChannels, outboxOn, peopleWith, tell } from './telling.ts'

describe('whoever tells people is killed', function () {
  this.timeout(120_000)
  let folder: string
  let hook: HttpReceiver
  let child: ChildProcess | undefined
  let store: Store | undefined
  beforeEach(async () => {
    folder = mkdtempSync(join(tmpdir(), 'nolimbo-killed-'))
    putStoreInto(folder)
    hook = await httpReceiver()
  })
  afterEach(async () => {
    if (child?.exitCode === null && child.signalCode === null) child.kill('SIGKILL')
    await store?.close()
    await hook.close()
    rmSync(folder, { recursive: true, force: true })
  })

  async function tellAndDie(until: 'write' | 'send'): Promise<void> {
    const program = join(import.meta.dirname, 'programs/tell-and-die.ts')
    child = spawn(process.execPath, [program, folder, hook.url, until], { stdio: ['ignore', 'pipe', 'inherit'] })
    await once(child.stdout!, 'data')
    while (until === 'send' && hook.received.length === 0) await new Promise(resolve => setTimeout(resolve, 20))
    const ended = once(child, 'exit')
    child.kill('SIGKILL')
    await ended
  }

  /** Another process takes over; whoever asked asks again. */
  async function takeOver() {
    store = await openStore({ dataFolder: folder })
    const description = describeChannels({ hook: { type: 'webhook', url: hook.url, secret: 's', timeout: '1s' } })
    const outbox = outboxOn(store, description)
    const told = await tell(store, outbox, 'main', peopleWith({ id: 'mei', channels: ['hook'] }), { id: 'A-1/n1' })
    await outbox.stop()
    assert.deepEqual(told, { ok: true, persons: ['mei'], channel: 'hook' })
    const rows = await store.deliveriesOf('main', 'A-1/n1')
    assert.deepEqual(rows.map(({ channel, state }) => `${channel} ${state}`).sort(), ['hook sent', 'inbox sent'])
    return rows.find(({ channel }) => channel === 'hook')!
  }
  const eventIds = () => hook.received.map(({ headers }) => headers['nolimbo-event-id'])

  it('[I] between writing and sending: it goes out once', async () => {
    await tellAndDie('write')
    assert.equal(hook.received.length, 0)
    const row = await takeOver()
    assert.equal(hook.received.length, 1)
    assert.equal(row.repeats, 0)
  })

  it('[I] while sending: it goes out again under the same id, and that is counted', async () => {
    hook.answer = () => ({ delayMs: 60_000 })
    await tellAndDie('send')
    hook.answer = () => ({})
    const row = await takeOver()
    assert.equal(hook.received.length, 2)
    assert.equal(new Set(eventIds()).size, 1)
    assert.equal(row.repeats, 1)
  })
})
