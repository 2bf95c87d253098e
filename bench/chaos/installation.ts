import { mkdirSync } from 'node:fs'
import { join } from 'node:path'
import { spawnPart } from '../../cli/spawn-part.ts'
import { findTemporal } from '../../cli/temporal/find-temporal.ts'
import { freePort } from '../../cli/temporal/port.ts'
import { untilTemporalAnswers } from '../../cli/temporal/until-temporal-answers.ts'
import { askPostgres, preparePostgres, untilPostgresAnswers } from '../../test/postgres-program.ts'
import { KillablePart } from './killable-part.ts'
import { NetworkLink } from './network-link.ts'
import type { Link, Victim } from './plan.ts'

/** nolimbo as in production: each part a process of its own, with a network between them that can be cut. */
export interface Installation {
  readonly parts: Readonly<Record<Victim, KillablePart>>
  readonly proxies: Readonly<Record<Link, NetworkLink>>
  readonly apiUrl: string
  readonly sandboxUrl: string
  readonly databaseUrl: string
  readonly temporalAddress: string
  readonly stop: () => Promise<void>
}

const repository = join(import.meta.dirname, '../..')

export async function startInstallation(folder: string, log: (line: string) => void): Promise<Installation> {
  const port = () => freePort('127.0.0.1', 0, 'chaos', '')
  const ports = { api: await port(), sandbox: await port(), temporal: await port(), postgres: await port() }
  const postgres = preparePostgres(join(folder, 'postgres'), ports.postgres, { durable: true })
  const { path: temporalProgram } = await findTemporal({ dataFolder: join(repository, '.nolimbo') })
  const proxies = {
    temporal: await NetworkLink.start(ports.temporal),
    postgres: await NetworkLink.start(ports.postgres),
    sandbox: await NetworkLink.start(ports.sandbox),
  }
  const apiUrl = `http://127.0.0.1:${ports.api}`
  const sandboxUrl = `http://127.0.0.1:${ports.sandbox}`
  const temporalAddress = `127.0.0.1:${ports.temporal}`
  const databaseUrl = postgres.url('nolimbo')
  mkdirSync(join(folder, 'sandbox'), { recursive: true })
  const env = {
    ...process.env,
    PORT: `${ports.api}`,
    HOST: '127.0.0.1',
    TEMPORAL_ADDRESS: `127.0.0.1:${proxies.temporal.port}`,
    DATABASE_URL: databaseUrl.replace(`:${ports.postgres}/`, `:${proxies.postgres.port}/`),
    NOLIMBO_DATA: folder,
    NOLIMBO_PROCESSES: join(repository, 'processes'),
    SANDBOX_URL: `http://127.0.0.1:${proxies.sandbox.port}`,
    SANDBOX_PORT: `${ports.sandbox}`,
    SANDBOX_DATA: join(folder, 'sandbox'),
    SANDBOX_CALLBACK_URL: apiUrl,
  }
  const part = (name: Victim, command: string, args: readonly string[], ready: () => Promise<void>) =>
    new KillablePart(
      name,
      () =>
        spawnPart({
          name,
          kind: 'guarded',
          command,
          args,
          env,
          onLine: line => log(`[${name}] ${line.slice(0, 300)}`),
        }),
      ready,
    )
  const node = (file: string) => [process.execPath, [join(repository, file)]] as const
  const answers = (url: string) => () => untilHttpAnswers(url)
  const temporalArgs = ['server', 'start-dev', '--ip', '127.0.0.1', '--port', `${ports.temporal}`, '--headless']
  const parts = {
    postgres: part('postgres', postgres.command, postgres.args, () => untilPostgresAnswers(postgres.url('postgres'))),
    temporal: part(
      'temporal',
      temporalProgram,
      [...temporalArgs, '--db-filename', join(folder, 'temporal.db'), '--log-level', 'never'],
      () => untilTemporalAnswers(temporalAddress, 'default', 60_000, new AbortController().signal),
    ),
    sandbox: part('sandbox', ...node('connectors/sandbox/main.ts'), answers(`${sandboxUrl}/ledger`)),
    worker: part('worker', ...node('worker/main.ts'), async () => {}),
    api: part('api', ...node('api/main.ts'), answers(`${apiUrl}/healthz`)),
  }
  await parts.postgres.start()
  await askPostgres(postgres.url('postgres'), 'create database nolimbo')
  await Promise.all([parts.temporal.start(), parts.sandbox.start()])
  await parts.api.start()
  await parts.worker.start()
  return {
    parts,
    proxies,
    apiUrl,
    sandboxUrl,
    databaseUrl,
    temporalAddress,
    async stop() {
      for (const name of ['worker', 'api', 'sandbox', 'temporal', 'postgres'] as const) await parts[name].stop()
      for (const proxy of Object.values(proxies)) proxy.close()
    },
  }
}

async function untilHttpAnswers(url: string, limitMs = 60_000): Promise<void> {
  for (const giveUpAt = Date.now() + limitMs; ; ) {
    try {
      if ((await fetch(url, { signal: AbortSignal.timeout(2_000) })).ok) return
    } catch {
      // Not yet.
    }
    if (Date.now() > giveUpAt) throw new Error(`${url} does not answer`)
    await new Promise(resolve => setTimeout(resolve, 100))
  }
}
