/**
 * For `npm test`, once before its processes begin: what each of them would otherwise download or bundle for itself.
 */
import { chmodSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { PGlite } from '@electric-sql/pglite'
import { openStore } from '../store/open-store.ts'
import { bundleWorkflows } from '../worker/start-worker.ts'
import { STORE_TEMPLATE } from './new-store.ts'
import { temporalProgram } from './temporal-program.ts'
import { BUNDLE_FILE } from './workflow-bundle.ts'

/** Made for the run, not by each process that loads this file. */
let folder: string

export async function mochaGlobalSetup(): Promise<void> {
  folder = mkdtempSync(join(tmpdir(), 'nolimbo-test-run-'))
  // PostgreSQL runs under an account of its own.
  chmodSync(folder, 0o711)
  // Whatever a test leaves behind goes with the folder.
  process.env.TMPDIR = folder
  // Every program that the tests start is loaded sooner.
  process.env.NODE_COMPILE_CACHE = join(folder, 'compiled')
  await Promise.all([bundle(), makeStore(), temporalProgram()])
}

async function bundle(): Promise<void> {
  const file = join(folder, 'workflows.js')
  writeFileSync(file, (await bundleWorkflows()).code)
  process.env[BUNDLE_FILE] = file
}

async function makeStore(): Promise<void> {
  await (await openStore({ dataFolder: folder })).close()
  const database = await PGlite.create(join(folder, 'store/pglite'))
  const dump = await database.dumpDataDir('none')
  await database.close()
  writeFileSync(join(folder, 'store/pglite.tar'), Buffer.from(await dump.arrayBuffer()))
  process.env[STORE_TEMPLATE] = join(folder, 'store')
}

export function mochaGlobalTeardown(): void {
  // Servers that end with the last process may still write, for a moment.
  rmSync(folder, { recursive: true, force: true, maxRetries: 20, retryDelay: 100 })
}
