import assert from 'node:assert/strict'
import { readdirSync, readFileSync } from 'node:fs'
import { schemaFile, schemaText } from '../../../cli/commands/schema.ts'

describe('the JSON Schema of definitions', () => {
  it('[U] is up to date: run "node cli/main.ts schema --write"', () => {
    assert.equal(readFileSync(schemaFile, 'utf8'), schemaText())
  })

  it('[U] knows what a definition must have and refuses what nobody knows', () => {
    const schema = JSON.parse(schemaText())
    assert.deepEqual(schema.required, ['process', 'version', 'title', 'owner', 'calendar', 'steps'])
    assert.equal(schema.additionalProperties, false)
    assert.equal(schema.$schema, 'https://json-schema.org/draft/2020-12/schema')
  })

  it('[U] is named by every definition that comes with the project', () => {
    const line = '# yaml-language-server: $schema=../docs/generated/definition.schema.json'
    for (const name of readdirSync('processes').filter(name => name.endsWith('.yaml'))) {
      const text = readFileSync(`processes/${name}`, 'utf8')
      if (/^process:/m.test(text)) assert.ok(text.startsWith(`${line}\n`), name)
    }
  })
})
