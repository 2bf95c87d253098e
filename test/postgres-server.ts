import { type ChildProcess, spawn } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { askPostgres, preparePostgres, untilPostgresAnswers, whyNoServer } from './postgres-program.ts'
import { steadyPort } from './steady-port.ts'

/** A throw-away PostgreSQL server on a free port of this machine. */
export interface TestPostgres {
  /** A new empty database in it. */
  createDatabase(): Promise<string>
  /** `immediate`: as if it had been killed. Its data stays. */
  halt(how?: 'fast' | 'immediate'): Promise<void>
  /** Again, on the same port and data. */
  resume(): Promise<void>
  /** Ends it and removes its data. */
  remove(): Promise<void>
}

const startTimeoutMs = 15_000

/** Why tests that need a server are skipped; null if they can run. In CI a missing server is a failure instead. */
export function whyNoPostgres(): string | null {
  return process.env.CI === 'true' ? null : whyNoServer()
}

export async function startPostgres(): Promise<TestPostgres> {
  const folder = mkdtempSync(join(tmpdir(), 'nolimbo-postgres-'))
  const { command, args, url } = preparePostgres(folder, await steadyPort(), { durable: false })
  let server: ChildProcess | null = null
  let databases = 0
  const hasEnded = () => server !== null && (server.exitCode !== null || server.signalCode !== null)

  async function resume() {
    server = spawn(command, args, { cwd: folder, stdio: 'ignore' })
    await untilPostgresAnswers(url('postgres'), startTimeoutMs, hasEnded)
  }

  async function halt(how: 'fast' | 'immediate' = 'fast') {
    if (server === null || hasEnded()) return
    const ended = new Promise(resolve => server!.once('exit', resolve))
    server.kill(how === 'fast' ? 'SIGINT' : 'SIGQUIT')
    await ended
  }

  function endWithUs() {
    server?.kill('SIGQUIT')
    rmSync(folder, { recursive: true, force: true })
  }
  process.once('exit', endWithUs)
  await resume()

  return {
    halt,
    resume,
    async createDatabase() {
      databases += 1
      await askPostgres(url('postgres'), `create database test_${databases}`)
      return url(`test_${databases}`)
    },
    async remove() {
      await halt('immediate')
      process.off('exit', endWithUs)
      rmSync(folder, { recursive: true, force: true })
    },
  }
}
