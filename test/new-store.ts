import { cpSync, mkdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import type { StoreOptions } from '../store/connection/connect.ts'
import { openStore, type Store } from '../store/open-store.ts'

/* PGlite takes seconds to make a database; `prepare.ts` has made one for all tests of a run, and these are copies of it. */

/** Names its folder. */
export const STORE_TEMPLATE = 'NOLIMBO_TEST_STORE'

/** An empty store that is kept nowhere. */
export function memory(): StoreOptions {
  const folder = process.env[STORE_TEMPLATE]
  const template = folder === undefined ? {} : { template: new Blob([readFileSync(join(folder, 'pglite.tar'))]) }
  return { dataFolder: 'memory://', ...template }
}

export function memoryStore(): Promise<Store> {
  return openStore(memory())
}

/** An empty store in a data folder, as the first program that opens it there would make it. */
export function putStoreInto(dataFolder: string): void {
  const folder = process.env[STORE_TEMPLATE]
  if (folder === undefined) return
  mkdirSync(join(dataFolder, 'store'), { recursive: true })
  cpSync(join(folder, 'pglite'), join(dataFolder, 'store/pglite'), { recursive: true })
}
