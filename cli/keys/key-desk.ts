import { userInfo } from 'node:os'
import { createKey, keyBody } from '../../api/auth/manage-keys.ts'
import { type CreatedKeyBody, type KeyBody, type NewKey, newKeySchema } from '../../api/schemas/key-schemas.ts'
import { type Environment, readEnvironment } from '../../config/environment.ts'
import { loadSurroundings } from '../../config/processes.ts'
import { keepDirectory } from '../../store/kept-directory.ts'
import { openStore } from '../../store/open-store.ts'
import { FolderInUse } from '../../store/store-error.ts'

/** Where keys are made: a running API, or the store itself. Any call may throw an Error that says what to do. */
export interface KeyDesk {
  create(asked: NewKey): Promise<CreatedKeyBody>
  list(): Promise<readonly KeyBody[]>
  revoke(id: string): Promise<KeyBody>
  close(): Promise<void>
}

/** With an admin's key, the API on HOST and PORT; without one, the store. */
export async function openKeyDesk(organisation: string, adminKey: string | undefined): Promise<KeyDesk> {
  const environment = readEnvironment(process.env)
  return adminKey === undefined ? storeDesk(environment, organisation) : apiDesk(environment, adminKey)
}

function apiDesk({ host, port }: Environment, adminKey: string): KeyDesk {
  const url = `http://${host.includes(':') ? `[${host}]` : host}:${port}`
  const ask = async (method: string, path: string, body?: object): Promise<unknown> => {
    const headers = { authorization: `Bearer ${adminKey}`, ...(body && { 'content-type': 'application/json' }) }
    const init = { method, headers, ...(body && { body: JSON.stringify(body) }) }
    const response = await fetch(`${url}${path}`, init).catch(() => {
      throw new Error(`the API does not answer at ${url}: without NOLIMBO_KEY the store is asked instead`)
    })
    const answer = (await response.json()) as { detail?: string }
    if (!response.ok) throw new Error(answer.detail ?? `the API answered ${response.status}`)
    return answer
  }
  return {
    create: async asked => (await ask('POST', '/api/keys', asked)) as CreatedKeyBody,
    async list() {
      const all: KeyBody[] = []
      for (let cursor: string | null = ''; cursor !== null; ) {
        const page = (await ask('GET', `/api/keys?limit=200&cursor=${encodeURIComponent(cursor)}`)) as KeyPage
        all.push(...page.items)
        cursor = page.nextCursor
      }
      return all
    },
    revoke: async id => (await ask('DELETE', `/api/keys/${encodeURIComponent(id)}`)) as KeyBody,
    close: async () => {},
  }
}

interface KeyPage {
  readonly items: readonly KeyBody[]
  readonly nextCursor: string | null
}

async function storeDesk(environment: Environment, organisation: string): Promise<KeyDesk> {
  const { databaseUrl, dataFolder, processesFolder } = environment
  const store = await openStore({ dataFolder, ...(databaseUrl === undefined ? {} : { databaseUrl }) }).catch(error => {
    if (!(error instanceof FolderInUse)) throw error
    throw new Error(
      `nolimbo runs on this data folder (process ${error.holderPid ?? 'unknown'}): set NOLIMBO_KEY to the key of an ` +
        'admin to go through its API, or stop it for a moment',
    )
  })
  const now = () => new Date().toISOString()
  const by = `cli:${userInfo().username}`
  return {
    async create(asked) {
      const directory = await keepDirectory(store, loadSurroundings(processesFolder).directory).today()
      const read = newKeySchema.safeParse(asked)
      if (!read.success) throw new Error(read.error.issues.map(({ path, message }) => `${path}: ${message}`).join('; '))
      return createKey(store, directory, read.data, { organisation, by, now: now() })
    },
    async list() {
      const all: KeyBody[] = []
      for (let cursor: string | null | undefined; cursor !== null; ) {
        const page = await store.listApiKeys({ organisation, limit: 200, ...(cursor && { cursor }) })
        all.push(...page.items.map(keyBody))
        cursor = page.nextCursor
      }
      return all
    },
    async revoke(id) {
      const row = await store.revokeApiKey(organisation, id, by, now())
      if (row === null) throw new Error(`the organisation "${organisation}" has no key "${id}"`)
      return keyBody(row)
    },
    close: () => store.close(),
  }
}
