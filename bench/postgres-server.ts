import { execFileSync } from 'node:child_process'
import { chownSync, existsSync, mkdirSync, readdirSync } from 'node:fs'
import { join } from 'node:path'
import pg from 'pg'

/** How to run a PostgreSQL server of one's own from the packages of this machine. */
export interface PostgresProgram {
  readonly command: string
  readonly args: readonly string[]
  readonly url: (database: string) => string
}

const root = '/usr/lib/postgresql'

/**
 * Makes a data folder and says how to start a server on it. Durable as in production (fsync on).
 * @throws Error if PostgreSQL is not installed
 */
export function preparePostgres(folder: string, port: number): PostgresProgram {
  const version = existsSync(root) ? readdirSync(root).sort((a, b) => Number(b) - Number(a))[0] : undefined
  if (version === undefined) throw new Error('PostgreSQL is not installed (Debian: apt-get install postgresql)')
  const bin = join(root, version, 'bin')
  mkdirSync(folder, { recursive: true })
  const account = serverAccount()
  if (account !== undefined) chownSync(folder, account.uid, account.gid)
  const initdb = ['-D', folder, '-U', 'nolimbo', '--auth=trust', '--encoding=UTF8', '--locale=C.UTF-8']
  execFileSync(join(bin, 'initdb'), initdb, { ...account, cwd: folder, stdio: 'pipe' })
  const settings = { listen_addresses: '127.0.0.1', unix_socket_directories: '', log_min_messages: 'fatal' }
  const options = Object.entries(settings).flatMap(([key, value]) => ['-c', `${key}=${value}`])
  const server = [join(bin, 'postgres'), '-D', folder, '-p', String(port), ...options]
  // The server refuses to run as root.
  const asOther =
    account === undefined ? [] : ['--reuid', `${account.uid}`, '--regid', `${account.gid}`, '--clear-groups']
  const [command = '', ...args] = account === undefined ? server : ['setpriv', ...asOther, '--', ...server]
  return { command, args, url: database => `postgres://nolimbo@127.0.0.1:${port}/${database}` }
}

export async function untilPostgresAnswers(url: string, limitMs = 60_000): Promise<void> {
  for (const giveUpAt = Date.now() + limitMs; ; ) {
    try {
      return await askPostgres(url, 'select 1')
    } catch (error) {
      if (Date.now() > giveUpAt) throw new Error('PostgreSQL does not answer', { cause: error })
      await new Promise(resolve => setTimeout(resolve, 100))
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

function serverAccount(): { uid: number; gid: number } | undefined {
  if (process.getuid?.() !== 0) return undefined
  const id = (flag: string) => Number(execFileSync('id', [flag, 'postgres'], { encoding: 'utf8' }))
  return { uid: id('-u'), gid: id('-g') }
}
