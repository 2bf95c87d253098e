import { createHash } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { stateSchemaVersion } from '../../domain/core/events/upcast.ts'

const { version } = JSON.parse(readFileSync(new URL('../../package.json', import.meta.url), 'utf8')) as {
  version: string
}

/**
 * Names the workflows' code: `0.1.0-s1-<hash>`. The same code has the same name wherever it is bundled, and what else
 * a release changes (routes, connectors, store) is none of an order's business. `s1`: the schema version of the states
 * that it writes, so that no order is moved to code that cannot read its state.
 */
export function buildIdOf({ code }: { readonly code: string }): string {
  const [script = ''] = code.split('//# sourceMappingURL=')
  const hash = createHash('sha256').update(script).digest('hex').slice(0, 12)
  return `${version}-s${stateSchemaVersion}-${hash}`
}

/** Undefined: a build id that somebody chose. */
export function schemaVersionOf(buildId: string): number | undefined {
  const said = /^.+-s(\d+)-[0-9a-f]{12}$/.exec(buildId)?.[1]
  return said === undefined ? undefined : Number(said)
}
