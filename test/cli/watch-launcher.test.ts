import assert from 'node:assert/strict'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { assertGone, assertLives, killChildren, startAndReadLine } from './child.ts'

const WATCHER = join(import.meta.dirname, 'programs/watch-launcher.ts')

describe('watch on the launcher', () => {
  afterEach(killChildren)

  /** As npm does: a program that runs a shell that runs node; here the first is node too. */
  const launch = async (env: NodeJS.ProcessEnv) => {
    const script = `require('child_process').spawn('sh', ['-c', ${JSON.stringify(`"${process.execPath}" ${WATCHER}; true`)}], { stdio: ['ignore', 'inherit', 'ignore'] })`
    const { child, line } = await startAndReadLine(process.execPath, ['-e', script], { env })
    return { launcher: child, pid: Number(line) }
  }

  it('[I] ends the start when npm is killed with -9, though a shell between them lives on', async () => {
    const { launcher, pid } = await launch({ ...process.env, npm_lifecycle_event: 'start' })
    const shellPid = assertLives(pid).parentPid
    assert.equal(assertLives(shellPid).parentPid, launcher.pid)
    launcher.kill('SIGKILL')
    await assertGone(pid, 3_000)
  })

  it('[I] lets a start that npm did not launch outlive its shell, as with nohup', async () => {
    const { npm_lifecycle_event: _, ...env } = process.env
    const { launcher, pid } = await launch(env)
    launcher.kill('SIGKILL')
    await sleep(1_200)
    assertLives(pid)
    process.kill(pid, 'SIGKILL')
  })
})
