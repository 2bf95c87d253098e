/**
 * For `npm test`, once before its processes begin: what each of them would otherwise download or bundle for itself.
 */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
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
  rmSync(folder, { recursive: true })
}
