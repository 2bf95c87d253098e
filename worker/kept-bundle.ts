import { createHash } from 'node:crypto'
import { existsSync, mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { bundleWorkflows } from './start-worker.ts'

interface KeptBundle {
  /** The files that it was made of, from the repository's root. */
  readonly modules: readonly string[]
  readonly fingerprint: string
  readonly code: string
}

const repository = fileURLToPath(new URL('..', import.meta.url))
/** What decides how modules become a script. */
const bundler = [
  createRequire(import.meta.url).resolve('@temporalio/worker/package.json'),
  fileURLToPath(new URL('start-worker.ts', import.meta.url)),
]

/**
 * The workflows as one script: the one that an earlier start has left in the data folder, as long as every file that it
 * was made of is as it was; else bundled anew. Bundling takes seconds in which a worker that was killed is not back.
 */
export async function keptBundle(dataFolder: string): Promise<{ readonly code: string }> {
  const file = join(dataFolder, 'workflows.json')
  const kept = read(file)
  if (kept !== undefined && kept.fingerprint === fingerprintOf(kept.modules)) return kept
  const { code } = await bundleWorkflows()
  const modules = modulesOf(code)
  keep(dataFolder, file, { modules, fingerprint: fingerprintOf(modules), code })
  return { code }
}

function read(file: string): KeptBundle | undefined {
  try {
    return JSON.parse(readFileSync(file, 'utf8'))
  } catch {
    // There is none, or none that can be read: it is made.
    return undefined
  }
}

/** Whole or not at all; where the data folder cannot be written each start bundles. */
function keep(dataFolder: string, file: string, bundle: KeptBundle): void {
  const written = `${file}.${process.pid}`
  try {
    mkdirSync(dataFolder, { recursive: true })
    writeFileSync(written, JSON.stringify(bundle))
    renameSync(written, file)
  } catch (error) {
    console.error(`the workflows' script is not kept: ${(error as Error).message}`)
  }
}

/** As webpack names them; what it makes itself is no file. */
function modulesOf(code: string): string[] {
  const named = [...code.matchAll(/^\/\*\*\*\/ "([^"]+)":?/gm)].map(match => match[1]!)
  return [...new Set(named)].filter(name => existsSync(join(repository, name)))
}

export function fingerprintOf(modules: readonly string[]): string {
  const hash = createHash('sha256').update(repository)
  for (const file of [...bundler, ...modules.map(module => join(repository, module))])
    hash.update(`\0${file}\0`).update(existsSync(file) ? readFileSync(file) : '')
  return hash.digest('hex')
}
