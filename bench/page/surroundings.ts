import { readFileSync } from 'node:fs'
import { cpus, loadavg, totalmem } from 'node:os'
import { join } from 'node:path'

const root = join(import.meta.dirname, '../..')

/** Where and when something was measured, as the list that ends a section. */
export function surroundings({
  server,
  store,
  extent,
}: {
  readonly server: string
  readonly store: string
  readonly extent: string
}): string {
  return [
    extent,
    `Server: ${server}; store: ${store}`,
    `nolimbo ${versionOf('.')}; SDK: TypeScript ${versionOf('node_modules/@temporalio/client')}; Node ${process.version}`,
    `Machine: ${cpus().length} cores, ${cpus()[0]?.model.trim()}, ${Math.round(totalmem() / 2 ** 30)} GB; load ${loadavg()[1]!.toFixed(1)} over five minutes: where that is more than the cores, other work had its share, and times say little`,
    `Date: ${new Date().toISOString().slice(0, 10)}`,
  ]
    .map(line => `- ${line}`)
    .join('\n')
}

function versionOf(folder: string): string {
  return (JSON.parse(readFileSync(join(root, folder, 'package.json'), 'utf8')) as { version: string }).version
}
