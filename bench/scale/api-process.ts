import { join } from 'node:path'
import { spawnPart } from '../../cli/spawn-part.ts'
import { freePort } from '../../cli/temporal/port.ts'

export interface ApiProcess {
  readonly url: string
  readonly stop: () => Promise<void>
}

const repository = join(import.meta.dirname, '../..')
const patienceMs = 120_000

/** `npm run api` as in production, but for its demo keys: with its sweep and its watchdog. */
export async function startApiProcess(databaseUrl: string, temporalAddress: string): Promise<ApiProcess> {
  const port = await freePort('127.0.0.1', 0, 'the API', '')
  const api = await spawnPart({
    name: 'api',
    kind: 'guarded',
    command: process.execPath,
    args: [join(repository, 'api/main.ts')],
    env: {
      ...process.env,
      ...{ PORT: `${port}`, HOST: '127.0.0.1', TEMPORAL_ADDRESS: temporalAddress, DATABASE_URL: databaseUrl },
      // Nothing is called; the connector that comes with nolimbo needs it to be named.
      ...{ NOLIMBO_PROCESSES: join(repository, 'processes'), SANDBOX_URL: 'http://127.0.0.1:9' },
      NOLIMBO_RATE_LIMIT: '10000000',
    },
    onLine: () => {},
  })
  const url = `http://127.0.0.1:${port}`
  try {
    await untilAnswers(url, api.lastLines)
  } catch (error) {
    await api.stop()
    throw error
  }
  return {
    url,
    async stop() {
      await api.stop()
    },
  }
}

async function untilAnswers(url: string, lastLines: () => readonly string[]): Promise<void> {
  for (const giveUpAt = Date.now() + patienceMs; ; ) {
    const answers = await fetch(`${url}/healthz`).then(
      ({ ok }) => ok,
      () => false,
    )
    if (answers) return
    if (Date.now() > giveUpAt) throw new Error(`the API did not start; it wrote:\n${lastLines().join('\n')}`)
    await new Promise(resolve => setTimeout(resolve, 100))
  }
}
