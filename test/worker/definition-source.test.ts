import assert from 'node:assert/strict'
import { join } from 'node:path'
import { loadProcesses } from '../../config/processes.ts'
import type { DefinitionRow } from '../../store/definitions.ts'
import { definitionSource } from '../../worker/definition-source.ts'

describe('the definition that a journal is projected with', () => {
  const processes = loadProcesses(join(import.meta.dirname, '../../processes'))
  const sales = processes.definitions.find(({ definition }) => definition.process === 'sales')!

  /** A store with one definition, published by an organisation. */
  const published = (row: Partial<DefinitionRow>) => {
    const asked: string[] = []
    const source = definitionSource(processes, {
      getDefinition: async (organisation, id, version) => {
        asked.push(`${organisation}/${id}@${version}`)
        const found = row.organisation === organisation && row.processId === id && row.version === version
        return found ? (row as DefinitionRow) : null
      },
    })
    return { asked, source }
  }

  it('[U] is the one that was loaded at start, without asking the store', async () => {
    const { asked, source } = published({})
    assert.equal(await source({ organisation: 'main', id: 'sales', version: 1 }), sales.compiled)
    assert.deepEqual(asked, [])
  })

  it('[U] or one that was published since: asked for and compiled once', async () => {
    const document = { ...sales.definition, version: 7 }
    const { asked, source } = published({ organisation: 'main', processId: 'sales', version: 7, document })
    const first = await source({ organisation: 'main', id: 'sales', version: 7 })
    assert.equal(first.version, 7)
    assert.equal(await source({ organisation: 'main', id: 'sales', version: 7 }), first)
    assert.deepEqual(asked, ['main/sales@7'])
  })

  it('[U] is never that of another organisation, and an unknown one is named', async () => {
    const document = { ...sales.definition, version: 7 }
    const { source } = published({ organisation: 'main', processId: 'sales', version: 7, document })
    await source({ organisation: 'main', id: 'sales', version: 7 })
    await assert.rejects(source({ organisation: 'branch', id: 'sales', version: 7 }), /process "sales" version 7/)
  })
})
