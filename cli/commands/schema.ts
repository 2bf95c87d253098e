import { mkdirSync, writeFileSync } from 'node:fs'
import { dirname } from 'node:path'
import { fileURLToPath } from 'node:url'
import { definitionJsonSchema } from '../../domain/definition/definition-json-schema.ts'

export const schemaFile = fileURLToPath(new URL('../../docs/generated/definition.schema.json', import.meta.url))

export function schemaText(): string {
  return `${JSON.stringify(definitionJsonSchema(), null, 2)}\n`
}

/** `nolimbo schema`: prints the JSON Schema of process definitions, or writes it to `docs/generated/`. */
export function run(args: readonly string[]): number {
  if (args.length > 1 || (args.length === 1 && args[0] !== '--write')) {
    console.error('usage: nolimbo schema [--write]')
    return 2
  }
  if (args.length === 0) {
    process.stdout.write(schemaText())
    return 0
  }
  mkdirSync(dirname(schemaFile), { recursive: true })
  writeFileSync(schemaFile, schemaText())
  return 0
}
