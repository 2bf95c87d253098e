import pg from 'pg'
import { openStore, type Store } from '../../store/open-store.ts'
import { afterAllFiles } from '../all-files.ts'
import { memoryStore } from '../new-store.ts'
import { sharedPostgres, whyNoPostgres } from '../postgres.ts'

export interface Backend {
  readonly name: 'PGlite' | 'PostgreSQL'
  /** One store for all test files, opened by the first; each test takes an organisation of its own. */
  readonly store: () => Store
}

const opened: Partial<Record<Backend['name'], Promise<Store>>> = {}

async function openOn(name: Backend['name']): Promise<Store> {
  if (name === 'PGlite') return memoryStore()
  return openStore({ databaseUrl: await (await sharedPostgres()).createDatabase(), dataFolder: '' })
}

/** The same suite on the embedded store and on a real server. */
export function onEachBackend(title: string, suite: (backend: Backend) => void): void {
  for (const name of ['PGlite', 'PostgreSQL'] as const) {
    describe(`${title} on ${name}`, () => {
      const why = name === 'PostgreSQL' ? whyNoPostgres() : null
      if (why !== null) {
        it.skip(`[I] skipped: ${why}`)
        return
      }
      let store: Store
      before(async function () {
        this.timeout(60_000)
        opened[name] ??= openOn(name)
        store = await opened[name]
      })
      suite({ name, store: () => store })
    })
  }
}

let organisations = 0

/** One that no other test uses. */
export function newOrganisation(): string {
  organisations += 1
  return `org-${organisations}`
}

/** Past the store, as somebody with a database client would. */
export async function rawQuery(databaseUrl: string, text: string): Promise<unknown[]> {
  const client = new pg.Client({ connectionString: databaseUrl })
  await client.connect()
  try {
    return (await client.query(text)).rows
  } finally {
    await client.end()
  }
}

afterAllFiles('close the stores', async () => {
  for (const store of Object.values(opened)) await (await store.catch(() => null))?.close()
})
