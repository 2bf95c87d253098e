import { type ChildProcess, execFileSync, spawn } from 'node:child_process'
import { chownSync, existsSync, mkdtempSync, readdirSync, rmSync } from 'node:fs'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import pg from 'pg'

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

/** Where initdb and postgres are; null if this machine has no server. */
function binaries(): string | null {
  const root = '/usr/lib/postgresql'
  const versions = existsSync(root) ? readdirSync(root).sort((a, b) => Number(b) - Number(a)) : []
  const folders = [...versions.map(version => join(root, version, 'bin')), ...(process.env.PATH ?? '').split(':')]
  return folders.find(folder => existsSync(join(folder, 'initdb')) && existsSync(join(folder, 'postgres'))) ?? null
}

/** Why tests that need a server are skipped; null if they can run. In CI a missing server is a failure instead. */
export function whyNoPostgres(): string | null {
  if (binaries() !== null || process.env.CI === 'true') return null
  return 'no PostgreSQL server on this machine (Debian: apt-get install postgresql)'
}

export async function startPostgres(): Promise<TestPostgres> {
  const bin = binaries()
  if (bin === null) throw new Error('no PostgreSQL server on this machine (Debian: apt-get install postgresql)')
  const account = serverAccount()
  const folder = mkdtempSync(join(tmpdir(), 'nolimbo-postgres-'))
  if (account !== undefined) chownSync(folder, account.uid, account.gid)
  const initdb = ['-D', folder, '-U', 'nolimbo', '--auth=trust', '--no-sync', '--encoding=UTF8', '--locale=C.UTF-8']
  execFileSync(join(bin, 'initdb'), initdb, { ...account, cwd: folder, stdio: 'pipe' })

  const port = await freePort()
  const url = (database: string) => `postgres://nolimbo@127.0.0.1:${port}/${database}`
  const settings = {
    listen_addresses: '127.0.0.1',
    unix_socket_directories: '',
    fsync: 'off',
    log_min_messages: 'fatal',
  }
  const args = ['-D', folder, '-p', String(port), ...Object.entries(settings).flatMap(([k, v]) => ['-c', `${k}=${v}`])]
  let server: ChildProcess | null = null
  let databases = 0

  async function resume() {
    server = spawn(join(bin!, 'postgres'), args, { ...account, cwd: folder, stdio: 'ignore' })
    await untilItAnswers(url('postgres'), server)
  }

  async function halt(how: 'fast' | 'immediate' = 'fast') {
    if (server === null || server.exitCode !== null || server.signalCode !== null) return
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
      await query(url('postgres'), `create database test_${databases}`)
      return url(`test_${databases}`)
    },
    async remove() {
      await halt('immediate')
      process.off('exit', endWithUs)
      rmSync(folder, { recursive: true, force: true })
    },
  }
}

/** Whose account to use instead of ours: the server refuses to run as root. */
function serverAccount(): { uid: number; gid: number } | undefined {
  if (process.getuid?.() !== 0) return undefined
  for (const name of ['postgres', 'nobody']) {
    try {
      const id = (flag: string) => Number(execFileSync('id', [flag, name], { stdio: ['ignore', 'pipe', 'ignore'] }))
      return { uid: id('-u'), gid: id('-g') }
    } catch {
      // No such account: the next one.
    }
  }
  throw new Error('no account to run PostgreSQL as')
}

function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const probe = createServer().on('error', reject)
    probe.listen(0, '127.0.0.1', () => {
      const { port } = probe.address() as { port: number }
      probe.close(() => resolve(port))
    })
  })
}

async function untilItAnswers(url: string, server: ChildProcess): Promise<void> {
  const endsAt = performance.now() + startTimeoutMs
  for (;;) {
    try {
      return await query(url, 'select 1')
    } catch (error) {
      const ended = server.exitCode !== null || server.signalCode !== null
      if (ended || performance.now() > endsAt) throw new Error('the test PostgreSQL did not start', { cause: error })
      await pause(50)
    }
  }
}

async function query(url: string, text: string): Promise<void> {
  const client = new pg.Client({ connectionString: url })
  client.on('error', () => {})
  await client.connect()
  try {
    await client.query(text)
  } finally {
    await client.end()
  }
}
