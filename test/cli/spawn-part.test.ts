import assert from 'node:assert/strict'
import { once } from 'node:events'
import { join } from 'node:path'
import { endLeftovers, readRunning, startRunningRecord } from '../../cli/running.ts'
import { type Part, type PartSpec, spawnPart } from '../../cli/spawn-part.ts'
import { assertGone, assertLives, killChildren, startAndReadLine } from './child.ts'
import { tempFolderPerTest } from './temp-folder.ts'

const PROGRAMS = join(import.meta.dirname, 'programs')
const STUBBORN = 'trap "" TERM INT HUP; echo up; while :; do sleep 0.1; done'

const shell = (script: string, more: Partial<PartSpec> = {}): PartSpec => {
  return { name: 'part', kind: 'guarded', command: 'sh', args: ['-c', script], ...more }
}

const own = (more: Partial<PartSpec> = {}): PartSpec => {
  return { name: 'own', kind: 'own', command: join(PROGRAMS, 'own-part.ts'), args: [], ...more }
}

describe('parts of the all-in-one start', () => {
  const folder = tempFolderPerTest()
  afterEach(killChildren)

  const startedByAnother = async (spec: PartSpec) => {
    const args = [join(PROGRAMS, 'start-part.ts'), folder(), JSON.stringify(spec)]
    const { child, line } = await startAndReadLine(process.execPath, args)
    return { parent: child, pid: Number(line) }
  }

  it('[I] pass on each line of both outputs, and how the program ended', async () => {
    const lines: string[] = []
    const part = await spawnPart(shell('echo one; echo two >&2; exit 7', { onLine: line => lines.push(line) }))
    assert.deepEqual(await part.ended, { code: 7, signal: null })
    assert.deepEqual(lines.toSorted(), ['one', 'two'])
    assert.deepEqual(part.lastLines().toSorted(), ['one', 'two'])
  })

  it('[I] name the signal that ended the program', async () => {
    const part = await spawnPart(shell('kill -9 $$'))
    assert.deepEqual(await part.ended, { code: null, signal: 'SIGKILL' })
  })

  it('[I] are refused when the program cannot be run', async () => {
    await assert.rejects(spawnPart(shell('', { command: '/nowhere/temporal' })), /part could not be started: .*ENOENT/)
  })

  it('[I] are recorded while they run', async () => {
    const part = await spawnPart(shell('exec sleep 100', { running: startRunningRecord(folder()) }))
    assert.deepEqual(
      readRunning(folder()).map(({ name, pid }) => ({ name, pid })),
      [{ name: 'part', pid: part.pid }],
    )
    assert.deepEqual(await part.stop(), { code: null, signal: 'SIGTERM' })
    assert.deepEqual(readRunning(folder()), [])
  })

  it('[I] that ignore SIGTERM are killed when they are stopped', async () => {
    const part = await new Promise<Part>((resolve, reject) => {
      const started = spawnPart(shell(STUBBORN, { graceMs: 200, onLine: () => started.then(resolve) }))
      started.catch(reject)
    })
    assert.deepEqual(await part.stop(), { code: null, signal: 'SIGKILL' })
    assert.deepEqual(await part.stop(), { code: null, signal: 'SIGKILL' }, 'a second stop is harmless')
  })

  it('[I] end within 5 s after their parent was killed with -9', async () => {
    const { parent, pid } = await startedByAnother(shell('echo up; exec sleep 100'))
    const guardianPid = assertLives(pid).parentPid
    parent.kill('SIGKILL')
    await assertGone(pid, 5_000)
    await assertGone(guardianPid, 1_000)
  })

  it('[I] end within 5 s even if they ignore SIGTERM', async () => {
    const { parent, pid } = await startedByAnother(shell(STUBBORN))
    assertLives(pid)
    parent.kill('SIGKILL')
    await assertGone(pid, 5_000)
  })

  it('[I] do not outlive a guardian that was killed', async () => {
    const part = await spawnPart(shell('exec sleep 100'))
    process.kill(assertLives(part.pid).parentPid, 'SIGKILL')
    await part.ended
    await assertGone(part.pid, 0)
  })

  it('[I] left behind by a parent and guardian killed together are ended by the next start', async () => {
    const { parent, pid } = await startedByAnother(shell('echo up; exec sleep 100'))
    const guardianPid = assertLives(pid).parentPid
    process.kill(guardianPid, 'SIGSTOP')
    parent.kill('SIGKILL')
    await once(parent, 'exit')
    process.kill(guardianPid, 'SIGKILL')
    await assertGone(guardianPid, 1_000)
    assertLives(pid)
    assert.deepEqual(
      (await endLeftovers(folder())).map(leftover => leftover.pid),
      [pid],
    )
    await assertGone(pid, 0)
  })

  it('[I] of our own talk with their parent and stop in order', async () => {
    const messages: unknown[] = []
    const part = await new Promise<Part>(resolve => {
      const onMessage = (message: unknown) => {
        messages.push(message)
        if (message === 'ready') started.then(ready => ready.send({ hello: 1 }))
        else started.then(resolve)
      }
      const started = spawnPart(own({ onMessage, args: ['50'], onLine: () => {} }))
    })
    assert.deepEqual(messages, ['ready', { echo: { hello: 1 } }])
    assert.deepEqual(await part.stop(), { code: 0, signal: null })
    assert.deepEqual(part.lastLines(), ['stopped'])
  })

  it('[I] of our own end within 5 s after their parent was killed, even if their stop hangs', async () => {
    const { parent, pid } = await startedByAnother(own({ args: ['60000'] }))
    parent.kill('SIGKILL')
    await assertGone(pid, 5_000)
  })
})
