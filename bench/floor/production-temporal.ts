import { execFile } from 'node:child_process'
import { chmodSync, existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { Connection } from '@temporalio/client'
import { type Part, spawnPart } from '../../cli/spawn-part.ts'
import { freePort } from '../../cli/temporal/port.ts'
import { untilTemporalAnswers } from '../../cli/temporal/until-temporal-answers.ts'
import {
  askPostgres,
  type PostgresProgram,
  preparePostgres,
  untilPostgresAnswers,
} from '../../test/postgres-program.ts'
import { type ServerPorts, serverConfig } from './server-config.ts'

/** The real Temporal server, as in production, on a PostgreSQL server that is nolimbo's store, too. */
export interface ProductionTemporal {
  readonly address: string
  readonly namespace: string
  readonly databaseUrl: string
  readonly serverPid: number
  readonly databasePid: number
  readonly stop: () => Promise<void>
}

const version = '1.32.0'
const namespace = 'default'
const patienceMs = 120_000
const run = promisify(execFile)

/** The server keeps its ports in the database as small integers. */
const lowPorts = { first: 20_000, last: 32_000 }

async function freePortOf(what: string): Promise<number> {
  for (;;) {
    const port = lowPorts.first + Math.floor(Math.random() * (lowPorts.last - lowPorts.first))
    try {
      return await freePort('127.0.0.1', port, what, '')
    } catch {
      // Taken: another one.
    }
  }
}

/** @param dataFolder where the server's programs are kept once they are built */
export async function startProductionTemporal(
  dataFolder: string,
  log: (line: string) => void,
): Promise<ProductionTemporal> {
  const programs = await buildServer(dataFolder, log)
  const folder = mkdtempSync(join(tmpdir(), 'nolimbo-bench-'))
  // PostgreSQL runs as another account where we are root.
  chmodSync(folder, 0o711)
  const parts: Part[] = []
  const stop = async () => {
    for (const part of parts.toReversed()) await part.stop()
    rmSync(folder, { recursive: true, force: true })
  }
  try {
    const postgresPort = await freePortOf('PostgreSQL')
    const settings = { max_connections: '200', shared_buffers: '512MB' }
    const postgres = preparePostgres(join(folder, 'postgres'), postgresPort, { durable: true, settings })
    const database = await spawnPart({ ...postgres, name: 'postgres', kind: 'guarded', onLine: () => {} })
    parts.push(database)
    await untilPostgresAnswers(postgres.url('postgres'))
    await createSchemas(programs, postgres, postgresPort)
    const ports = await serverPorts()
    mkdirSync(join(folder, 'config'))
    writeFileSync(join(folder, 'config/bench.yaml'), serverConfig(ports, postgresPort))
    const args = ['--root', folder, '--config', 'config', '--env', 'bench', 'start']
    const server = await spawnPart({
      name: 'temporal',
      kind: 'guarded',
      command: programs.server,
      args,
      onLine: () => {},
    })
    parts.push(server)
    const address = `127.0.0.1:${ports.frontend}`
    await registerNamespace(address, server)
    return {
      address,
      namespace,
      databaseUrl: postgres.url('nolimbo'),
      serverPid: server.pid,
      databasePid: database.pid,
      stop,
    }
  } catch (error) {
    await stop()
    throw error
  }
}

interface Programs {
  readonly server: string
  readonly sql: string
}

/** From source, through Go's module proxy; once. */
async function buildServer(dataFolder: string, log: (line: string) => void): Promise<Programs> {
  const folder = join(dataFolder, `temporal-server-${version}`)
  const programs = { server: join(folder, 'server'), sql: join(folder, 'sql') }
  if (existsSync(programs.server) && existsSync(programs.sql)) return programs
  log(`building the Temporal server ${version}: some minutes, once`)
  mkdirSync(folder, { recursive: true })
  const packages = ['server', 'tools/sql'].map(name => `go.temporal.io/server/cmd/${name}@v${version}`)
  try {
    await run('go', ['install', ...packages], { env: { ...process.env, GOBIN: folder, CGO_ENABLED: '0' } })
  } catch (error) {
    throw new Error(`the Temporal server cannot be built: ${(error as Error).message}`, { cause: error })
  }
  return programs
}

async function createSchemas(programs: Programs, postgres: PostgresProgram, port: number): Promise<void> {
  for (const name of ['nolimbo', 'temporal', 'temporal_visibility']) {
    await askPostgres(postgres.url('postgres'), `create database ${name}`)
  }
  for (const [database, schema] of [
    ['temporal', 'temporal'],
    ['temporal_visibility', 'visibility'],
  ] as const) {
    const where = ['--plugin', 'postgres12', '--ep', '127.0.0.1', '--port', `${port}`, '--user', 'nolimbo']
    const to = [...where, '--db', database]
    await run(programs.sql, [...to, 'setup-schema', '--version', '0.0'])
    await run(programs.sql, [...to, 'update-schema', '--schema-name', `postgresql/v12/${schema}`])
  }
}

async function serverPorts(): Promise<ServerPorts> {
  const service = async (name: string) => ({ rpc: await freePortOf(name), membership: await freePortOf(name) })
  const services = {
    frontend: await service('frontend'),
    history: await service('history'),
    matching: await service('matching'),
    worker: await service('worker'),
  }
  return { frontend: services.frontend.rpc, services }
}

async function registerNamespace(address: string, server: Part): Promise<void> {
  const giveUpAt = Date.now() + patienceMs
  let hasEnded = false
  void server.ended.then(() => {
    hasEnded = true
  })
  const connection = Connection.lazy({ address })
  try {
    for (;;) {
      try {
        await connection.workflowService.registerNamespace({
          namespace,
          workflowExecutionRetentionPeriod: { seconds: 86_400 as never },
        })
        break
      } catch (error) {
        if (hasEnded || Date.now() > giveUpAt) {
          const said = server.lastLines().join('\n')
          throw new Error(`the Temporal server did not start; it wrote:\n${said}`, { cause: error })
        }
        await new Promise(resolve => setTimeout(resolve, 500))
      }
    }
    await untilTemporalAnswers(address, namespace, patienceMs, new AbortController().signal)
  } finally {
    await connection.close()
  }
}
