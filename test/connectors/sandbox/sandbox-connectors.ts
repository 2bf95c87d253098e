import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { parse } from 'yaml'
import { connectorsDescription } from '../../../connectors/description.ts'
import { type Connectors, createConnectors } from '../../../connectors/registry.ts'

const file = join(import.meta.dirname, '../../../processes/connectors.yaml')

/** Those of the processes folder, with a sandbox behind them. */
export function sandboxConnectors(url: string): Connectors {
  return createConnectors(connectorsDescription.parse(parse(readFileSync(file, 'utf8'))), { SANDBOX_URL: url })
}
