import assert from 'node:assert/strict'
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { livingProcess } from '../../cli/process-identity.ts'
import { endLeftovers, readRunning, startRunningRecord } from '../../cli/running.ts'
import { assertGone, assertLives, killChildren, startAndReadLine } from './child.ts'
import { tempFolderPerTest } from './temp-folder.ts'

const SLEEPER = ['-c', 'echo up; exec sleep 100']

describe('record of running processes', () => {
  const folder = tempFolderPerTest()
  afterEach(killChildren)

  it('[I] keeps each process with its start until it is removed', async () => {
    const { child } = await startAndReadLine('sh', SLEEPER)
    const record = startRunningRecord(folder())
    record.add('sleeper', child.pid!)
    const { startMark } = livingProcess(child.pid!)!
    assert.deepEqual(readRunning(folder()), [{ name: 'sleeper', pid: child.pid, startMark }])
    record.remove(child.pid!)
    assert.deepEqual(readRunning(folder()), [])
  })

  it('[I] ends what the last start left behind, and says what it was', async () => {
    const { child } = await startAndReadLine('sh', SLEEPER)
    startRunningRecord(folder()).add('sleeper', child.pid!)
    const ended = await endLeftovers(folder())
    assert.deepEqual(
      ended.map(({ name, pid }) => ({ name, pid })),
      [{ name: 'sleeper', pid: child.pid }],
    )
    await assertGone(child.pid!, 0)
  })

  it('[I] leaves alone a process that only inherited the pid', async () => {
    const { child } = await startAndReadLine('sh', SLEEPER)
    const processes = [{ name: 'temporal', pid: child.pid, startMark: 'another boot/1' }]
    writeFileSync(join(folder(), 'running.json'), JSON.stringify({ processes }))
    assert.deepEqual(await endLeftovers(folder()), [])
    assertLives(child.pid!)
  })

  it('[I] takes a missing or broken record for an empty one', async () => {
    assert.deepEqual(await endLeftovers(join(folder(), 'none')), [])
    writeFileSync(join(folder(), 'running.json'), '{"processes": [{"pid"')
    assert.deepEqual(await endLeftovers(folder()), [])
  })
})
