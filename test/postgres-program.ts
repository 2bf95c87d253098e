import { execFileSync } from 'node:child_process'
import { chownSync, existsSync, mkdirSync, readdirSync } from 'node:fs'
import { join } from 'node:path'
import pg from 'pg'

/** How to run a PostgreSQL server of one's own from what is installed on this machine. */
export interface PostgresProgram {
  readonly command: string
  readonly args: readonly string[]
  readonly url: (database: string) => string
}

const notInstalled = 'no PostgreSQL server on this machine (Debian: apt-get install postgresql)'

/** Why there can be no server; null if there can. */
export function whyNoServer(): string | null {
  return binaries() === null ? notInstalled : null
}

/**
 * Makes a data folder and says how to start a server on it. `durable`: as in production, its data is on the disk before
 * it answers (fsync on).
 * @throws Error if PostgreSQL is not installed
 */
export function preparePostgres(
  folder: string,
  port: number,
  { durable, settings = {} }: { readonly durable: boolean; readonly settings?: Readonly<Record<string, string>> },
): PostgresProgram {
  const bin = binaries()
  if (bin === null) throw new Error(notInstalled)
  mkdirSync(folder, { recursive: true })
  const account = serverAccount()
  if (account !== undefined) chownSync(folder, account.uid, account.gid)
  const initdb = ['-D', folder, '-U', 'nolimbo', '--auth=trust', '--no-sync', '--encoding=UTF8', '--locale=C.UTF-8']
  execFileSync(join(bin, 'initdb'), initdb, { ...account, cwd: folder, stdio: 'pipe' })
  const all = {
    listen_addresses: '127.0.0.1',
    unix_socket_directories: '',
    log_min_messages: 'fatal',
    ...(durable ? {} : { fsync: 'off' }),
    ...settings,
  }
  const options = Object.entries(all).flatMap(([key, value]) => ['-c', `${key}=${value}`])
  const server = [join(bin, 'postgres'), '-D', folder, '-p', String(port), ...options]
  const asOther =
    account === undefined ? [] : ['--reuid', `${account.uid}`, '--regid', `${account.gid}`, '--clear-groups']
  const [command = '', ...args] = account === undefined ? server : ['setpriv', ...asOther, '--', ...server]
  return { command, args, url: database => `postgres://nolimbo@127.0.0.1:${port}/${database}` }
}

export async function untilPostgresAnswers(url: string, limitMs = 60_000, hasEnded = () => false): Promise<void> {
  for (const giveUpAt = Date.now() + limitMs; ; ) {
    try {
      return await askPostgres(url, 'select 1')
    } catch (error) {
      if (hasEnded() || Date.now() > giveUpAt) throw new Error('PostgreSQL does not answer', { cause: error })
      await new Promise(resolve => setTimeout(resolve, 50))
    }
  }
}

export async function askPostgres(url: string, text: string): Promise<void> {
  const client = new pg.Client({ connectionString: url })
  client.on('error', () => {})
  try {
    await client.connect()
    await client.query(text)
  } finally {
    await client.end().catch(() => {})
  }
}

/** Where initdb and postgres are; null if this machine has no server. */
function binaries(): string | null {
  const root = '/usr/lib/postgresql'
  const versions = existsSync(root) ? readdirSync(root).sort((a, b) => Number(b) - Number(a)) : []
  const folders = [...versions.map(version => join(root, version, 'bin')), ...(process.env.PATH ?? '').split(':')]
  return folders.find(folder => existsSync(join(folder, 'initdb')) && existsSync(join(folder, 'postgres'))) ?? null
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
